"""The ASGI application: reads a request whole, runs it in one transaction, sends the answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from server_sync.embedded_erp.calls import Call, Reply, Request
from server_sync.embedded_erp.errors import ErpError, html_failure, row_is_locked
from server_sync.embedded_erp.faults import ConnectionLost, Fault, Faults
from server_sync.embedded_erp.granting import load_custom_permissions
from server_sync.embedded_erp.meta import DocType
from server_sync.embedded_erp.metadata import mirror_doctypes
from server_sync.embedded_erp.outstanding import refresh_overdue
from server_sync.embedded_erp.routes import is_v2, route
from server_sync.embedded_erp.sessions import GUEST_USER
from server_sync.embedded_erp.settings import ErpSiteSettings
from server_sync.embedded_erp.shapes import error_reply, html_500, html_error
from server_sync.embedded_erp.site import Site
from server_sync.embedded_erp.webhooks import (
    Deliver,
    Sleep,
    drain,
    queue_events,
    refresh_listeners,
)

_TOO_LONG = (
    "<html>\n<head><title>414 Request-URI Too Large</title></head>\n<body>\n"
    "<center><h1>414 Request-URI Too Large</h1></center>\n<hr><center>nginx</center>\n"
    "</body>\n</html>\n"
)
_dump = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


class EmbeddedErp:
    """One site as an ASGI app. `site` gives tests its database, `faults` their trouble."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._turn = asyncio.Lock()
        refresh_listeners(site)

    @property
    def faults(self) -> Faults:
        """The trouble switches."""
        return self.site.faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer HTTP and lifespan events."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        assert scope["type"] == "http", "the site speaks HTTP only"
        reply = self._too_large(scope)
        if reply is None:
            body = await HttpRequest(scope, receive).body()
            reply = await self._answer_held(_request(scope, body))
        await _response(reply)(scope, receive, send)

    def answer(self, request: Request, *, pinned: str | None = None) -> Reply:
        """Answer one request, synchronously; `pinned` is the stamp of a late commit."""
        v2 = is_v2(request.path)
        call = Call(self.site, GUEST_USER, pinned)
        fault = self.faults.pending = self.faults.take(request)
        try:
            self._check_switches()
            call.user = self.site.acting(self.site.sessions.user_of(request))
            self._before(fault, request)
            reply = self._run(call, request)
        except ErpError as error:
            return error_reply(self.site, error, v2=v2, call=call)
        return self._after(call, request, fault, reply)

    def begin(self, request: Request) -> LateWrite:
        """Start a write that commits later: stamped now, invisible, its document locked."""
        return LateWrite(self, request)

    async def drain_webhooks(self, deliver: Deliver, sleep: Sleep) -> int:
        """Work off the webhook queue; returns how many calls were given up."""
        return await drain(self.site, deliver, sleep, turn=self._turn)

    def run_daily(self) -> int:
        """The daily scheduler: overdue invoices; returns how many changed."""
        if "Sales Invoice" not in self.site.forms:
            return 0
        with self.site.db.transaction():
            return refresh_overdue(Call(self.site, GUEST_USER))

    def backup(self, to: Path | str) -> None:
        """Write a consistent copy of the site."""
        self.site.db.backup(to)

    def image(self) -> bytes:
        """Everything the site holds, for `create_embedded_erp` to start another one from."""
        return self.site.db.image()

    def restore(self, source: Path | str) -> None:
        """Replace the site's data by a copy."""
        self.site.db.restore(source)
        self._read_anew()

    def quick_check(self) -> list[str]:
        """What is wrong with the file; an empty list is good news."""
        return self.site.db.quick_check()

    def close(self) -> None:
        """Close the database."""
        self.site.db.close()

    async def _answer_held(self, request: Request) -> Reply:
        """Answer, or wait with the commit of a held write while its stamp grows old."""
        held = self.faults.take_hold(request)
        if held is None:
            return await self._answer_in_turn(request)
        late = self.begin(request)
        await held.released.wait()
        return late.commit()

    async def _answer_in_turn(self, request: Request) -> Reply:
        if not self.site.settings.offload:
            return self.answer(request)
        async with self._turn:
            return await run_in_threadpool(self.answer, request)

    def _run(self, call: Call, request: Request) -> Reply:
        if request.method == "GET":
            return route(call, request)
        try:
            with self.site.db.transaction():
                return route(call, request)
        finally:
            if self.site.is_moving:
                self._read_anew()

    def _read_anew(self) -> None:
        """What memory holds of the database: after a restore, and whatever became of a change."""
        self.site.read_anew()
        load_custom_permissions(self.site)
        refresh_listeners(self.site)

    def _check_switches(self) -> None:
        if self.faults.outage:
            raise ErpError(503, "SessionStopped", throws=False, traced=False)
        if self.faults.retry_after_s is not None:
            wait = str(self.faults.retry_after_s)
            headers = {"retry-after": wait, "x-ratelimit-reset": wait}
            headers |= {"x-ratelimit-limit": "200000", "x-ratelimit-remaining": "0"}
            raise ErpError(429, "TooManyRequestsError", throws=False, traced=False, headers=headers)

    def _before(self, fault: Fault | None, request: Request) -> None:
        if fault is Fault.HTML_500_BEFORE:
            raise html_failure()
        if fault is Fault.LOCKED:
            raise row_is_locked(_target(request)[0], self.site.flavour)

    def _after(self, call: Call, request: Request, fault: Fault | None, reply: Reply) -> Reply:
        """After the commit: webhooks are queued, and then things may still go wrong."""
        if request.method != "GET" and "Webhook" in request.path:
            refresh_listeners(self.site)
        if call.events and not self.faults.drop_webhooks:
            queue_events(call, call.events)
        if fault is Fault.CONNECTION_LOST_AFTER_COMMIT:
            raise ConnectionLost("the connection broke after the commit")
        if fault is Fault.HTML_500_AFTER_COMMIT or call.breaks_after_commit:
            return html_500()
        return reply

    def _too_large(self, scope: Scope) -> Reply | None:
        settings = self.site.settings
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > settings.url_bytes_max:
            return Reply(status=414, content=_TOO_LONG.encode(), content_type="text/html")
        for name, value in scope["headers"]:
            if name == b"content-length" and int(value) > settings.request_bytes_max:
                sentence = "The data value transmitted exceeds the capacity limit."
                return html_error(413, "Request Entity Too Large", sentence)
        return None


