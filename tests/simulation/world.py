"""The world: one server, one ERP, phones, an office; a seed decides all that happens in it."""

import asyncio
import json
import random
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

import httpx

from field_app.sync.events import Failed, FailureKind, Hinted, Online, Tick
from field_core.capabilities import Role
from field_core.doctypes import spec_of
from field_core.ids import erp_key
from server_sync.accounts.passwords import Passwords
from server_sync.accounts.people import Person, save
from server_sync.embedded_erp import (
    EmbeddedErp,
    ErpSiteSettings,
    ErpUser,
    LateWrite,
    create_embedded_erp,
)
from server_sync.erp.breaker import Breaker
from server_sync.erp.client import FrappeClient
from server_sync.erp.codec import Codec
from server_sync.erp.failures import ErpFailure
from server_sync.erp.pulled import PULLED
from server_sync.erp.service import ErpService
from server_sync.erp.setup_meta import erp_doctypes
from server_sync.erp.site_time import SiteTime
from server_sync.store.schema import blob_ref, doc
from server_sync.store.store import Store
from tests.simulation import acts, invariants, office
from tests.simulation.asgi import Answer, call
from tests.simulation.clocks import DeviceClock, TrueClock
from tests.simulation.crashes import ServerCrash
from tests.simulation.device import Device
from tests.simulation.erp_link import ErpLink, Office
from tests.simulation.faults import CALM, Faults
from tests.simulation.lean_sql import LeanDatabase, WorldDatabase
from tests.simulation.network import deliver
from tests.simulation.server import ServerNode

ZONE: Final = ZoneInfo("America/Toronto")
ROUNDS_TO_REST: Final = 3
"""Invariant 8: with the weather calm, this many rounds empty every queue."""
DOCTYPES_OF_ERP: Final = erp_doctypes()
FULL_POLL: Final = 0.2
HINTED: Final = ("Dispatch Job", "Service Equipment", "Service Location")
CODEC: Final = Codec(SiteTime(ZONE))
PASSWORD_HASH: Final = Passwords(memory_kib=8, passes=1).hash("pw")


