"""What may happen in the world of itself: what technicians, the office, timers and machines do.

Each deed happens at once, or begins something that goes on by turns.
"""

import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from field_app.sync.events import Hinted, Online, Tick
from field_core.problems import ProblemError
from server_sync.accounts.devices import DeviceStatus
from server_sync.erp.service import ErpService
from server_sync.sync import upkeep
from tests.simulation import acts, office
from tests.simulation.clocks import DeviceClock
from tests.simulation.device import Device

if TYPE_CHECKING:
    from tests.simulation.world import World

Deed = Callable[["World"], Awaitable[None]]
FULL_POLL: Final = 0.2
HINTED: Final = ("Dispatch Job", "Service Equipment", "Service Location")
PHONES_MAX: Final = 6
HOLIDAY: Final = 0.12
"""Of the times that time passes: a phone that lies in a drawer for more than a week."""


def draw(rng: random.Random) -> Deed:
    """Draw what happens next."""
    return rng.choices(_DEEDS, weights=_WEIGHTS)[0]


async def work(world: "World") -> None:
    """A technician does something."""
    acts.do_something(world.some_device(), world.rng)


async def contend(world: "World") -> None:
    """Several technicians take one offer."""
    acts.contend(world.held(), world.rng)


async def change_mind(world: "World") -> None:
    """A technician takes back what they have just done."""
    world.some_device().take_back()


async def carry(world: "World") -> None:
    """The network takes up one call of one phone; nobody's phone has one: a timer fires."""
    calling = [d for d in world.held() if d.outgoing or world.needs_a_person(d)]
    if calling:
        world.take_up(world.endangered(world.rng.choice(calling)))
    else:
        await tick(world)


async def tick(world: "World") -> None:
    """A phone's timer fires."""
    world.some_device().step(Tick())


async def look(world: "World") -> None:
    """A person presses “sync now”, or a hint comes, or the network comes up."""
    world.some_device().step(world.rng.choice((Hinted(), Online())))


async def deal(world: "World") -> None:
    """Somebody in the office does something."""
    office.act(world, world.rng)


async def poll(world: "World") -> None:
    """The server polls the ERP: all of it, or after a hint one doctype."""
    name, service = _either(world)
    if world.rng.random() < FULL_POLL:
        world.start(f"poll {name}", service.poll)
    else:
        hinted = world.rng.choices(HINTED, weights=(6, 2, 1))[0]
        world.start(f"poll {name}", lambda: service.poll([hinted]))


async def write_back(world: "World") -> None:
    """A server process writes to the ERP, or both do: they look for work every two seconds."""
    both = ((1, world.service), (2, world.other))
    for name, service in both if world.rng.random() < 0.5 else (_either(world),):
        world.start(f"write back {name}", service.write_back)


async def sweep(world: "World") -> None:
    """The server compares with the ERP."""
    name, service = _either(world)
    world.start(f"sweep {name}", service.sweep)


async def wait(world: "World") -> None:
    """Time passes: minutes, a token's life, a night; or a holiday comes."""
    if world.rng.random() >= HOLIDAY:
        await world.pass_by(world.rng.choice((60_000, 300_000, 1_200_000, 8 * 3_600_000)))
    elif world.rng.random() < 0.5:
        await world.go_away()
    else:
        world.is_leaving = True


async def stand_still(world: "World") -> None:
    """A machine is paused for minutes with all that is under way: leases run out under a writer.

    What it had sent arrives meanwhile.
    """
    await world.turns.deliver()
    world.clock.pass_ms(world.rng.choice((130_000, 600_000)))


async def settle_late(world: "World") -> None:
    """A held save commits, with its old stamp."""
    if world.late_writes:
        world.late_writes.pop(0).commit()


async def back_up(world: "World") -> None:
    """The nightly copy is made; or the server is put back to it."""
    if world.node.backup is None or world.rng.random() < 0.5:
        world.node.back_up()
    else:
        await world.put_back()


async def keep_up(world: "World") -> None:
    """The hour's upkeep: what the date has moved in or out of scope."""
    upkeep.rescope(world.store)


async def revoke(world: "World") -> None:
    """A phone is reported lost, or its holder leaves."""
    device = world.rng.choice(world.living_devices() or world.devices)
    identity = device.identity if not device.is_wiped else None
    if identity and not device.is_condemned:
        mode = world.rng.choice((DeviceStatus.DRAINING, DeviceStatus.DRAINING, DeviceStatus.WIPED))
        with suppress(ProblemError):
            world.node.server.accounts.revoke(identity, mode)
        if mode is DeviceStatus.WIPED:
            world.condemned.add(identity)


async def kill(world: "World") -> None:
    """A phone or the server is killed at rest; a clock is set; a phone is cloned."""
    device = world.rng.choice(world.devices)
    fate = world.rng.choices(("kill", "lie", "clock", "server", "clone"), (4, 2, 3, 2, 4))[0]
    if fate == "kill":
        device.die()
    elif fate == "lie":
        device.lose_tail()
    elif fate == "clock":
        device.clock.ahead_ms += world.rng.choice((-7_200_000, 86_400_000, 300_000))
    elif fate == "server":
        world.node.fuse.blow()
    elif len(world.devices) < PHONES_MAX and device.session:
        await _clone(world, device)


async def flush(world: "World") -> None:
    """The disk of a phone writes what it had said was written."""
    world.rng.choice(world.devices).flush()


async def _clone(world: "World", device: Device) -> None:
    """Somebody restores an OS backup on another phone, and works on it at once, or later.

    A call of the first one may be under way meanwhile: its answer then tells of numbers that
    the copy has used.
    """
    clock = DeviceClock(world.clock, boot=device.clock.boot)
    twin = Device(
        f"{device.label}-twin-{len(world.devices)}",
        device.email,
        world.rng,
        clock,
        condemned=world.condemned,
    )
    twin.copy_from(device)
    world.cloned = True
    world.devices.append(twin)
    if world.rng.random() < 0.5:
        device.step(Hinted())
        for _ in range(world.rng.randrange(1, 4)):
            acts.do_something(device, world.rng)
            acts.do_something(twin, world.rng)
        twin.step(Hinted())
        for _ in range(6):
            await world.turns.whole(world.take_up(twin))
        if world.rng.random() < 0.5:
            await world.turns.whole(world.start("write back 1", world.service.write_back))


def _either(world: "World") -> tuple[int, ErpService]:
    return world.rng.choice(((1, world.service), (2, world.other)))


_TABLE: Final = (
    (work, 8),
    (contend, 0.5),
    (change_mind, 1),
    (carry, 24),
    (tick, 18),
    (look, 4),
    (deal, 5),
    (poll, 4),
    (write_back, 4),
    (sweep, 0.3),
    (wait, 1.5),
    (stand_still, 1),
    (settle_late, 2),
    (back_up, 0.8),
    (kill, 1),
    (flush, 1),
    (keep_up, 0.5),
    (revoke, 0.1),
)
_DEEDS: Final = [deed for deed, _ in _TABLE]
_WEIGHTS: Final = [weight for _, weight in _TABLE]
