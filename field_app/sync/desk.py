"""One thread for one replica: engine steps, edits and reads take turns there.

A swap of 1,800 documents holds the file for a few tenths of a second; on the loop that draws the
screen, anything beyond 20 ms is felt.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class Desk:
    """Runs work on the replica's thread, in the order in which it is asked for."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="replica")

    async def __call__(self, work: Callable[[], T]) -> T:
        """Return what `work` returns."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def now(self, work: Callable[[], T]) -> T:
        """Return what `work` returns, waiting for it; not for use on an event loop."""
        return self._thread.submit(work).result()

    def close(self) -> None:
        """Finish what was asked for, then end the thread."""
        self._thread.shutdown(wait=True)
