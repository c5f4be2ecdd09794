"""A server's store beside an embedded ERP in the same process: real parts, an injected clock."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from sqlalchemy import insert, select

from field_core.capabilities import Role, capabilities
from field_core.device_time import Stamp
from field_core.ids import uuid7
from field_core.instants import to_text
from server_sync.embedded_erp import EmbeddedErp, ErpSiteSettings, ErpUser, create_embedded_erp
from server_sync.embedded_erp.settings import Flavour
from server_sync.erp import Breaker, ErpService, FrappeClient, erp_doctypes
from server_sync.scope import OFFICE, FieldScope
from server_sync.store.database import Database
from server_sync.store.documents import Doc, load, load_doctype, load_named
from server_sync.store.schema import device, erp_out, outcome
from server_sync.store.store import Store
from server_sync.sync.caller import Caller
from server_sync.sync.identities import derive
from server_sync.sync.push import Pusher

ZONE = ZoneInfo("America/Toronto")
START = datetime(2026, 7, 14, 13, 0, tzinfo=UTC)
SERVICE = ErpUser("sync@example.test", "Sync", api_key="key", api_secret="secret")
DESK = ErpUser("bureau@example.test", "Bureau", api_key="desk", api_secret="quiet")
AS_DESK = f"token {DESK.api_key}:{DESK.api_secret}"
Json = Any
_RIGHTS = capabilities([Role.SUPERVISOR])
TECHNICIAN = Caller("tech@example.test", "D1", "DT-00001", OFFICE, _RIGHTS)
DISPATCHER = Caller("sophie@example.ca", "D1", None, OFFICE, _RIGHTS, full_name="Sophie Gagnon")


def entropy() -> Callable[[int], bytes]:
    """Bytes that are the same in every run."""

    def blocks() -> Iterator[bytes]:
        number = 0
        while True:
            number += 1
            yield hashlib.sha512(str(number).encode()).digest()

    found = blocks()
    return lambda size: next(found)[:size]


@cache
def _blank_site(flavour: Flavour) -> bytes:
    """A site with our doctypes, for every test to start from: making it costs more than a test."""
    made = create_embedded_erp(
        ":memory:",
        doctypes=erp_doctypes(),
        clock=lambda: START,
        entropy=entropy(),
        settings=ErpSiteSettings(flavour=flavour),
    )
    return made.image()


@dataclass
class Wire(httpx.AsyncBaseTransport):
    """The way to the ERP: every request is noted, and may be changed or broken by a hook."""

    erp: EmbeddedErp
    sent: list[httpx.Request] = field(default_factory=list)
    before: Callable[[httpx.Request], None] | None = None
    """Called when a request leaves; may raise what httpx would."""
    after: Callable[[httpx.Request, httpx.Response], httpx.Response] | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on to the site."""
        await request.aread()
        self.sent.append(request)
        if self.before:
            self.before(request)
        response = await httpx.ASGITransport(app=self.erp).handle_async_request(request)
        await response.aread()
        return self.after(request, response) if self.after else response

    def calls(self, method: str | None = None) -> list[str]:
        """What was sent, as method and path."""
        return [f"{r.method} {r.url.path}" for r in self.sent if method in (None, r.method)]

    def writes(self) -> list[str]:
        """Every call but reads."""
        return [c for c in self.calls() if not c.startswith("GET") and "get_list" not in c]


