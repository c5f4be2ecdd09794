"""Runs the engine under asyncio: one queue of events, effects side by side, listeners told.

Engine and replica live on the desk's thread; this module only moves events there and effects out.
"""

import asyncio
import contextlib
import functools
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Final, Protocol, TypeVar, assert_never

from field_app.sync.desk import Desk
from field_app.sync.engine import Engine
from field_app.sync.events import (
    Call,
    Changed,
    Edited,
    Effect,
    Erase,
    Event,
    Failed,
    FailureKind,
    FetchRange,
    Hinted,
    KeepSession,
    Online,
    Tick,
)
from field_app.sync.status import Phase, Status
from field_core.device_time import Stamp
from field_core.problems import Problem, ProblemError

T = TypeVar("T")
Forget = Callable[[], None]

_log: Final = logging.getLogger(__name__)

AFTER_FAILURE_MS: Final = 10_000
"""A full disk does not empty itself within a second."""
SLEEP_MS_MAX: Final = 60_000
"""Looks at the clock at least this often: a device that slept wakes late."""


class Performer(Protocol):
    """What makes calls for the engine."""

    async def perform(self, effect: Call | FetchRange, report: Callable[[Event], None]) -> None:
        """Make a call and report every event that comes of it."""


class Keeper(Protocol):
    """What outlives the runner: the session, and the files of the account."""

    def keep(self, session: dict[str, object] | None) -> None:
        """Put the session where secrets are kept; None forgets it."""

    def erase(self) -> None:
        """Erase the account's files and secrets, on the server's order."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How asking to sync now ended; `code` is a problem of the catalogue, None when all went well.

    `is_done` is true only when the server answered, everything written here has its verdict, and
    every photo that can go has arrived.
    """

    is_done: bool
    code: str | None
    unsent: int
    blobs_left: int
    contact_ms: int | None


