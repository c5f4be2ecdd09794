"""Hints: `something is new for you`, and nothing else; losing one costs a poll interval.

Commits of this process are heard at once; those of other processes by looking at the feed every
few seconds. The number told is the newest that concerns the listener, so a device does not wake
for other people's work.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from server_sync.store.store import Store
from server_sync.sync import pull

POLL_S: Final = 5.0
"""How late a commit of another process may be told."""
KEEPALIVE_S: Final = 20.0
"""Under the 30 s after which mobile networks and proxies forget an idle connection."""
SETTLE_S: Final = 0.5
"""Commits come in bursts; one hint for all of them is enough."""

Read = Callable[[Callable[[], int]], Awaitable[int]]


@dataclass(frozen=True)
class Listener:
    """Who listens: an audience and a device."""

    audience: str
    device: str


class Hints:
    """Wakes listeners after commits."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()
        store.on_commit(self._wake)

    @property
    def listening(self) -> int:
        """How many listen now."""
        return len(self._waiting)

    def _wake(self) -> None:
        """Called by the thread that committed."""
        for loop, event in tuple(self._waiting):
            if not loop.is_closed():
                loop.call_soon_threadsafe(event.set)

    def newest(self, listener: Listener) -> int:
        """Return the newest number that concerns a listener."""
        with self._store.read() as connection:
            return pull.newest(connection, listener.audience, listener.device)

    async def stream(self, listener: Listener, read: Read) -> AsyncIterator[str]:
        """Yield the lines of an event stream until the listener goes away."""
        entry = (asyncio.get_running_loop(), asyncio.Event())
        self._waiting.add(entry)
        try:
            told = await read(lambda: self.newest(listener))
            yield f"data: {told}\n\n"
            silent_s = 0.0
            while True:
                silent_s += await _wait(entry[1])
                now = await read(lambda: self.newest(listener))
                if now != told:
                    told, silent_s = now, 0.0
                    yield f"data: {told}\n\n"
                elif silent_s >= KEEPALIVE_S:
                    silent_s = 0.0
                    yield ": here\n\n"
        finally:
            self._waiting.discard(entry)


async def _wait(event: asyncio.Event) -> float:
    """Wait for a commit or the next look; return about how long that took."""
    try:
        async with asyncio.timeout(POLL_S):
            await event.wait()
    except TimeoutError:
        return POLL_S
    event.clear()
    await asyncio.sleep(SETTLE_S)
    return SETTLE_S
