"""The days that an invoice line pays for, and how they are printed beside it."""

import re
from calendar import monthrange
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from field_core.date_words import in_words
from field_core.plain_text import plain

_ONE_TIME: Final = re.compile(
    r"install|activation|frais unique|rabais|\bremise|one[- ]time|discount|rebate"
)
"""The seed's words for what is billed once, then the English ones. `remise` begins a word: a
`premises` router is rented by the month."""


class Period(NamedTuple):
    """First and last day served, both included."""

    start: date
    end: date


def period_text(start: date, end: date, language: str = "fr") -> str:
    """Write a period in brackets: `(16 avril au 30 avril)`, `(April 16 to April 30)`.

    One day stands alone; the years are said only when they differ. `start` is not after `end`.
    """
    assert start <= end, f"a period ends on {end}, before it starts on {start}"
    with_year = start.year != end.year
    first, last = (in_words(day, language, with_year=with_year) for day in (start, end))
    to = "to" if language.startswith("en") else "au"
    return f"({first})" if start == end else f"({first} {to} {last})"


def period_of_line(
    *,
    description: str,
    amount: Decimal,
    start: date | None,
    end: date | None,
    invoiced_on: date,
) -> Period | None:
    """Return the period that is printed beside a line, or None when it has none.

    Both service dates of the ERP when they are there; else the month of the invoice, except for
    what is billed once. Dates in the wrong order say nothing, and nothing is printed for them.
    """
    if start and end:
        return Period(start, end) if start <= end else None
    return None if is_one_time(description, amount) else month_of(invoiced_on)


def is_one_time(description: str, amount: Decimal) -> bool:
    """Tell whether a line is billed once: an installation, a rebate, any credit."""
    return amount < 0 or _ONE_TIME.search(plain(description)) is not None


def month_of(day: date) -> Period:
    """Return the month of a day, from its first to its last day."""
    return Period(day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]))