class Runner:
    """The shell around one engine. `post` and the listeners belong to the loop's thread."""

    def __init__(
        self,
        engine: Engine,
        *,
        desk: Desk,
        performer: Performer,
        keeper: Keeper,
        clock: Callable[[], Stamp],
        status: Status,
    ) -> None:
        self._engine = engine
        self._desk = desk
        self._performer = performer
        self._keeper = keeper
        self._clock = clock
        self._queue: asyncio.Queue[Event] = asyncio.Queue()
        self._calls: set[asyncio.Task[None]] = set()
        self._changed: list[Callable[[frozenset[str]], None]] = []
        self._told: list[Callable[[Status], None]] = []
        self._wake_ms = 0
        self._task: asyncio.Task[None] | None = None
        self.status = self._next_status = status

    # --- life

    def stand_by(self, status: Status, *, has_news: bool = False) -> None:
        """Show what another program, which does the sync, has come to; `start` ends it."""
        assert self._task is None, "who stands by has not started"
        self._next_status = status
        self._tell()
        if has_news:
            self._tell_changed(frozenset())

    def start(self) -> None:
        """Begin to run on the current loop."""
        assert self._task is None, "a runner is started once"
        self._task = asyncio.get_running_loop().create_task(self._run(), name="sync")

    def start_anew(self, engine: Engine, status: Status) -> None:
        """Begin after another program's turn, with an engine that knows what that one left."""
        self._engine, self._next_status = engine, status
        self._tell()
        self.start()

    async def stop(self) -> None:
        """Stop calls and steps; what is stored stays as it is."""
        tasks = [*self._calls, *([self._task] if self._task else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self) -> None:
        while self.status.phase is not Phase.WIPED:
            event = await self._next()
            for effect in await self._desk(functools.partial(self._step, event)):
                await self._perform(effect)
            self._tell()

    def _step(self, event: Event) -> list[Effect]:
        """Take one step, on the desk's thread.

        A step that the file system refuses (a full disk) is told and tried again: nothing of it
        was stored, and the server's answer can be had once more.
        """
        now = self._clock()
        try:
            effects = self._engine.step(event, now)
            self._next_status, self._wake_ms = self._engine.status(), self._engine.wake_ms
        except Exception as error:  # noqa: BLE001 - whatever it is, stored work stays, syncing goes on
            _log.exception("step failed")
            self._wake_ms = now.mono_ms + AFTER_FAILURE_MS
            self._next_status = replace(
                self.status, failure=_code_of(error), failures=self.status.failures + 1
            )
            return []
        return effects

    async def _next(self) -> Event:
        """Return the next event; a Tick when the engine wants to be woken before one comes."""
        wait_ms = min(self._wake_ms - self._clock().mono_ms, SLEEP_MS_MAX)
        try:
            async with asyncio.timeout(max(wait_ms, 0) / 1000):
                return await self._queue.get()
        except TimeoutError:
            return Tick()

    @property
    def access(self) -> str | None:
        """The bearer token, for channels beside the engine."""
        return self._engine.access

    # --- effects

    async def _perform(self, effect: Effect) -> None:
        match effect:
            case Call() | FetchRange():
                self._spawn(self._call(effect))
            case KeepSession(session):
                await asyncio.to_thread(self._keeper.keep, session)
            case Changed(keys):
                self._tell_changed(keys)
            case Erase():
                for task in self._calls:
                    task.cancel()
                await self._desk(self._keeper.erase)
            case _:
                assert_never(effect)

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)

    async def _call(self, effect: Call | FetchRange) -> None:
        """Make a call; whatever goes wrong in making it, the engine hears that it failed."""
        try:
            await self._performer.perform(effect, self._queue.put_nowait)
        except Exception:  # noqa: BLE001 - the engine waits for an answer: it must hear of any end
            _log.exception("call failed")
            self._queue.put_nowait(Failed(effect.call, FailureKind.UNREADABLE))

    # --- telling

    def post(self, event: Event) -> None:
        """Hand an event to the engine."""
        self._queue.put_nowait(event)

    def on_changed(self, listener: Callable[[frozenset[str]], None]) -> Forget:
        """Have documents that may look new told, none named after an edit here; returns its end."""
        self._changed.append(listener)
        return lambda: self._changed.remove(listener)

    def on_status(self, listener: Callable[[Status], None]) -> Forget:
        """Have every change of status told; returns what ends that."""
        self._told.append(listener)
        return lambda: self._told.remove(listener)

    def _tell_changed(self, keys: frozenset[str]) -> None:
        for listener in [*self._changed]:
            try:
                listener(keys)
            except Exception:  # noqa: BLE001 - a window that cannot be told must not undo another's act
                _log.exception("a listener failed")

    def _tell(self) -> None:
        if self._next_status == self.status:
            return
        self.status = self._next_status
        for listener in [*self._told]:
            listener(self.status)

    # --- asked by people

    async def edit(self, work: Callable[[], T | Problem]) -> T:
        """Record an act on the desk and let the engine send it; a refusal is raised."""
        made = await self._desk(work)
        if isinstance(made, Problem):
            raise ProblemError(made.code, **dict(made.details))
        self.post(Edited())
        self._tell_changed(frozenset())  # at once: what was done is shown before anybody is asked
        return made

    async def sync_now(self, timeout_s: float) -> Outcome:
        """Exchange with the server until nothing is left, a failure is known, or time is up."""
        if self.status.phase is Phase.ELSEWHERE:
            return self._outcome("synced-elsewhere")
        before = self.status
        news: asyncio.Event = asyncio.Event()
        forget = self.on_status(lambda _: news.set())
        self.post(Online())  # a person who asks knows more about the network than a backoff does
        try:
            async with asyncio.timeout(timeout_s):
                return await self._settled(before, news)
        except TimeoutError:
            has_contact = self.status.exchanges > before.exchanges
            return self._outcome("unsent-work" if has_contact else "server-unreachable")
        finally:
            forget()

    async def _settled(self, before: Status, news: asyncio.Event) -> Outcome:
        """Wait for an end: what failed before counts for nothing, only what comes after asking."""
        while True:
            status = self.status
            if status.phase in _ENDED:
                return self._outcome(_ENDED[status.phase])
            if status.failures > before.failures and status.failure:
                return self._outcome(status.failure)
            if status.exchanges > before.exchanges and _is_at_rest(status):
                return self._outcome(_end_of(status))
            await news.wait()
            news.clear()

    def _outcome(self, code: str | None) -> Outcome:
        status = self.status
        is_done = code is None and not status.unsent and not status.blobs_left
        return Outcome(is_done, code, status.unsent, status.blobs_left, status.contact_ms)


def _code_of(error: Exception) -> str:
    """Say what kept a step from being stored."""
    return "disk-full" if isinstance(error, sqlite3.OperationalError) else "internal"


_ENDED: Final = {Phase.SIGNED_OUT: "signed-out", Phase.WIPED: "device-wiped"}


def _end_of(status: Status) -> str | None:
    """Say what is amiss although the server answered."""
    if status.phase is Phase.UPGRADE:
        return "upgrade-needed"
    return "unsent-work" if status.blobs_left else None


def _is_at_rest(status: Status) -> bool:
    """Tell whether the engine has nothing under way and nothing it would start at once."""
    is_quiet = status.phase in (Phase.IDLE, Phase.UPGRADE) and not status.unsent
    return is_quiet and (not status.blobs_left or status.are_blobs_waiting)


async def follow_hints(
    listen: Callable[[], AsyncIterator[int]], runner: Runner, *, pause_s: Callable[[int], float]
) -> None:
    """Keep a hint channel open for ever: each hint wakes the engine, a loss is only a delay.

    pause_s: how long to wait after so many failures in a row.
    """
    failures = 0
    while True:
        with contextlib.suppress(ConnectionError):
            async for _ in listen():
                failures = 0
                runner.post(Hinted())
        failures += 1
        await asyncio.sleep(pause_s(failures))
