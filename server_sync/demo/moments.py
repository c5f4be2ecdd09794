"""Dates and times of day in the ERP's own form: naive, local to the site (America/Toronto)."""

from datetime import date
from typing import Final

_HOUR: Final = 60


def stamp(day: date, minutes: int) -> str:
    """Return `YYYY-MM-DD HH:MM:SS` for a day and minutes after midnight."""
    return f"{day.isoformat()} {clock(minutes)}"


def clock(minutes: int) -> str:
    """Return `HH:MM:SS` for minutes after midnight."""
    return f"{minutes // _HOUR:02d}:{minutes % _HOUR:02d}:00"
