"""Dates in words: `1er avril 2026`, `April 1, 2026`."""

from datetime import date
from typing import Final

_MONTHS_FR: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_MONTHS_EN: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def in_words(day: date, language: str = "fr", *, with_year: bool = True) -> str:
    """Write a date in words; in French only the first of a month is an ordinal (OQLF)."""
    if language.startswith("en"):
        year = f", {day.year}" if with_year else ""
        return f"{_MONTHS_EN[day.month - 1]} {day.day}{year}"
    number = "1er" if day.day == 1 else str(day.day)
    year = f" {day.year}" if with_year else ""
    return f"{number} {_MONTHS_FR[day.month - 1]}{year}"
