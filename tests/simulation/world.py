"""The world: one server, one ERP, phones, an office; a seed decides all that happens in it."""

import asyncio
import json
import random
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final

from field_app.sync.events import Revoked
from field_core.capabilities import Role
from server_sync.accounts.passwords import Passwords
from server_sync.accounts.people import Person, save
from server_sync.embedded_erp import (
    LateWrite,
)
from server_sync.erp.failures import ErpFailure
from server_sync.erp.pulled import PULLED
from server_sync.erp.service import ErpService
from server_sync.store.store import Store, epoch
from tests.simulation import deeds, invariants
from tests.simulation.asgi import Answer, call
from tests.simulation.beginnings import TECHNICIANS, Beginning, begin, site, today
from tests.simulation.clocks import ZONE, DeviceClock, TrueClock
from tests.simulation.crashes import ServerCrash, ServerGone
from tests.simulation.databases import Made
from tests.simulation.device import Device
from tests.simulation.erp_link import ErpLink, Office, erp_side
from tests.simulation.faults import Faults
from tests.simulation.lean_sql import LeanDatabase
from tests.simulation.network import carry
from tests.simulation.resting import come_to_rest
from tests.simulation.server import ServerNode
from tests.simulation.turns import Turns, new_loop

STEP_MS_MAX: Final = 500
"""A document's writing takes some hundred steps; its lease of two minutes rarely runs out then."""
EAGERNESS: Final = 4
"""As many pieces under way as make it even whether one goes on or somebody begins another."""
WATCHED: Final = 7
"""One of so many answers is looked at on the wire."""
LOOKED_EVERY: Final = 200
PHONES: Final = 3
DAY_MS: Final = 24 * 3_600_000
PASSWORD_HASH: Final = Passwords(memory_kib=8, passes=1).hash("pw")


