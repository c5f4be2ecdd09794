"""When a reading is tried, and which one first: pure, so that the waiting can be tested."""

from collections.abc import Iterable
from typing import Final

from field_app.ports import OcrState
from field_app.sync.ocr.rows import Waiting

FIRST_MS: Final = 5_000
LONGEST_MS: Final = 15 * 60_000
"""A label that could not be read for a quarter of an hour is tried again four times an hour."""
NEVER_MS: Final = 1 << 60


def first(waiting: Iterable[Waiting], *, preferred: str | None, now_ms: int) -> Waiting | None:
    """Return what to do now: of the job that is open on the screen first, then the oldest."""
    due = [reading for reading in waiting if due_ms(reading) <= now_ms]
    return min(due, key=lambda one: (one.job != preferred, one.made_ms, one.id), default=None)


def due_ms(reading: Waiting) -> int:
    """Return when something can be done about a reading (wall ms); never, when nothing can."""
    if reading.is_ended:
        return NEVER_MS
    match reading.state:
        case OcrState.PREPARING:
            return 0
        case OcrState.WAITING:
            return reading.next_ms
        case _:
            return NEVER_MS


def pause_ms(tries: int, jitter: float) -> int:
    """Return how long to wait after so many attempts, the one just made included."""
    longest = min(FIRST_MS << min(tries - 1, 12), LONGEST_MS)
    return int(longest * (0.5 + 0.5 * jitter))
