"""What is under way in the world, each piece at a point where anything else may happen first.

A call on its way, its answer on its way back, a unit of database work that waits for its thread:
production can be interrupted, overtaken and killed at each of these, and nowhere between two of
them. A program that comes to such a point stops there until its turn is drawn.
"""

import asyncio
import random
import selectors
from collections.abc import Callable, Coroutine
from contextvars import ContextVar, copy_context
from typing import Any, Final, NamedTuple, TypeVar

from tests.simulation.crashes import ServerGone

T = TypeVar("T")

Hop = Callable[..., Coroutine[Any, Any, Any]]
"""Runs a unit of blocking work, as a server's lanes do."""


class Point(NamedTuple):
    """Where something waits for its turn."""

    turn: asyncio.Future[None]
    life: int | None
    """Of the machine that it happens on; None on the network."""
    piece: int
    """What it is a part of."""
    is_sent: bool
    """Whether it left its machine: a pause of that one does not hold it up."""


_PIECE: Final = ContextVar("piece", default=0)
"""What is under way here; tasks that it starts are a part of it."""


class Turns:
    """Holds everything that is under way; who goes on next is drawn by the seed."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._loop = asyncio.get_running_loop()
        self._points: list[Point] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._pieces = 0
        self.taken = 0
        """How many turns were drawn: how much happened."""
        self._error: BaseException | None = None
        self.is_at_once = False
        """Whether nothing stops any more: the world is coming to rest."""

    def __len__(self) -> int:
        """How many pieces wait for their turn."""
        return len(self._points)

    # --- for what is under way

    async def point(self, life: int | None = None, *, is_sent: bool = False) -> None:
        """Stop until the turn comes. Raises ServerGone when the machine of this life dies first."""
        if self.is_at_once:
            return
        turn = self._loop.create_future()
        self._points.append(Point(turn, life, _PIECE.get(), is_sent))
        await turn

    def lane(self, life: int) -> Hop:
        """Return what runs a server's blocking work: threads, as far as anybody can tell."""

        async def hop(work: Callable[[], T], *, writes: bool = False) -> T:  # noqa: ARG001 - any order of units is possible here, and so is that of one writer
            await self.point(life)
            return work()

        return hop

    # --- for the world

    def start(self, work: Coroutine[Any, Any, None]) -> int:
        """Begin something that goes on by turns; return its number."""
        self._pieces += 1
        context = copy_context()
        context.run(_PIECE.set, self._pieces)
        task = self._loop.create_task(work, context=context)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return self._pieces

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._error = self._error or task.exception()

    async def take(self) -> None:
        """Let one piece go on as far as its next point."""
        await self._take(self._rng.randrange(len(self._points)))

    async def _take(self, index: int) -> None:
        self.taken += 1
        self._points[index], self._points[-1] = self._points[-1], self._points[index]
        turn = self._points.pop().turn
        if not turn.done():  # whoever waited may have been told to stop
            turn.set_result(None)
        await self.settle()

    async def whole(self, piece: int | None) -> None:
        """Let one piece go on to its end, or as far as it gets alone; None is no piece."""
        await self.settle()
        while found := [n for n, point in enumerate(self._points) if point.piece == piece]:
            await self._take(found[0])

    async def deliver(self) -> None:
        """Let everything that was sent arrive, and what is sent on account of it."""
        while sent := [n for n, point in enumerate(self._points) if point.is_sent]:
            await self._take(sent[0])

    async def settle(self) -> None:
        """Return when everything under way has come to a point or to its end.

        Raises what something under way ended with.
        """
        ready = self._loop._ready  # type: ignore[attr-defined]  # nothing public tells
        while ready:  # noqa: ASYNC110 - it waits for no event, but until there is none
            await asyncio.sleep(0)
        if self._error:
            raise self._error

    async def drain(self) -> None:
        """Let everything under way come to its end, in any order."""
        while self._points:
            await self.take()
        assert not self._tasks, f"waits for what nobody does: {self._tasks}"

    async def lose(self) -> None:
        """End all that runs on the machine, which died: it gets no further than its point."""
        gone = [point.turn for point in self._points if point.life is not None]
        self._points = [point for point in self._points if point.life is None]
        for turn in gone:
            if not turn.done():
                turn.set_exception(ServerGone())
        await self.settle()


class _NothingOutside(selectors.SelectSelector):
    """No file or socket matters to this loop: whatever happens, happens inside."""

    def select(self, timeout: float | None = None) -> list[Any]:  # noqa: ARG002 - there is nothing to wait for
        """Return that nothing came."""
        return []


def new_loop() -> asyncio.AbstractEventLoop:
    """Return a loop that never asks the operating system for anything."""
    return asyncio.SelectorEventLoop(_NothingOutside())