class World:
    """Everything there is, and one step after another."""

    def __init__(self, rng: random.Random, beginning: Beginning, *, database: Made) -> None:
        self.rng = rng
        self.turns = Turns(self.rng)
        self.weather = Faults.of(self.rng)
        self.clock = TrueClock()
        self.clock.pass_ms(self.rng.randrange(20 * 3_600_000))
        self.technicians = TECHNICIANS
        self._deeds = self._answers = 0
        self._at_work: set[str] = set()
        """Phones that sign in, and what the ERP side is about: never twice at the same time."""
        self._replaced: set[str] = set()
        self.restored = 0
        """How often the server was put back."""
        self.cloned = False
        self.is_leaving = False
        """Everybody goes away as soon as one of them has half a snapshot."""
        self.late_writes: list[LateWrite] = []
        self.erp = site(self.clock, rng.randbytes, image=beginning.company)
        self.office = Office(self.erp)
        processes = self.rng.choices((1, 2), (3, 1))[0]
        self.node = ServerNode(
            self.clock,
            self.rng,
            lane=self.turns.lane,
            database=database,
            processes=processes,
            begin=beginning.server,
        )
        self.link = ErpLink(self.erp, self.rng, lambda: self.weather, self._point_of_the_machine)
        self._make_services()
        self.devices: list[Device] = []
        self.condemned: set[str] = set()
        for n in range(PHONES):
            self._add_device(n)
        self.polled = frozenset(PULLED)

    def _make_services(self) -> None:
        """The ERP side of two server processes: either may do what is to be done."""
        self.service, self.other = self._make_service(), self._make_service()

    def _make_service(self) -> ErpService:
        lane = self.turns.lane(self.node.life)
        return erp_side(self.link, self.store, self.clock, self.rng, self.blob_bytes, lane)

    async def _point_of_the_machine(self, *, is_sent: bool = False) -> None:
        await self.turns.point(self.node.life, is_sent=is_sent)

    def _add_device(self, n: int) -> None:
        """Give a technician a new phone."""
        technician = f"DT-{n % self.technicians + 1:05d}"
        email = f"tech{n % self.technicians}@example.test"
        person = Person(email, f"Tech {n}", (Role.TECHNICIAN,), technician)
        with self.store.database.write() as connection:
            save(connection, person, password_hash=PASSWORD_HASH)
        clock = DeviceClock(self.clock, ahead_ms=self.rng.choice((0, 0, 7_200_000, -90_000)))
        label = f"phone-{len(self.devices)}"
        self.devices.append(Device(label, email, self.rng, clock, condemned=self.condemned))

    # --- what others ask of the world

    @property
    def store(self) -> Store:
        """The living server's store."""
        return self.node.server.store

    def today(self) -> str:
        """The date at the site."""
        return today(self.clock)

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
        """Every operation that was ever committed on a phone and must be accounted for."""
        return {op_id: entry for d in self.devices for op_id, entry in d.journal.items()}

    def excused(self) -> dict[str, Any]:
        """What was lost with a phone before anybody else had it for certain."""
        return {op_id: entry for d in self.devices for op_id, entry in d.excused.items()}

    def cleaned(self) -> set[str]:
        """What no phone can offer again, since the office had it for a week."""
        return {op_id for d in self.devices for op_id in d.cleaned}

    def site_time(self, ahead_ms: int) -> str:
        """Write a time from now as people at the ERP see it."""
        then = self.clock.now() + timedelta(milliseconds=ahead_ms)
        return then.astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S")

    def blob_bytes(self, sha256: str) -> bytes | None:
        """Return a stored blob."""
        return self.node.blobs.whole.get(sha256)

    # --- one step

    @property
    def step_no(self) -> int:
        """How much has happened: what somebody began, and each turn that something took."""
        return self._deeds + self.turns.taken

    async def step(self) -> None:
        """Let one thing happen: something under way goes on, or somebody does something."""
        self.clock.pass_ms(self.rng.randrange(STEP_MS_MAX))
        under_way = len(self.turns)
        if self.rng.random() < under_way / (under_way + EAGERNESS):
            await self._go_on()
        else:
            self._deeds += 1
            await deeds.draw(self.rng)(self)
            await self.turns.settle()
        await self._bury()

    async def _go_on(self) -> None:
        """Something under way takes its turn; the server may die of it."""
        if self.rng.random() < self.weather.server_crash:
            self.node.fuse.left = self.rng.randrange(12)
        await self.turns.take()

    async def _bury(self) -> None:
        """See to what died, and to who went."""
        if self.node.fuse.is_blown:
            await self._server_died()
        self.node.fuse.left = None
        if self.is_leaving and any(d.is_loading for d in self.devices):
            await self.go_away()
        for device in self.devices:
            if device.is_wiped and device.label not in self._replaced:
                self._replace(device)

    def _replace(self, device: Device) -> None:
        """Whoever lost a phone gets another one, while there are some; somebody always has one."""
        self._replaced.add(device.label)
        if len(self.devices) < deeds.PHONES_MAX or all(d.is_wiped for d in self.devices):
            self._add_device(int(device.email[4]))

    def held(self) -> list[Device]:
        """Phones that somebody has in their hands."""
        return [d for d in self.devices if not d.is_wiped]

    def some_device(self) -> Device:
        """Return a phone that somebody holds, about to die perhaps."""
        return self.endangered(self.rng.choice(self.held()))

    def endangered(self, device: Device) -> Device:
        """Return the phone, about to die perhaps."""
        if self.rng.random() < self.weather.device_crash:
            device.fuse.left = self.rng.randrange(60)
        return device

    def needs_a_person(self, device: Device) -> bool:
        """Whether somebody has to sign in; a bad link alone never asks for that."""
        may_be = self.restored > 0 or self.cloned
        return device.session is None or (may_be and device.is_signed_out)

    def take_up(self, device: Device) -> int | None:
        """Begin what a phone waits for; return the number of the piece, None for nothing."""
        if self.needs_a_person(device):
            return self.start(f"sign-in {device.label}", lambda: self.sign_in(device))
        if device.outgoing:
            effect = device.outgoing.pop(self.rng.randrange(len(device.outgoing)))
            return self.turns.start(carry(self, device, effect))
        return None

    def start(self, name: str, work: Callable[[], Coroutine[Any, Any, Any]]) -> int | None:
        """Begin something that is never done twice at the same time."""
        return None if name in self._at_work else self.turns.start(self._alone(name, work))

    async def _alone(self, name: str, work: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        self._at_work.add(name)
        try:
            with suppress(ServerCrash, ServerGone, ErpFailure):  # the next turn tries again
                await work()
        finally:
            self._at_work.discard(name)

    async def app(self, scope: Any, receive: Any, send: Any) -> None:
        """The server's application; a process that dies on the way answers nothing."""
        server = self.rng.choice(self.node.servers)
        await server.app(scope, receive, send)
        if self.node.fuse.is_blown:
            raise ServerCrash

    def answered(self, device: Device, path: str, answer: Answer) -> None:
        """Look at what the server says, the moment it says it."""
        self._answers += 1
        if self._answers % WATCHED == 0 and path == "/v1/sync" and answer.status == 200:
            sent = {c["key"] for c in answer.json.get("changes", ()) if not c.get("gone")}
            with self.node.fuse.aside():
                invariants.nothing_foreign_on_the_wire(self, self.technician(device), sent)

    async def put_back(self) -> None:
        """The server is put back to its backup, on a new disk."""
        self.node.fuse.blow()
        await self.turns.lose()
        self.node.restore()
        self.restored += 1
        self._make_services()
        with self.store.read() as connection:
            anew = epoch(connection)
        for device in self.devices:
            device.server_forgot(anew)

    async def _server_died(self) -> None:
        self.node.fuse.blow()
        await self.turns.lose()
        self.node.die()
        self._make_services()

    def check_signed_out(self, device: Device) -> None:
        """A bad link never logs anybody out (T-21); a restored server or a clone may."""
        excused = device.session is None or self.restored or self.cloned or device.is_condemned
        invariants.check(excused, 8, f"{device.label} was signed out by the link alone")

    async def sign_in(self, device: Device) -> None:
        """A person signs in on a phone."""
        device.fuse.left = None
        known, life = device.replica.get("device"), device.life
        body = {
            "email": device.email,
            "password": "pw",
            "device": {"name": device.label, **({"id": known} if known else {})},
        }
        await self.turns.point()
        answer = await call(
            self.app,
            "POST",
            "/v1/auth/sign-in",
            headers={"content-type": "application/json"},
            content=json.dumps(body).encode(),
        )
        is_lost = self.rng.random() < self.weather.drop_reply
        await self.turns.point()
        if is_lost or device.life != life:
            return
        if answer.status == 200:
            device.sign_in(answer.json)
        elif answer.json.get("code") == "device-wiped":
            device.step(Revoked())

    async def go_away(self) -> None:
        """Phones lie in drawers for more than a week; a backup is made on the last day.

        A phone forgets after a week what the office has, so an older backup is nothing to go
        back to.
        """
        self.is_leaving = False
        await self.pass_by(7 * DAY_MS)
        self.node.back_up()
        await self.pass_by(DAY_MS)

    async def pass_by(self, ms: int) -> None:
        """Let time pass; nothing is under way so long."""
        await self.turns.drain()
        self.clock.pass_ms(ms)
        for device in self.devices:
            device.clean_up()


async def live(seed: int, steps: int, *, database: Made = LeanDatabase) -> World:
    """Run one seed to rest; raises Violation when something did not hold."""
    rng = random.Random(seed)
    beginning = await begin(rng, database)
    world = World(rng, beginning, database=database)
    look_next = LOOKED_EVERY
    while world.step_no < steps:
        await world.step()
        if world.step_no >= look_next:
            look_next += LOOKED_EVERY
            _look_at_everything(world)
    await come_to_rest(world)
    return world


def _look_at_everything(world: World) -> None:
    invariants.waiting_work_is_shown(world)
    for device in world.devices:
        device.fuse.left = None
        invariants.view_is_base_with_outbox(device)
        invariants.acts_are_whole(device)


def run(seed: int, steps: int, *, database: Made = LeanDatabase) -> World:
    """Run one seed on a fresh event loop."""
    with asyncio.Runner(loop_factory=new_loop) as runner:
        return runner.run(live(seed, steps, database=database))