class World:
    """Everything there is, and one step after another."""

    def __init__(self, seed: int, *, database: type[WorldDatabase] = LeanDatabase) -> None:
        self.rng = random.Random(seed)
        self.weather = Faults.of(self.rng)
        self.clock = TrueClock()
        self.clock.pass_ms(self.rng.randrange(20 * 3_600_000))
        self.technicians = 2
        self.step_no = 0
        self.restored = self.cloned = False
        self.late_writes: list[LateWrite] = []
        self.erp = self._make_erp()
        self.office = Office(self.erp)
        office.fill(self.office, self.rng, self.technicians, self.today())
        self.node = ServerNode(self.clock, self.rng, database=database)
        self.link = ErpLink(self.erp, self.rng, lambda: self.weather)
        self._make_service()
        self.devices = [self._make_device(n) for n in range(3)]
        self.polled = frozenset(PULLED)

    def _make_erp(self) -> EmbeddedErp:
        users = (
            ErpUser("sync@example.test", api_key="sync", api_secret="sync"),
            ErpUser("office@example.test", api_key="office", api_secret="office"),
        )
        return create_embedded_erp(
            ":memory:",
            doctypes=DOCTYPES_OF_ERP,
            clock=self.clock.now,
            entropy=self.rng.randbytes,
            settings=ErpSiteSettings(users=users, durable=False),
        )

    def _make_service(self) -> None:
        client = FrappeClient(
            "http://erp",
            api_key="sync",
            api_secret="sync",
            now_ms=self.clock.now_ms,
            breaker=Breaker(rand=self.rng.random),
            transport=httpx.AsyncBaseTransport(),
        )
        client._http = cast("Any", self.link)  # what it sends and hears is the same
        self.service = ErpService(
            client, self.store, rand=self.rng.random, read_blob=self._read_blob
        )

    def _make_device(self, n: int) -> Device:
        technician = f"DT-{n % self.technicians + 1:05d}"
        email = f"tech{n % self.technicians}@example.test"
        person = Person(email, f"Tech {n}", (Role.TECHNICIAN,), technician)
        with self.store.database.write() as connection:
            save(connection, person, password_hash=PASSWORD_HASH)
        clock = DeviceClock(self.clock, ahead_ms=self.rng.choice((0, 0, 7_200_000, -90_000)))
        return Device(f"phone-{n}", email, self.rng, clock)

    # --- what others ask of the world

    @property
    def store(self) -> Store:
        """The living server's store."""
        return self.node.server.store

    def today(self) -> str:
        """The date at the site."""
        return self.clock.now().astimezone(ZONE).date().isoformat()

    def technician(self, device: Device) -> str:
        """Whose phone it is."""
        return f"DT-{int(device.email[4]) + 1:05d}"

    def audience(self, device: Device) -> str:
        """The audience of a phone."""
        return self.technician(device)

    def living_devices(self) -> list[Device]:
        """Phones that hold anything."""
        return [d for d in self.devices if not d.is_wiped and d.session]

    def journal(self) -> dict[str, Any]:
        """Every operation that was ever committed on a phone that was not wiped."""
        return {
            op_id: entry
            for d in self.devices
            if not d.is_wiped
            for op_id, entry in d.journal.items()
        }

    def _read_blob(self, sha256: str) -> bytes | None:
        return self.node.blobs.whole.get(sha256)

    def blob_bytes(self, sha256: str) -> bytes | None:
        """Return a stored blob."""
        return self.node.blobs.whole.get(sha256)

    # --- one step

    async def step(self) -> None:
        """Let one thing happen."""
        self.step_no += 1
        self.clock.pass_ms(self.rng.randrange(3_000))
        deed = self.rng.choices(_DEEDS, weights=_WEIGHTS)[0]
        await deed(self)

    def _some_device(self) -> Device:
        device = self.rng.choice(self.devices)
        if self.rng.random() < self.weather.device_crash:
            device.fuse.left = self.rng.randrange(60)
        return device

    async def work(self) -> None:
        """A technician does something."""
        acts.do_something(self._some_device(), self.rng)

    async def carry(self) -> None:
        """The network carries one call of one phone."""
        device = self._some_device()
        if (device.session is None and not device.is_wiped) or (
            device.is_signed_out and (self.restored or self.cloned)
        ):
            await self._sign_in(device)
        elif device.outgoing:
            effect = device.outgoing.pop(self.rng.randrange(len(device.outgoing)))
            await self._carry(device, effect)

    async def _carry(self, device: Device, effect: Any) -> None:
        if self.rng.random() < self.weather.server_crash:
            self.node.fuse.left = self.rng.randrange(80)
        answer = None
        try:
            answer = await deliver(device, effect, self.app, self.rng, self.weather)
        except ServerCrash:
            device.step(Failed(effect.call, FailureKind.STALLED))
        if self.node.fuse.is_blown:
            self._server_died()
            return
        self.node.fuse.left = None
        if answer is not None and self.step_no % 7 == 0:
            self._check_wire(device, effect.path, answer)

    async def app(self, scope: Any, receive: Any, send: Any) -> None:
        """The server's application; a process that dies on the way answers nothing."""
        await self.node.server.app(scope, receive, send)
        if self.node.fuse.is_blown:
            raise ServerCrash

    def _check_wire(self, device: Device, path: str, answer: Answer) -> None:
        if path == "/v1/sync" and answer.status == 200:
            sent = {c["key"] for c in answer.json.get("changes", ()) if not c.get("gone")}
            invariants.nothing_foreign_on_the_wire(self, self.technician(device), sent)

    def _server_died(self) -> None:
        self.node.die()
        self._make_service()

    def _check_signed_out(self, device: Device) -> None:
        """A bad link never logs anybody out (T-21); a restored server or a clone may."""
        excused = device.session is None or self.restored or self.cloned
        invariants.check(excused, 8, f"{device.label} was signed out by the link alone")

    async def _sign_in(self, device: Device) -> None:
        device.fuse.left = None
        known = device.replica.get("device")
        body = {
            "email": device.email,
            "password": "pw",
            "device": {"name": device.label, **({"id": known} if known else {})},
        }
        answer = await call(
            self.node.server.app,
            "POST",
            "/v1/auth/sign-in",
            headers={"content-type": "application/json"},
            content=json.dumps(body).encode(),
        )
        if answer.status == 200 and self.rng.random() >= self.weather.drop_reply:
            device.sign_in(answer.json)

    async def tick(self) -> None:
        """A phone's timer fires."""
        self._some_device().step(Tick())

    async def look(self) -> None:
        """A person presses “sync now”, or a hint comes, or the network comes up."""
        self._some_device().step(self.rng.choice((Hinted(), Online())))

    async def deal(self) -> None:
        """Somebody in the office does something."""
        office.act(self, self.rng)

    async def poll(self) -> None:
        """The server polls the ERP: all of it, or after a hint one doctype."""
        if self.rng.random() < FULL_POLL:
            await self._serve(self.service.poll)
        else:
            hinted = self.rng.choices(HINTED, weights=(6, 2, 1))[0]
            await self._serve(lambda: self.service.poll([hinted]))

    async def write_back(self) -> None:
        """The server writes to the ERP."""
        await self._serve(self.service.write_back)

    async def sweep(self) -> None:
        """The server compares with the ERP."""
        await self._serve(self.service.sweep)

    async def _serve(self, work: Any) -> None:
        if self.rng.random() < self.weather.server_crash * 2:
            self.node.fuse.left = self.rng.randrange(120)
        with suppress(ServerCrash, ErpFailure):  # the next turn tries again
            await work()
        if self.node.fuse.is_blown:
            self._server_died()
        self.node.fuse.left = None

    async def wait(self) -> None:
        """Time passes: minutes, a token's life, a night."""
        self.clock.pass_ms(self.rng.choice((60_000, 300_000, 1_200_000, 8 * 3_600_000)))
        for device in self.devices:
            device.clean_up()

    async def settle_late(self) -> None:
        """A held save commits, with its old stamp."""
        if self.late_writes:
            self.late_writes.pop(0).commit()

    async def back_up(self) -> None:
        """The nightly copy is made; or the server is put back to it."""
        if self.node.backup is None or self.rng.random() < 0.5:
            self.node.back_up()
        else:
            self.node.restore()
            self.restored = True
            self._make_service()

    async def kill(self) -> None:
        """A phone or the server is killed at rest; a clock is set; a phone is cloned."""
        device = self.rng.choice(self.devices)
        fate = self.rng.choices(("kill", "clock", "server", "clone"), (4, 3, 2, 4))[0]
        if fate == "kill":
            device.die()
        elif fate == "clock":
            device.clock.ahead_ms += self.rng.choice((-7_200_000, 86_400_000, 300_000))
        elif fate == "server":
            self._server_died()
        elif len(self.devices) < 4 and device.session:
            twin = Device(
                f"{device.label}-twin",
                device.email,
                self.rng,
                DeviceClock(self.clock, boot=device.clock.boot),
            )
            twin.copy_from(device)
            self.cloned = True
            self.devices.append(twin)

    # --- rest

    async def come_to_rest(self) -> None:
        """Turn every fault off; within a few rounds every queue is empty, and all must hold."""
        self.weather = CALM
        self.node.fuse.renew()
        while self.late_writes:
            self.late_writes.pop().commit()
        for device in self.devices:
            device.fuse.left = None
        for _ in range(ROUNDS_TO_REST):
            await self._round()
        await self.service.check_content(0, slices=1)
        for _ in range(ROUNDS_TO_REST):
            await self._round()
        invariants.all_hold_at_rest(self)

    async def _round(self) -> None:
        self.clock.pass_ms(30 * 60_000)
        await self.service.poll()
        await self._talk()
        await self.service.write_back()
        await self.service.sweep()
        await self._talk()

    async def _talk(self) -> None:
        """Every phone says and hears everything it has to."""
        for device in self.devices:
            if device.is_signed_out and not device.is_wiped:
                self._check_signed_out(device)
                await self._sign_in(device)
            device.step(Hinted())
            for _ in range(400):
                if not device.outgoing:
                    break
                await self._carry(device, device.outgoing.pop(0))
            else:
                raise invariants.Violation(f"invariant 8: {device.label} never stops talking")

    # --- the rule of scope, written down a second time

    def oracle_scope(self, technician: str) -> set[str]:
        """Return keys a technician may hold, from the server's documents by plain reading."""
        docs = list(self._documents())
        by_name = {(d, b.get("name")): k for k, d, b in docs}
        mine: set[str] = set()
        for key, doctype, body in docs:
            if doctype in (
                "Dispatch Tag",
                "Dispatch Technician",
                "Item",
                "Flow Template",
                "Equipment Identity",
            ) or (doctype == "Sync Review" and body.get("technician") == technician):
                mine.add(key)
            elif doctype == "Dispatch Job" and body.get("assigned_technician") == technician:
                mine |= self._job_scope(key, body, docs, by_name)
        return mine

    def _job_scope(self, key: str, job: Any, docs: Any, by_name: Any) -> set[str]:
        place = by_name.get(("Service Location", job.get("service_location")))
        found = {key, place, by_name.get(("Customer", job.get("customer")))}
        for row in job.get("equipment") or ():
            found |= {
                row.get("equipment"),
                by_name.get(("Service Equipment", row.get("equipment"))),
            }
        found |= {
            k
            for k, d, b in docs
            if d in ("Service Equipment", "Service Subscription")
            and b.get("service_location") == job.get("service_location")
        }
        return {k for k in found if k}

    def _documents(self) -> Iterator[tuple[str, str, Any]]:
        with self.store.read() as connection:
            for row in connection.execute(doc.select()):
                if row.body:
                    yield row.key, row.doctype, json.loads(row.body)

    def erp_documents(self) -> dict[str, tuple[str, Any]]:
        """Return every document of the ERP in our form, by key."""
        found: dict[str, tuple[str, Any]] = {}
        bodies = {k: b for k, _, b in self._documents()}
        ours = {(d, b.get("name")): k for k, d, b in self._documents()}
        with self.store.read() as connection:
            files = {row.erp_file: row.sha256 for row in connection.execute(blob_ref.select())}
        for doctype in self.polled:
            for name in self.office.names(doctype):
                raw = self.office.get(doctype, name)
                key = (
                    raw.get("sync_key")
                    or ours.get((doctype, name))
                    or erp_key(doctype, name, raw["creation"])
                )
                held = bodies.get(key)  # which of two instants a repeated hour's text means
                decoded = CODEC.decode(
                    spec_of(doctype), raw, held=held, files=_of_document(raw, files)
                )
                found[key] = (doctype, decoded.body)
        return found


