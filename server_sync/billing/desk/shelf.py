"""Answers of the last seconds: who asks again, or beside others, does not ask the ERP again.

An answer is bytes with a tag and the moment it was true, so that an unchanged one costs a 304 and
everybody is told how old it is.
"""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

FRESH_MS: Final = 15_000
"""A clerk on the phone clicks back and forth within seconds; a payment is not to hide longer."""
SHEETS_MAX: Final = 2_000
"""Nine panels of two hundred customers at some kilobytes each: a few megabytes."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One answer: its bytes, their tag, and when they were true; None when that is not known."""

    content: bytes
    etag: str
    as_of_ms: int | None


Make = Callable[[], Awaitable[tuple[bytes, int | None]]]
Key = tuple[str, ...]


class Shelf:
    """Sheets by what they answer; the oldest ones leave."""

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self._now_ms = now_ms
        self._sheets: OrderedDict[Key, tuple[int, Sheet]] = OrderedDict()
        self._making: dict[Key, asyncio.Task[Sheet]] = {}
        self._turn = 0

    async def get(self, key: Key, make: Make, *, fresh_ms: int = FRESH_MS) -> Sheet:
        """Return a fresh sheet, made once for however many ask at the same time."""
        kept = self._sheets.get(key)
        if kept and self._now_ms() - kept[0] < fresh_ms:
            return kept[1]
        task = self._making.get(key)
        if task is None:
            task = self._making[key] = asyncio.ensure_future(self._make(key, make))
            task.add_done_callback(lambda done: self._made(key, done))
        return await asyncio.shield(task)

    def clear(self) -> None:
        """Forget everything: money has moved. What is being read now is not kept either."""
        self._turn += 1
        self._sheets.clear()
        self._making.clear()

    async def _make(self, key: Key, make: Make) -> Sheet:
        began_ms, turn = self._now_ms(), self._turn
        content, as_of_ms = await make()
        sheet = Sheet(content, f'"{hashlib.sha256(content).hexdigest()[:32]}"', as_of_ms)
        if turn == self._turn:
            self._sheets[key] = (began_ms, sheet)
            self._sheets.move_to_end(key)
            while len(self._sheets) > SHEETS_MAX:
                self._sheets.popitem(last=False)
        return sheet

    def _made(self, key: Key, task: asyncio.Task[Sheet]) -> None:
        if self._making.get(key) is task:
            del self._making[key]
        if not task.cancelled():
            task.exception()  # whoever asked hears of it; a task that nobody awaits is no news
