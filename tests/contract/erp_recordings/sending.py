"""Sending recorded requests to a site, in process."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Final
from urllib.parse import quote, urlencode

from server_sync.embedded_erp import EmbeddedErp
from server_sync.embedded_erp.calls import Reply, Request
from server_sync.embedded_erp.webhook_queue import Delivery
from server_sync.embedded_erp.webhooks import WebhookAnswer
from tests.contract.erp_recordings.recorded_site import ACTORS, Clock
from tests.contract.erp_recordings.recordings import Json, Recording

PICTURE: Final = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0d" + bytes(range(68))
"""Eighty bytes: the size and the first bytes of the recorded upload."""
_STAMP: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}")
_BOUNDARY: Final = "recorded-boundary"
_PASSWORD: Final = {"auth_login_success": "right"}


class Sender:
    """Sends requests, with the clock where the recording had it."""

    def __init__(self, erp: EmbeddedErp, clock: Clock) -> None:
        self.erp = erp
        self.clock = clock
        self._sid = ""
        self._csrf = ""

    def __call__(self, wanted: Recording, *, at: str | None = None) -> Reply:
        """Send what `wanted` sent."""
        stamp = at or stamp_of(wanted)
        if stamp:
            self.clock.put(stamp)
        request = dict(wanted.request)
        if request["body_type"] == "form":
            secret = _PASSWORD.get(wanted.name, "wrong")
            request["body"] = {**request["body"], "pwd": secret}
        return self.request(request, wanted.actor)

    def request(self, recorded: dict[str, Json], actor: str) -> Reply:
        """Send a request as a recording writes it down."""
        headers = self._headers(recorded, actor)
        body = _body(recorded)
        query = urlencode(recorded.get("query") or {}, quote_via=quote)
        return self.erp.answer(Request(recorded["method"], recorded["path"], query, headers, body))

    def login(self, email: str) -> None:
        """Open a password session."""
        body = urlencode({"usr": email, "pwd": "right"}).encode()
        headers = {"content-type": "application/x-www-form-urlencoded"}
        reply = self.erp.answer(Request("POST", "/api/method/login", "", headers, body))
        self._sid = reply.headers["set-cookie"].partition(";")[0]

    def open_desk(self) -> None:
        """Open a desk page, which gives the session a CSRF token."""
        page = self.erp.answer(Request("GET", "/desk", "", {"cookie": self._sid})).content.decode()
        self._csrf = page.split('"')[-2]

    def fail_webhooks(self, text: str) -> list[Delivery]:
        """Let every waiting delivery fail; returns the tries."""
        tries: list[Delivery] = []

        async def refuse(delivery: Delivery) -> WebhookAnswer:
            tries.append(delivery)
            return WebhookAnswer(500, text)

        async def no_sleep(_seconds: float) -> None:
            return None

        asyncio.run(self.erp.drain_webhooks(refuse, no_sleep))
        return tries

    def _headers(self, recorded: dict[str, Json], actor: str) -> dict[str, str]:
        sent = {key.lower(): value for key, value in (recorded["headers"] or {}).items()}
        headers = {}
        if "content-type" in sent:
            headers["content-type"] = sent["content-type"]
        if recorded["body_type"] == "multipart":
            headers["content-type"] = f"multipart/form-data; boundary={_BOUNDARY}"
        if "authorization" in sent:
            user = ACTORS.get(actor)
            token = f"{user.api_key}:{user.api_secret}" if user else "no:body"
            headers["authorization"] = f"token {token}"
        if "<sid>" in sent.get("cookie", ""):
            headers["cookie"] = self._sid
        if "x-frappe-csrf-token" in sent:
            headers["x-frappe-csrf-token"] = self._csrf
        return headers


def stamp_of(wanted: Recording) -> str | None:
    """The moment of a recorded write, read off its answer."""
    if wanted.request["method"] == "GET" or not isinstance(wanted.body, dict):
        return None
    body = wanted.body
    documents = body.get("docs") or [body.get("data") or body.get("message")]
    if isinstance(documents[0], dict) and "modified" in documents[0]:
        return str(documents[0]["modified"])
    found = _STAMP.findall(json.dumps(body))
    return found[1] if len(found) > 1 else None


def _body(recorded: dict[str, Json]) -> bytes:
    body: Json = recorded.get("body")
    match recorded["body_type"]:
        case "json":
            return json.dumps(body).encode()
        case "form":
            return urlencode(body).encode()
        case "raw":
            return str(body).encode()
        case "multipart":
            return _multipart(body)
        case _:
            return b""


def _multipart(body: dict[str, Json]) -> bytes:
    file = body["files"]["file"]
    content = PICTURE if file["bytes"] == len(PICTURE) else b"\0" * file["bytes"]
    parts = [
        f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode()
        for name, value in body["fields"].items()
    ]
    disposition = f'Content-Disposition: form-data; name="file"; filename="{file["filename"]}"'
    kind = f"Content-Type: {file['content_type']}"
    parts.append(f"{disposition}\r\n{kind}\r\n\r\n".encode() + content)
    lines = b"".join(b"--" + _BOUNDARY.encode() + b"\r\n" + part + b"\r\n" for part in parts)
    return lines + b"--" + _BOUNDARY.encode() + b"--\r\n"