def _of_document(raw: Any, files: dict[str, str]) -> dict[str, str]:
    """Return the blobs that fields of the document itself hold; a photo row keeps its address."""
    return {url: files[url] for url in raw.values() if isinstance(url, str) and url in files}


_TABLE: Final = (
    (World.work, 12),
    (World.carry, 42),
    (World.tick, 22),
    (World.look, 4),
    (World.deal, 5),
    (World.poll, 4),
    (World.write_back, 4),
    (World.sweep, 0.3),
    (World.wait, 1.5),
    (World.settle_late, 2),
    (World.back_up, 0.5),
    (World.kill, 1),
)
_DEEDS: Final = [deed for deed, _ in _TABLE]
_WEIGHTS: Final = [weight for _, weight in _TABLE]


async def live(seed: int, steps: int, *, database: type[WorldDatabase] = LeanDatabase) -> World:
    """Run one seed to rest; raises Violation when something did not hold."""
    world = World(seed, database=database)
    for _ in range(steps):
        await world.step()
        if world.step_no % 50 == 0:
            invariants.waiting_work_is_shown(world)
            for device in world.devices:
                device.fuse.left = None
                invariants.view_is_base_with_outbox(device)
    await world.come_to_rest()
    return world


def run(seed: int, steps: int, *, database: type[WorldDatabase] = LeanDatabase) -> World:
    """Run one seed on a fresh event loop."""
    return asyncio.run(live(seed, steps, database=database))