class LateWrite:
    """A write in an open transaction: others neither see it nor may touch its document."""

    def __init__(self, erp: EmbeddedErp, request: Request) -> None:
        self.stamp = erp.site.now()
        self._erp, self._request, self._target = erp, request, _target(request)
        erp.site.held_rows.add(self._target)

    def commit(self) -> Reply:
        """Store it, with the stamp of its beginning."""
        self._erp.site.held_rows.discard(self._target)
        return self._erp.answer(self._request, pinned=self.stamp)


def create_embedded_erp(
    database: Path | str,
    *,
    doctypes: Sequence[DocType],
    clock: Callable[[], datetime],
    entropy: Callable[[int], bytes],
    settings: ErpSiteSettings,
    image: bytes | None = None,
) -> EmbeddedErp:
    """Open or make a site.

    `database` is a file or ":memory:"; `clock` gives aware UTC moments; `entropy(n)` gives n random
    bytes. Doctypes are added to what the file already knows. A site in memory may start from the
    `image` of another one, which spares making all its tables again.
    """
    site = Site(
        database, doctypes=doctypes, clock=clock, entropy=entropy, settings=settings, image=image
    )
    mirror_doctypes(site, site.changed_doctypes)
    load_custom_permissions(site)
    return EmbeddedErp(site)


def _request(scope: Scope, body: bytes) -> Request:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    raw = scope.get("raw_path") or b""
    path = unquote(raw.partition(b"?")[0].decode("ascii")) if raw else str(scope["path"])
    return Request(scope["method"], path, scope["query_string"].decode("ascii"), headers, body)


def _response(reply: Reply) -> Response:
    content = reply.content if reply.body is None else _dump(reply.body).encode()
    return Response(
        content, status_code=reply.status, headers=reply.headers, media_type=reply.content_type
    )


def _target(request: Request) -> tuple[str, str]:
    """Doctype and name that a write addresses, as far as the path tells."""
    parts = request.path.strip("/").split("/")
    names = parts[3:5] if parts[1:2] == ["v2"] else parts[2:4]
    return (names[0], names[1]) if len(names) > 1 else ("", "")


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        event = await receive()
        await send({"type": f"{event['type']}.complete"})
        if event["type"] == "lifespan.shutdown":
            return
