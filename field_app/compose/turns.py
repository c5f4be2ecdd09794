"""Taking turns with another program of this device that keeps the same account in step.

Only one syncs at a time (`device.lock`). The one that waits reads and edits as always: what it
records lies in the same outbox, which the other one sends.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from field_app.compose.live import Live
from field_app.device.lock import SyncLock
from field_app.sync.engine import Engine
from field_app.sync.replica import Replica
from field_app.sync.status import Status, standing_by

LOOK_AGAIN_S: Final = 1.0
"""A command takes some seconds; what it brings should be on the screen soon after."""


async def take_turn(live: Live, lock: SyncLock, *, renewed: Callable[[], Engine]) -> None:
    """Wait until the other program has ended, showing what it does meanwhile; then start.

    renewed: makes the engine anew, from what the other one left in replica and secret store.
    """
    replica, seen = live.account.replica, -1
    while not lock.acquire():
        version, status = await live.desk(lambda: _look(replica))
        live.runner.stand_by(status, has_news=version != seen)
        seen = version
        await asyncio.sleep(LOOK_AGAIN_S)
    live.runner.start_anew(*await live.desk(lambda: _with_status(renewed())))


def _with_status(engine: Engine) -> tuple[Engine, Status]:
    return engine, engine.status()


def _look(replica: Replica) -> tuple[int, Status]:
    """Return a number that is another one after each commit of another program, and the status."""
    (version,) = replica.db.conn.execute("PRAGMA data_version").fetchone()
    return version, standing_by(replica)
