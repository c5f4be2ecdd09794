"""The money of an ending: the charge, the days to bill, the days to give back."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from field_core.money import ZERO
from field_core.service_period import Period
from field_core.taxes import Taxes
from field_core.termination import Contract, Settlement, calculate, settle
from tests.core.billing.making import D, contract, goods
from tests.core.billing.test_termination import ended

APRIL = date(2026, 4, 23)


def test_days_paid_in_advance_are_given_back_with_their_taxes() -> None:
    settled = settle(calculate(contract(goods()), APRIL), billed_until=date(2026, 4, 30))

    assert settled == Settlement(
        charge=Taxes(D("113.07"), D("5.65"), D("11.28")),
        services=Taxes(D("-18.66"), D("-0.93"), D("-1.86")),
        period=Period(date(2026, 4, 24), date(2026, 4, 30)),
    )
    assert settled.total == D("108.55")


def test_days_served_and_not_billed_are_billed() -> None:
    settled = settle(calculate(contract(), APRIL), billed_until=date(2026, 3, 31))

    assert settled.period == Period(date(2026, 4, 1), APRIL)
    assert settled.services == Taxes(D("61.30"), D("3.07"), D("6.11"))


def test_service_billed_to_its_last_day_leaves_the_charge_alone() -> None:
    settled = settle(calculate(contract(goods()), APRIL), billed_until=APRIL)

    assert (settled.period, settled.services) == (None, Taxes(ZERO, ZERO, ZERO))
    assert settled.total == D("130.00")


def test_charge_before_tax_is_a_setting() -> None:
    settled = settle(calculate(contract(goods()), APRIL), billed_until=APRIL, is_tax_included=False)

    assert settled.charge == Taxes(D("130.00"), D("6.50"), D("12.97"))


@given(ended(), st.integers(-60, 60))
def test_final_amount_is_charge_plus_services_minus_prepaid(
    case: tuple[Contract, date], days: int
) -> None:
    known, end = case
    found = calculate(known, end)
    settled = settle(found, billed_until=end + timedelta(days=days))

    assert settled.charge.total == found.charge
    assert settled.total == found.charge + settled.services.total
    assert (settled.services.net <= 0) if days > 0 else (settled.services.net >= 0)
