"""A monthly price for part of a month: price × days ÷ days of that month, rounded once."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from field_core.money import half_up
from field_core.service_period import Period, month_of


def prorated(monthly: Decimal, start: date, end: date) -> Decimal:
    """Return the price of the days from `start` to `end`, both included.

    A whole month costs the monthly price, whether it has 28 days or 31.
    """
    return half_up(sum((monthly * days / of for days, of in _months(start, end)), Decimal(0)))


def _months(start: date, end: date) -> Iterator[tuple[int, int]]:
    """Yield, for each month the period touches, the days served and the days it has."""
    while start <= end:
        month = month_of(start)
        yield _days(Period(start, min(end, month.end))), month.end.day
        start = month.end + timedelta(days=1)


def _days(period: Period) -> int:
    return (period.end - period.start).days + 1
