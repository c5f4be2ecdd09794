"""Months of a contract, counted as the law does: the month begun counts as elapsed.

Regulation P-40.1, r. 3, s. 79.10; the CRTC's codes count the same way.
"""

from calendar import monthrange
from datetime import date
from typing import Final

_YEAR: Final = 12


def anniversary(start: date, months: int) -> date:
    """Return the day so many months later; from the 31st, the last day of a shorter month."""
    years, month = divmod(start.month - 1 + months, _YEAR)
    year = start.year + years
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def months_begun(start: date, end: date) -> int:
    """Return the months that have begun by `end`, from 1 on the first day."""
    return whole_months(start, end) + 1


def whole_months(start: date, end: date) -> int:
    """Return the months that are over by `end`; `start` is not after it."""
    assert start <= end, f"{end} lies before {start}"
    months = (end.year - start.year) * _YEAR + end.month - start.month
    return months if anniversary(start, months) <= end else months - 1
