"""The period beside an invoice line, and the price of part of a month."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_core.prorata import prorated
from field_core.service_period import Period, is_one_time, month_of, period_of_line, period_text
from tests.core.billing.making import DAYS, PRICES, D

APRIL = Period(date(2026, 4, 1), date(2026, 4, 30))


@pytest.mark.parametrize(
    ("start", "end", "fr", "en"),
    [
        ("2026-04-01", "2026-04-30", "(1er avril au 30 avril)", "(April 1 to April 30)"),
        ("2026-04-16", "2026-04-30", "(16 avril au 30 avril)", "(April 16 to April 30)"),
        ("2028-02-01", "2028-02-29", "(1er février au 29 février)", "(February 1 to February 29)"),
        ("2026-08-31", "2026-09-01", "(31 août au 1er septembre)", "(August 31 to September 1)"),
        ("2026-04-16", "2026-04-16", "(16 avril)", "(April 16)"),
        (
            "2026-12-16",
            "2027-01-15",
            "(16 décembre 2026 au 15 janvier 2027)",
            "(December 16, 2026 to January 15, 2027)",
        ),
    ],
)
def test_period_is_said_in_both_languages(start: str, end: str, fr: str, en: str) -> None:
    days = date.fromisoformat(start), date.fromisoformat(end)

    assert period_text(*days) == fr
    assert period_text(*days, "en-CA") == en


def test_period_that_ends_before_it_starts_is_a_programmer_mistake() -> None:
    with pytest.raises(AssertionError, match="before it starts"):
        period_text(date(2026, 4, 2), date(2026, 4, 1))


def line(**fields: object) -> Period | None:
    known: dict[str, object] = {
        "description": "Internet 500",
        "amount": D("79.95"),
        "start": None,
        "end": None,
        "invoiced_on": date(2026, 4, 12),
    }
    return period_of_line(**{**known, **fields})  # type: ignore[arg-type]  # fields by name


def test_line_without_dates_is_for_the_month_of_the_invoice() -> None:
    assert line() == APRIL
    assert line(invoiced_on=date(2026, 2, 28)) == (date(2026, 2, 1), date(2026, 2, 28))
    assert line(start=date(2026, 4, 3)) == APRIL
    assert line(amount=D("0.00")) == APRIL


def test_line_with_both_dates_says_them_even_when_it_is_billed_once() -> None:
    dates = Period(date(2026, 4, 16), date(2026, 4, 30))

    assert line(start=dates.start, end=dates.end) == dates
    assert line(start=dates.start, end=dates.end, description="Rabais") == dates


def test_line_with_dates_in_the_wrong_order_says_nothing() -> None:
    assert line(start=date(2026, 4, 30), end=date(2026, 4, 1)) is None


@pytest.mark.parametrize(
    "description",
    [
        "Frais d’installation",
        "RÉINSTALLATION",
        "Activation du service",
        "Rabais fidélité",
        "Frais unique",
        "Frais uniques de livraison",
        "Remise",
        "One-time fee",
        "Loyalty discount",
    ],
)
def test_what_is_billed_once_has_no_period(description: str) -> None:
    assert line(description=description) is None


def test_credit_has_no_period() -> None:
    assert line(amount=D("-20.00")) is None


@pytest.mark.parametrize("description", ["On-premises Wi-Fi", "Téléphonie", "Télé de base", ""])
def test_monthly_line_is_not_taken_for_what_is_billed_once(description: str) -> None:
    assert not is_one_time(description, D("5.00"))


@given(DAYS)
def test_month_of_a_day_holds_it_and_ends_where_the_next_begins(day: date) -> None:
    month = month_of(day)

    assert month.start <= day <= month.end
    assert (month.start.day, (month.end + timedelta(days=1)).day) == (1, 1)
    assert month.start.month == month.end.month


def test_half_of_april_costs_half_rounded_up() -> None:
    assert prorated(D("59.95"), date(2026, 4, 16), date(2026, 4, 30)) == D("29.98")


def test_period_over_two_months_takes_of_each_its_days() -> None:
    assert prorated(D("31.00"), date(2026, 12, 16), date(2027, 1, 15)) == D("31.00")
    assert prorated(D("28.00"), date(2026, 2, 28), date(2026, 3, 1)) == D("1.90")


@given(PRICES, DAYS)
def test_whole_month_costs_the_price(price: Decimal, day: date) -> None:
    assert prorated(price, *month_of(day)) == price


@given(PRICES, DAYS, st.integers(0, 400), st.integers(0, 400))
def test_two_parts_cost_what_the_whole_does_within_a_cent(
    price: Decimal, start: date, first: int, second: int
) -> None:
    middle = start + timedelta(days=first)
    end = middle + timedelta(days=1 + second)

    parts = prorated(price, start, middle) + prorated(price, middle + timedelta(days=1), end)

    assert abs(parts - prorated(price, start, end)) <= D("0.01")


@given(PRICES, DAYS, st.integers(0, 60))
def test_longer_never_costs_less(price: Decimal, start: date, days: int) -> None:
    end = start + timedelta(days=days)

    assert prorated(price, start, end) <= prorated(price, start, end + timedelta(days=1))