class World:
    """One site, one server, one technician."""

    def __init__(self, *, flavour: Flavour = "mariadb", database: str = "sqlite://") -> None:
        self.moment = START
        self.numbers = entropy()
        self.erp = create_embedded_erp(
            ":memory:",
            doctypes=erp_doctypes(),
            clock=lambda: self.moment,
            entropy=self.numbers,
            settings=ErpSiteSettings(
                flavour=flavour, users=(SERVICE, DESK), durable=False, disable_rounded_total=True
            ),
            image=_blank_site(flavour),
        )
        self.wire = Wire(self.erp)
        self.store = Store(
            Database(database),
            now_ms=self.now_ms,
            derive=derive,
            entropy=self.numbers,
            rule=FieldScope(
                today=lambda: self.moment.astimezone(ZONE).date(),
                now_text=lambda: to_text(self.moment),
            ),
        )
        self.store.prepare()
        self.blobs: dict[str, bytes] = {}
        self.breaker = Breaker(rand=lambda: 0.5)
        self.client = FrappeClient(
            "http://erp.test",
            api_key="key",
            api_secret="secret",
            breaker=self.breaker,
            now_ms=self.now_ms,
            transport=self.wire,
        )
        self.service = ErpService(
            self.client,
            self.store,
            rand=lambda: 0.5,
            read_blob=self.blobs.get,
            webhook_secret="hush",
        )
        self.caller = TECHNICIAN
        self._n = 0
        with self.store.database.write() as connection:
            connection.execute(
                insert(device),
                {
                    "id": "D1",
                    "account": "tech@example.test",
                    "name": "phone",
                    "last_n": 0,
                    "status": "active",
                },
            )

    # --- time

    def now_ms(self) -> int:
        """The one clock of all parts."""
        return round(self.moment.timestamp() * 1000)

    def wait(self, **span: float) -> None:
        """Let time pass."""
        self.moment += timedelta(**span)

    # --- the office

    async def office(
        self, method: str, path: str, body: Json = None, **params: str
    ) -> httpx.Response:
        """Call the ERP as somebody in the office would, past our client."""
        self.wait(seconds=1)
        transport = httpx.ASGITransport(app=self.erp)
        async with httpx.AsyncClient(transport=transport, base_url="http://erp.test") as http:
            response = await http.request(
                method,
                path,
                json=body,
                params=params or None,
                headers={"Authorization": AS_DESK},
            )
        assert response.status_code < 300, response.text
        return response

    async def make(self, doctype: str, **values: Json) -> str:
        """Have the office make a document; returns its name."""
        answer = await self.office("POST", f"/api/resource/{doctype}", values)
        return str(answer.json()["data"]["name"])

    async def change(self, doctype: str, name: str, **values: Json) -> None:
        """Have the office change a document."""
        await self.office("PUT", f"/api/resource/{doctype}/{name}", values)

    async def shown(self, doctype: str, name: str) -> dict[str, Json]:
        """The document as the ERP has it."""
        answer = await self.office("GET", f"/api/resource/{doctype}/{name}")
        return dict(answer.json()["data"])

    def sql(self, statement: str, *values: Json) -> list[tuple[Json, ...]]:
        """Write to the ERP's database behind its back."""
        with self.erp.site.db.transaction():
            return list(self.erp.site.db.execute(statement, values).fetchall())

    def take_field(self, doctype: str, fieldname: str) -> None:
        """Let the site be one whose doctype has no such field."""
        forms = self.erp.site.forms
        found = forms.get(doctype).doctype
        kept = tuple(item for item in found.fields if item.fieldname != fieldname)
        forms.put(replace(found, fields=kept))

    async def job(self, **values: Json) -> str:
        """A job that the office dispatched to the technician."""
        known = self.sql('SELECT name FROM "tabDispatch Technician"')
        technician = (
            known[0][0]
            if known
            else await self.make("Dispatch Technician", full_name="Ti-Guy Tremblay")
        )
        return await self.make(
            "Dispatch Job",
            **{
                "subject": "Installer la fibre",
                "status": "Dispatched",
                "scheduled_date": "2026-07-14",
                "assigned_technician": technician,
                **values,
            },
        )

    # --- the server

    def doc(self, doctype: str, name: str) -> Doc:
        """Our document of that name."""
        with self.store.read() as connection:
            found = load_named(connection, doctype, name)
        assert found is not None, f"{doctype} {name} is not held"
        return found

    def body(self, doctype: str, name: str) -> dict[str, Json]:
        """Our document's body."""
        return dict(self.doc(doctype, name).body or {})

    def names(self, doctype: str) -> set[str | None]:
        """The names of what is held."""
        with self.store.read() as connection:
            return {one.erp_name for one in load_doctype(connection, doctype)}

    def at_key(self, key: str) -> Doc | None:
        """Our document, removed ones included."""
        with self.store.read() as connection:
            return load(connection, key)

    def reviews(self) -> list[dict[str, Json]]:
        """What waits for a person."""
        with self.store.read() as connection:
            return [dict(one.body or {}) for one in load_doctype(connection, "Sync Review")]

    def waiting(self) -> list[Json]:
        """What the ERP has not got yet."""
        with self.store.read() as connection:
            return list(
                connection.execute(
                    select(erp_out).where(erp_out.c.state == "waiting").order_by(erp_out.c.id)
                )
            )

    def office_of(self, n: int) -> str | None:
        """Where an operation stands on its way to the ERP."""
        with self.store.read() as connection:
            found = connection.execute(select(outcome.c.office).where(outcome.c.n == n)).scalar()
        return str(found) if found else None

    def new_id(self) -> str:
        """An id as devices make them."""
        return uuid7(self.now_ms(), self.numbers(10))

    def push(self, key: str, kind: str, **content: Json) -> int:
        """Have a device send one operation; returns its number."""
        return self._send([self._operation(key, kind, content)])

    def push_group(self, key: str, parts: list[tuple[str, dict[str, Json]]], group: Json) -> int:
        """Have a device send operations that count together; returns the last one's number."""
        return self._send(
            [self._operation(key, kind, {**content, "group": group}) for kind, content in parts]
        )

    def _operation(self, key: str, kind: str, content: dict[str, Json]) -> Json:
        self._n += 1
        return {
            "id": self.new_id(),
            "n": self._n,
            "key": key,
            "kind": kind,
            "rev": self._rev(key),
            "at": self._stamp(),
            **content,
        }

    def _send(self, sent: list[Json]) -> int:
        caller = self.caller
        stamp = Stamp(*self._stamp())
        self.store.transact(lambda tx: Pusher(tx, caller, sent=stamp).push(sent))
        return self._n

    @contextmanager
    def signed_in_as(self, caller: Caller) -> Iterator[None]:
        """Have somebody else use the device."""
        self.caller, before = caller, self.caller
        yield
        self.caller = before

    def push_set(self, key: str, **values: Json) -> int:
        """Have a device set fields from what they are now."""
        held = self.at_key(key)
        body = (held.body if held else None) or {}
        return self.push(key, "set", fields={n: [body.get(n), v] for n, v in values.items()})

    def _rev(self, key: str) -> int:
        found = self.at_key(key)
        return found.rev if found else 0

    def _stamp(self) -> list[Json]:
        return [self.now_ms(), self.now_ms(), "boot"]

    async def settle(self, rounds: int = 4) -> None:
        """Let everything that can go through go through."""
        for _ in range(rounds):
            self.wait(minutes=6)
            await self.service.write_back()
            await self.service.poll()
