"""Keeping an account in step with its server for a while: what runs, and how it ends."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from field_app.compose.live import Account, Live, SyncElsewhereError
from field_app.compose.turns import take_turn
from field_app.device.lock import SyncLock
from field_app.sync.cadence import Cadence
from field_app.sync.desk import Desk
from field_app.sync.holding import HoldingPhotos
from field_app.sync.runner import Runner, follow_hints
from field_app.sync.status import standing_by
from field_app.sync.transport import Transport

if TYPE_CHECKING:
    from field_app.compose.machine import Machine

HINT_PAUSE_S_MAX: Final = 60.0


@asynccontextmanager
async def live(
    machine: "Machine", account: Account, *, with_cadence: bool, waits: bool
) -> AsyncIterator[Live]:
    """Keep an account in step while the block lasts.

    with_cadence: also follow hints, poll and clean up, as the window does. waits: when another
    program keeps it in step, read and edit beside it and take over when it ends; without,
    SyncElsewhereError is raised.
    """
    with SyncLock(account.folder.lock) as lock:
        is_ours = lock.acquire()
        if not is_ours and not waits:
            raise SyncElsewhereError
        made = _made(machine, account)
        async with AsyncExitStack() as running:
            running.push_async_callback(_stop, made, _tidy_what_left(machine, made))
            if is_ours:
                made.runner.start()
                _attend(machine, made, running, with_cadence=with_cadence)
            else:
                made.runner.stand_by(standing_by(account.replica))
                turn = _take_over(machine, made, lock, running, with_cadence=with_cadence)
                running.push_async_callback(_end, asyncio.create_task(turn))
            yield made


def _made(machine: "Machine", account: Account) -> Live:
    desk = Desk()
    engine = machine.engine(account, machine.session(account.folder))
    transport = Transport(
        account.info.server, blobs=account.blobs, stall_s=machine.settings.stall_s
    )

    runner = Runner(
        engine,
        desk=desk,
        performer=HoldingPhotos(transport, is_held=machine.are_photos_held),
        keeper=_Keeper(machine, account),
        clock=machine.clock.stamp,
        status=engine.status(),
    )
    return Live(account, desk, transport, runner)


async def _stop(made: Live, tidying: set[asyncio.Task[None]]) -> None:
    await made.runner.stop()
    await asyncio.gather(*tidying, return_exceptions=True)
    await made.transport.close()
    made.desk.close()


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _take_over(
    machine: "Machine", made: Live, lock: SyncLock, running: AsyncExitStack, *, with_cadence: bool
) -> None:
    """Wait for the other program to end, then do what it did."""
    account = made.account
    await take_turn(
        made, lock, renewed=lambda: machine.engine(account, machine.session(account.folder))
    )
    _attend(machine, made, running, with_cadence=with_cadence)


def _attend(machine: "Machine", made: Live, running: AsyncExitStack, *, with_cadence: bool) -> None:
    """Have what goes by the clock and by hints go on until the end."""
    if not with_cadence:
        return
    cadence = Cadence(
        made.runner,
        clean=partial(machine.clean, made.account),
        desk=made.desk,
        is_reachable=made.transport.is_reachable,
    )
    cadence.start()
    running.callback(cadence.stop)
    running.push_async_callback(_end, asyncio.create_task(_hints(machine, made)))


async def _hints(machine: "Machine", made: Live) -> None:
    def pause_s(failures: int) -> float:
        longest = min(2.0 ** min(failures, 10), HINT_PAUSE_S_MAX)
        return longest * (0.5 + 0.5 * machine.ids.jitter())

    def listen() -> AsyncIterator[int]:
        return made.transport.hints(made.runner.access or "")

    await follow_hints(listen, made.runner, pause_s=pause_s)


def _tidy_what_left(machine: "Machine", made: Live) -> set[asyncio.Task[None]]:
    """Have the photos of documents that leave the device go with them, at once."""
    tasks: set[asyncio.Task[None]] = set()

    def tidy(keys: frozenset[str]) -> None:
        if any(made.account.replica.document(key) is None for key in keys):
            machine.clean(made.account)

    def changed(keys: frozenset[str]) -> None:
        if not keys:
            return
        task = asyncio.create_task(made.desk(partial(tidy, keys)))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    made.runner.on_changed(changed)
    return tasks


class _Keeper:
    """What the runner asks of this machine for its account."""

    def __init__(self, machine: "Machine", account: Account) -> None:
        self._machine = machine
        self._account = account

    def keep(self, session: dict[str, Any] | None) -> None:
        """Keep or forget the session."""
        if session is not None or self._account.folder.path.is_dir():
            self._machine.keep(self._account.folder, self._account.info.server, session)

    def erase(self) -> None:
        """Erase the account's files and secrets, on the server's order."""
        self._machine.erase(self._account)
