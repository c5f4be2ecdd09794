"""TPS and TVQ: once on the total, half-up, told apart."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from field_core.money import ZERO, to_cents
from field_core.taxes import Line, Taxes, taxes_of_lines, taxes_on, taxes_within
from tests.core.billing.making import CENTS, D


def tax_in_cents(net_cents: int, rate: Fraction) -> int:
    """Reckon a tax with whole numbers only."""
    doubled = 2 * abs(net_cents) * rate.numerator + rate.denominator
    return doubled // (2 * rate.denominator) * (1 if net_cents >= 0 else -1)


@given(CENTS)
def test_taxes_are_what_fractions_say(net: Decimal) -> None:
    cents, taxes = to_cents(net), taxes_on(net)

    assert to_cents(taxes.tps) == tax_in_cents(cents, Fraction(5, 100))
    assert to_cents(taxes.tvq) == tax_in_cents(cents, Fraction(9975, 100_000))
    assert taxes.total == taxes.net + taxes.tps + taxes.tvq


def test_every_cent_up_to_a_thousand_dollars_is_taxed_half_up() -> None:
    for cents in range(100_001):
        taxes = taxes_on(D(cents) / 100)
        assert to_cents(taxes.tps) == tax_in_cents(cents, Fraction(5, 100))
        assert to_cents(taxes.tvq) == tax_in_cents(cents, Fraction(9975, 100_000))


@given(CENTS)
def test_credit_cancels_its_charge(net: Decimal) -> None:
    assert taxes_on(net).total + taxes_on(-net).total == 0


def test_invoice_of_b_01_has_its_taxes() -> None:
    assert taxes_on(D("79.95")) == Taxes(D("79.95"), D("4.00"), D("7.98"))
    assert taxes_on(D("79.95")).total == D("91.93")


def test_lines_are_taxed_on_their_sum_not_one_by_one() -> None:
    lines = [Line(D("0.10"))] * 10

    assert taxes_of_lines(lines) == Taxes(D("1.00"), D("0.05"), D("0.10"))


def test_exempt_line_and_exempt_customer_pay_no_tax() -> None:
    lines = [Line(D("100.00")), Line(D("60.00"), is_taxable=False), Line(D("-20.00"))]

    assert taxes_of_lines(lines) == Taxes(D("140.00"), D("4.00"), D("7.98"))
    assert taxes_of_lines(lines, is_exempt=True) == Taxes(D("140.00"), ZERO, ZERO)
    assert taxes_of_lines([]) == Taxes(ZERO, ZERO, ZERO)


@given(CENTS)
def test_taxes_within_an_amount_add_up_to_it(total: Decimal) -> None:
    within = taxes_within(total)
    over = taxes_on(within.net)

    assert within.total == total
    assert abs(within.tps - over.tps) <= D("0.01")
    assert abs(within.tvq - over.tvq) <= D("0.01")


def test_indemnity_of_130_contains_its_taxes() -> None:
    assert taxes_within(D("130.00")) == Taxes(D("113.07"), D("5.65"), D("11.28"))


@given(st.lists(st.tuples(CENTS, st.booleans()), max_size=6))
def test_order_of_lines_does_not_matter(lines: list[tuple[Decimal, bool]]) -> None:
    made = [Line(amount, is_taxable=flag) for amount, flag in lines]

    assert taxes_of_lines(made) == taxes_of_lines(reversed(made))
