"""How the world comes to rest: every fault ends, all is said and done, and everything must hold."""

import json
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from field_app.sync.events import Hinted
from server_sync.erp.settling import FILE_AWAITED_MS
from server_sync.scope import EVERYBODY
from server_sync.store.schema import erp_out, feed
from server_sync.store.store import epoch
from server_sync.sync import upkeep
from tests.simulation import invariants
from tests.simulation.faults import CALM
from tests.simulation.network import carry

if TYPE_CHECKING:
    from tests.simulation.world import World

_WAITING: Final = select(func.count()).where(erp_out.c.state == "waiting")
_HEADS: Final = select(feed.c.audience, func.max(feed.c.seq)).group_by(feed.c.audience)
ROUNDS_TO_REST: Final = 3
"""Invariant 8: with the weather calm, this many rounds empty every queue."""


async def come_to_rest(world: "World") -> None:
    """Turn every fault off; within a few rounds every queue is empty, and all must hold."""
    world.weather = CALM
    world.node.fuse.renew()
    await world.turns.drain()
    world.turns.is_at_once = True
    while world.late_writes:
        world.late_writes.pop().commit()
    for device in world.devices:
        device.fuse.left = None
    await _rounds(world)
    if await world.other.sweep() + await world.service.check_content(0, slices=1):
        await _rounds(world)
    if _photos_lost(world):  # a person is asked about them after a month
        world.clock.pass_ms(FILE_AWAITED_MS)
        await _rounds(world)
    invariants.all_hold_at_rest(world)


async def _rounds(world: "World") -> None:
    """Go round until nothing waits; after the last round allowed, all must hold as it is."""
    for _ in range(ROUNDS_TO_REST):
        await _round(world)
        if _is_quiet(world):
            return


def _is_quiet(world: "World") -> bool:
    """Whether no phone and no server has anything left to say, or news to hear of the others."""
    with world.store.read() as connection:
        waiting = connection.execute(_WAITING).scalar_one()
        heads = dict(connection.execute(_HEADS).all())
        now = epoch(connection)
    devices = world.living_devices()
    left = [d.engine.status() for d in devices]
    is_behind = any(
        d.heard_epoch != now  # numbers of before a restore say nothing
        or d.replica.seq
        < max(heads.get(audience, 0) for audience in (world.audience(d), EVERYBODY))
        for d in devices
    )
    return not (waiting or is_behind) and not any(
        s.unsent or s.blobs_left or s.failure for s in left
    )


def _photos_lost(world: "World") -> set[str]:
    """Return photos that the server waits for and that went with a phone; no other may be gone."""
    with world.store.read() as connection:
        rows = connection.execute(select(erp_out.c.operation).where(erp_out.c.state == "waiting"))
        awaited = {json.loads(row.operation).get("sha256") for row in rows} - {None}
    gone = awaited - {sha256 for device in world.living_devices() for sha256 in device.photos()}
    nowhere = gone - {sha256 for device in world.devices for sha256 in device.given_up}
    invariants.check(not nowhere, 10, f"photos that no phone was to lose are gone: {nowhere}")
    return gone


async def _round(world: "World") -> None:
    world.clock.pass_ms(30 * 60_000)
    await world.service.poll()
    upkeep.rescope(world.store)
    await _talk(world)
    await world.service.write_back()
    await _talk(world)


async def _talk(world: "World") -> None:
    """Every phone says and hears everything it has to."""
    for device in world.devices:
        if device.is_signed_out and not device.is_wiped:
            world.check_signed_out(device)
            await world.sign_in(device)
        device.step(Hinted())
        for _ in range(400):
            if not device.outgoing:
                break
            await carry(world, device, device.outgoing.pop(0))
        else:
            raise invariants.Violation(f"invariant 8: {device.label} never stops talking")
