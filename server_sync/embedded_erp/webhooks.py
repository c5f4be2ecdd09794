"""Webhooks: which ones an event concerns, what they send, and the worker that delivers.

Deliveries are queued after the commit and tried three times; then only a Webhook Request Log row
is left. Templates know `{{ doc.<field> }}` and `{{ doc.<field> | tojson }}`, nothing else of Jinja.
"""

# ruff: noqa: S608 - table and column names come from doctype definitions; values are bound.

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from server_sync.embedded_erp.calls import Call, Event
from server_sync.embedded_erp.documents import find
from server_sync.embedded_erp.history import add_row
from server_sync.embedded_erp.meta import Row
from server_sync.embedded_erp.secrets_store import secret
from server_sync.embedded_erp.sessions import GUEST_USER
from server_sync.embedded_erp.site import Site
from server_sync.embedded_erp.webhook_queue import Delivery

WAITS_S = (0.0, 1.0, 4.0)
"""Pauses before the three tries: the recorded ones came 0.5, 1.6 and 5.6 s after the change."""
_CONDITION = re.compile(r"doc\.(\w+) != '([^']*)'")
_SIGNATURE = "X-Frappe-Webhook-Signature"
_PLACEHOLDER = re.compile(r"\{\{\s*doc\.(\w+)\s*(\|\s*tojson\s*)?\}\}")
_GOOD = range(200, 300)


@dataclass(frozen=True, slots=True)
class WebhookAnswer:
    """What the receiver said."""

    status: int
    text: str = ""


Deliver = Callable[[Delivery], Awaitable[WebhookAnswer]]
"""Sends one call. Raises OSError when the receiver cannot be reached."""
Sleep = Callable[[float], Awaitable[None]]


def refresh_listeners(site: Site) -> None:
    """Note which doctypes enabled webhooks are for; called after any Webhook was written."""
    table = site.form("Webhook").table
    sql = f"SELECT DISTINCT webhook_doctype FROM {table} WHERE enabled = 1"
    site.webhooks.doctypes = {row[0] for row in site.db.execute(sql)}


def queue_events(call: Call, events: Iterable[Event]) -> None:
    """Queue what a committed request has to tell."""
    site = call.site
    table = site.form("Webhook").table
    sql = (
        f"SELECT name, condition FROM {table} WHERE enabled = 1 AND webhook_doctype = ?"
        " AND webhook_docevent = ? ORDER BY creation"
    )
    for event in events:
        for name, condition in site.db.execute(sql, (event.doctype, event.name)).fetchall():
            if _is_met(condition, event.document):
                site.webhooks.put(_delivery(call, str(name), event))


def _is_met(condition: str | None, document: Row) -> bool:
    """Whether a document is told of; of Python, only a field that is not a text is understood."""
    asked = _CONDITION.fullmatch(condition or "")
    return asked is None or str(document.get(asked.group(1)) or "") != asked.group(2)


async def drain(site: Site, deliver: Deliver, sleep: Sleep, *, turn: asyncio.Lock) -> int:
    """Deliver everything that waits, in order; returns how many calls were given up.

    turn: held while a log is written, since requests may be worked on in a thread.
    """
    lost = 0
    while (delivery := site.webhooks.take()) is not None:
        text, error = await _try(delivery, deliver, sleep)
        async with turn:
            _log(site, delivery, text, error)
        lost += 1 if error else 0
    return lost


async def _try(delivery: Delivery, deliver: Deliver, sleep: Sleep) -> tuple[str, str]:
    error, text = "", ""
    for wait in WAITS_S:
        await sleep(wait)
        try:
            answer = await deliver(delivery)
        except OSError as failure:
            error = repr(failure)
            continue
        text, error = answer.text, "" if answer.status in _GOOD else f"HTTP {answer.status}"
        if not error:
            break
    return text, error


def _log(site: Site, delivery: Delivery, text: str, error: str) -> None:
    with site.db.transaction():
        add_row(
            Call(site, GUEST_USER),
            "Webhook Request Log",
            webhook=delivery.webhook,
            reference_document=delivery.document,
            url=delivery.url,
            user=delivery.user,
            headers=json.dumps(delivery.headers),
            data=delivery.body.decode(),
            response=text,
            error=error or None,
        )


def _delivery(call: Call, name: str, event: Event) -> Delivery:
    webhook = find(call.site, call.site.form("Webhook"), name)
    assert webhook is not None, "the webhook was selected a moment ago"
    values = webhook.values
    body = _body(values.get("webhook_json"), webhook.tables["webhook_data"], event.document)
    headers = {str(row["key"]): str(row["value"]) for row in webhook.tables["webhook_headers"]}
    if values["enable_security"]:
        key = secret(call, "Webhook", name, "webhook_secret").encode()
        digest = hmac.new(key, body, hashlib.sha256).digest()
        headers[_SIGNATURE] = base64.b64encode(digest).decode()
    return Delivery(
        webhook=name,
        document=str(event.document["name"]),
        user=call.user.email,
        method=str(values["request_method"] or "POST"),
        url=str(values["request_url"]),
        headers=headers,
        body=body,
        timeout_s=int(values["timeout"] or 5),
    )


def _body(template: str | None, fields: list[Row], document: Row) -> bytes:
    if template:
        text = _PLACEHOLDER.sub(lambda match: _filled(match, document), template)
        return json.dumps(json.loads(text)).encode()
    listed = {str(row["key"] or row["fieldname"]): document.get(row["fieldname"]) for row in fields}
    return json.dumps(listed or {"name": document["name"]}).encode()


def _filled(match: re.Match[str], document: Row) -> str:
    value = document.get(match.group(1))
    return json.dumps(value) if match.group(2) else _text(value)


def _text(value: object) -> str:
    """A value inside JSON quotes, as Jinja would print it, escaped for JSON."""
    return json.dumps(str(value))[1:-1]
