"""Which jobs were listed last, and where in the list: for when one comes back from a job."""

from dataclasses import dataclass
from enum import StrEnum


class Choice(StrEnum):
    """Which jobs the list shows."""

    DAY = "day"
    ALL = "all"
    OFFERS = "offers"


@dataclass(slots=True)
class Listing:
    """What the list of jobs showed."""

    choice: Choice = Choice.DAY
    day: str | None = None
    """The day in front; None follows the calendar past midnight."""
    offset_px: float = 0
    """How far the long list was scrolled."""
