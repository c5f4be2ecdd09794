"""How blocking work is run: in place for who wants no threads, or in lanes that nobody jams."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


async def run_in_place(work: Callable[[], T], *, writes: bool = False) -> T:  # noqa: ARG001  # the simulation knows no lanes
    """Run work where it is called: deterministic and quick, for one caller at a time."""
    return work()


class Threads:
    """Runs work on threads: many readers, and for SQLite one writer, so that nobody waits in it."""

    def __init__(self, *, readers: int, writers: int) -> None:
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix="read")
        self._writers = ThreadPoolExecutor(writers, thread_name_prefix="write")

    async def __call__(self, work: Callable[[], T], *, writes: bool = False) -> T:
        """Return what `work` returns, from a thread."""
        pool = self._writers if writes else self._readers
        return await asyncio.get_running_loop().run_in_executor(pool, work)

    def close(self) -> None:
        """Wait for what runs, then end the threads."""
        self._writers.shutdown()
        self._readers.shutdown()
