"""Months begun, and where a contract stands in its term."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_core.termination import (
    Phase,
    TermBar,
    anniversary,
    end_of_term,
    months_begun,
    notice_day,
    term_bar,
)
from tests.core.billing.making import DAYS

START = date(2025, 6, 15)


@pytest.mark.parametrize(
    ("start", "months", "day"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2027-12-31", 2, "2028-02-29"),
        ("2026-01-31", 2, "2026-03-31"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2026-11-30", 1, "2026-12-30"),
        ("2026-12-15", 1, "2027-01-15"),
    ],
)
def test_anniversary_stays_in_its_month(start: str, months: int, day: str) -> None:
    assert anniversary(date.fromisoformat(start), months) == date.fromisoformat(day)


@given(DAYS, st.integers(0, 120))
def test_month_begins_on_its_anniversary_and_not_the_day_before(start: date, months: int) -> None:
    day = anniversary(start, months)

    assert months_begun(start, day) == months + 1
    assert not months or months_begun(start, day - timedelta(days=1)) == months


def test_day_before_the_start_is_a_programmer_mistake() -> None:
    with pytest.raises(AssertionError, match="lies before"):
        months_begun(START, date(2025, 6, 14))


@pytest.mark.parametrize(
    ("today", "bar"),
    [
        ("2025-06-14", TermBar(0, 24, Phase.AHEAD)),
        ("2025-06-15", TermBar(1, 24, Phase.RUNNING)),
        ("2026-04-23", TermBar(11, 24, Phase.RUNNING)),
        ("2027-03-15", TermBar(22, 24, Phase.RUNNING)),
        ("2027-03-16", TermBar(22, 24, Phase.ENDING)),
        ("2027-06-14", TermBar(24, 24, Phase.ENDING)),
        ("2027-06-15", TermBar(24, 24, Phase.DONE)),
    ],
)
def test_bar_of_a_term_says_how_far_it_is(today: str, bar: TermBar) -> None:
    assert term_bar(START, 24, date.fromisoformat(today)) == bar


def test_notice_goes_out_exactly_ninety_days_before_the_end() -> None:
    end = end_of_term(START, 24)

    assert end == date(2027, 6, 14)
    assert end - notice_day(end) == timedelta(days=90)
