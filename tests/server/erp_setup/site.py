"""An ERP site behind a real socket, a receiver of its webhooks, and who sets it up."""

import asyncio
import itertools
import json
import secrets
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import unquote

from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, PlainTextResponse

from field_core.problems import ProblemError
from server_sync.compose import WithWorker
from server_sync.embedded_erp import (
    ConnectionLost,
    DocType,
    EmbeddedErp,
    ErpSiteSettings,
    ErpUser,
    create_embedded_erp,
)
from server_sync.embedded_erp.calls import Request
from server_sync.erp import Breaker, FrappeClient, Patience, bare_doctypes
from server_sync.erp.setup import Installer, webhooks
from server_sync.erp.webhook import SIGNATURE_HEADER, Hint, read_hint
from tests.server.http.serving import served

Json = Any
ADMIN: Final = ErpUser("admin@example.test", "Admin", api_key="admin", api_secret="one")
SERVICE: Final = ErpUser(
    "sync@example.test", "Sync", roles=("Desk User",), api_key="service", api_secret="two"
)
SECRET: Final = "a secret of more than enough characters"
START: Final = datetime(2026, 7, 14, 13, 0, tzinfo=UTC)


READS: Final = (
    *("get_list", "get_count", "get_logged_user", "ping", "get_versions"),
    *("has_permission", "get_time_zone"),
)
"""Methods that are called by POST and change nothing."""
TOUCHED: Final = (
    *("DocType", "DocField", "DocPerm", "Custom Field", "Custom DocPerm", "Role"),
    *("Property Setter", "Webhook", "Webhook Header", "Has Role", "User"),
)
"""Whatever setting up may write to."""


@dataclass
class Traffic:
    """What came in at the socket, and how many calls at once."""

    app: Callable[..., Awaitable[None]]
    calls: list[str] = field(default_factory=list)
    in_flight: int = 0
    in_flight_max: int = 0
    after: Callable[[str], None] = lambda _call: None
    """Told of each call before it is answered; may set what becomes of the answer."""
    breaks: str = ""
    """What the next answer is replaced by, the call having been carried out: `502`, or `cut`."""

    async def __call__(self, scope: Json, receive: Json, send: Json) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        call = f"{scope['method']} {unquote(scope['path'])}"
        self.calls.append(call)
        self.in_flight += 1
        self.in_flight_max = max(self.in_flight_max, self.in_flight)
        try:
            self.after(call)
            broken, self.breaks = self.breaks, ""
            await self.app(scope, receive, _swallow if broken else send)
            if broken == "cut":
                await _cut_short(send)
            elif broken:
                await HTMLResponse("<h1>Bad Gateway</h1>", status_code=502)(scope, receive, send)
        finally:
            self.in_flight -= 1

    def writes(self) -> list[str]:
        """Every call that may change something."""
        return [c for c in self.calls if not c.startswith("GET") and not c.endswith(READS)]


async def _cut_short(send: Json) -> None:
    """Begin an answer and break off: the connection is closed, the client has half of it."""
    headers = [(b"content-type", b"application/json"), (b"content-length", b"1000")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b'{"data": [', "more_body": True})
    raise ConnectionLost("cut on the way back")


async def _swallow(_message: Json) -> None:
    """Let an answer go nowhere."""


@dataclass
class Site:
    """One site on a port."""

    erp: EmbeddedErp
    traffic: Traffic
    ahead: timedelta = timedelta()
    """How far its clock runs ahead."""
    url: str = ""

    def ask(self, method: str, path: str, body: Json = None, user: ErpUser = ADMIN) -> Json:
        """Call the site past the socket; returns what it answers for good."""
        reply = self.erp.answer(
            Request(
                method,
                path,
                "",
                {
                    "authorization": f"token {user.api_key}:{user.api_secret}",
                    "content-type": "application/json",
                },
                json.dumps(body).encode() if body is not None else b"",
            )
        )
        assert reply.status < 300, reply.body
        assert reply.body is not None
        return reply.body.get("data", reply.body.get("message"))

    def get(self, doctype: str, name: str) -> Json:
        return self.ask("GET", f"/api/resource/{doctype}/{name}")

    def make(self, doctype: str, **values: Json) -> Json:
        return self.ask("POST", f"/api/resource/{doctype}", values)

    def change(self, doctype: str, name: str, **values: Json) -> Json:
        return self.ask("PUT", f"/api/resource/{doctype}/{name}", values)

    def rows(
        self, doctype: str, fields: Sequence[str] = ("name",), filters: Json = ()
    ) -> list[Json]:
        body = {"doctype": doctype, "fields": [*fields], "filters": [*filters], "limit": 0}
        found: list[Json] = self.ask("POST", "/api/method/frappe.client.get_list", body)
        return found

    def everything(self) -> dict[str, list[Json]]:
        """All that setting up touches, stamps included."""
        tables = {kind: self.erp.site.form(kind).select for kind in TOUCHED}
        execute = self.erp.site.db.execute
        return {
            kind: execute(f"{select} ORDER BY name").fetchall() for kind, select in tables.items()
        }


