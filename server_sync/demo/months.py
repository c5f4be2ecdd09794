"""Moving dates by months."""

import calendar
from datetime import date
from typing import Final

_MONTHS: Final = 12


def months_after(day: date, months: int) -> date:
    """Return the same day of another month, or that month's last one."""
    index = day.year * _MONTHS + day.month - 1 + months
    year, month = divmod(index, _MONTHS)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def month_end(day: date) -> date:
    """Return the last day of a date's month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