@contextmanager
def site_on_a_port(doctypes: Sequence[DocType] | None = None, **settings: Json) -> Iterator[Site]:
    """Serve a site that nobody has set up, unless doctypes are given."""
    holder: list[Site] = []

    def clock() -> datetime:
        return datetime.now(UTC) + (holder[0].ahead if holder else timedelta())

    erp = create_embedded_erp(
        ":memory:",
        doctypes=bare_doctypes() if doctypes is None else doctypes,
        clock=clock,
        entropy=secrets.token_bytes,
        settings=ErpSiteSettings(
            users=(ADMIN, SERVICE),
            durable=False,
            offload=True,
            **{"disable_rounded_total": True, **settings},
        ),
    )
    traffic = Traffic(WithWorker(erp))
    holder.append(Site(erp, traffic))
    wizard(holder[0])
    with served(traffic) as url:
        holder[0].url = url
        yield holder[0]
    erp.close()


def wizard(site: Site) -> None:
    """Leave what ERPNext's own set-up does, with a chart of accounts of Québec."""
    site.make("Item Group", item_group_name="Services")
    site.make("UOM", uom_name="Nos")
    for name in ("TPS", "TVQ", "Compte chèques"):
        site.make("Account", name=f"{name} - GF", account_name=name)


@dataclass
class Receiver:
    """What stands where the sync server would: it takes signed webhooks and nothing else."""

    hints: list[Hint] = field(default_factory=list)
    secret: str = SECRET
    url: str = ""

    async def __call__(self, scope: Json, receive: Json, send: Json) -> None:
        if scope["type"] == "lifespan":
            while (await receive())["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            await send({"type": "lifespan.shutdown.complete"})
            return
        request = HttpRequest(scope, receive)
        await self._answer(request, await request.body())(scope, receive, send)

    def _answer(self, request: HttpRequest, raw: bytes) -> PlainTextResponse:
        if request.url.path == "/health":
            return PlainTextResponse("ok")
        try:
            signature = request.headers.get(SIGNATURE_HEADER)
            self.hints.append(read_hint(raw, signature, secret=self.secret))
        except ProblemError as error:
            return PlainTextResponse(error.problem.code, status_code=401)
        return PlainTextResponse("ok")


@contextmanager
def receiver_on_a_port() -> Iterator[Receiver]:
    made = Receiver()
    with served(made) as url:
        made.url = url
        yield made


@dataclass
class Waits:
    """A clock that only waiting moves: pauses are noted, and take no time."""

    now_ms: int = 1_000_000
    slept: list[float] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now_ms += round(seconds * 1000)
        await asyncio.sleep(0)


def client_of(site: Site, waits: Waits, user: ErpUser = ADMIN) -> FrappeClient:
    """A client over the socket, on a clock that only waiting moves."""
    return FrappeClient(
        site.url,
        api_key=user.api_key,
        api_secret=user.api_secret,
        breaker=Breaker(rand=lambda: 0.5),
        now_ms=lambda: waits.now_ms,
    )


def installer_of(client: FrappeClient, waits: Waits, *, url: str = "") -> Installer:
    numbers = itertools.count(1)
    return Installer(
        client,
        webhooks(url, SECRET),
        Patience(waits.sleep, lambda: next(numbers) % 97 / 97),
        service_user=SERVICE.email,
    )
