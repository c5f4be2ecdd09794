"""Amounts: half-up, read from documents, written and typed in both languages."""

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_core.canon import Json
from field_core.money import (
    AMOUNT_MAX,
    amount_of,
    as_text,
    cash_rounded,
    from_cents,
    half_up,
    rounded_together,
    to_cents,
)
from field_core.money_text import MINUS, NO_BREAK, read_amount, write_amount
from field_core.problems import Problem, ProblemError
from tests.core.billing.making import CENTS, D

EXACT = st.fractions(-1_000_000, 1_000_000, max_denominator=4800).map(
    lambda f: D(f.numerator) / D(f.denominator)
)


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [
        ("0.005", "0.01"),
        ("-0.005", "-0.01"),
        ("2.675", "2.68"),
        ("29.975", "29.98"),
        ("0.0049", "0.00"),
        ("-0.0049", "0.00"),
    ],
)
def test_half_a_cent_goes_away_from_zero(exact: str, rounded: str) -> None:
    assert str(half_up(D(exact))) == rounded


@given(EXACT)
def test_rounding_is_within_half_a_cent_and_the_same_for_a_credit(exact: Decimal) -> None:
    assert abs(half_up(exact) - exact) <= D("0.005")
    assert half_up(-exact) == -half_up(exact)


@given(EXACT, EXACT)
def test_rounding_keeps_the_order(one: Decimal, other: Decimal) -> None:
    assert (half_up(one) <= half_up(other)) or one > other


@given(st.integers(-200_000, 200_000))
def test_rounding_is_what_fractions_say(thousandths: int) -> None:
    exact = Fraction(thousandths, 1000)
    whole = abs(exact) * 100 + Fraction(1, 2)

    expected = (whole.numerator // whole.denominator) * (1 if exact >= 0 else -1)
    assert to_cents(half_up(D(thousandths) / 1000)) == expected


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        (79.95, "79.95"),
        (1.1 + 2.2, "3.30"),
        (130, "130.00"),
        ("130", "130.00"),
        ("-20.005", "-20.01"),
        (D("0.005"), "0.01"),
        (1e-7, "0.00"),
    ],
)
def test_amount_of_a_document_is_read(written: Json | Decimal, amount: str) -> None:
    assert str(amount_of(written)) == amount


@pytest.mark.parametrize(
    "written",
    [
        None,
        True,
        "",
        " 1",
        "1_000",
        "1e3",
        "NaN",
        "١",
        [1],
        float("nan"),
        float("inf"),
        1e300,
        D("NaN"),
        AMOUNT_MAX + 1,
    ],
)
def test_what_is_no_amount_is_refused_by_name(written: Json | Decimal) -> None:
    with pytest.raises(ProblemError) as caught:
        amount_of(written, "rate")

    assert caught.value.problem == Problem("invalid-value", {"field": "rate"})


@given(CENTS)
def test_every_amount_survives_the_number_the_erp_writes(amount: Decimal) -> None:
    assert amount_of(float(amount)) == amount
    assert amount_of(as_text(amount)) == amount


@given(CENTS)
def test_cents_and_back_is_the_amount(amount: Decimal) -> None:
    assert from_cents(to_cents(amount)) == amount


def test_part_of_a_cent_is_no_number_of_cents() -> None:
    with pytest.raises(AssertionError, match="whole number of cents"):
        to_cents(D("0.005"))


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [("1.02", "1.00"), ("1.03", "1.05"), ("1.07", "1.05"), ("1.08", "1.10"), ("-1.03", "-1.05")],
)
def test_cash_is_rounded_to_five_cents(exact: str, rounded: str) -> None:
    assert str(cash_rounded(D(exact))) == rounded


@given(st.lists(EXACT, max_size=12))
def test_rounded_together_then_every_beginning_adds_up(amounts: list[Decimal]) -> None:
    rounded = rounded_together(amounts)

    for count in range(len(amounts) + 1):
        assert sum(rounded[:count]) == half_up(sum(amounts[:count], D(0)))
    assert all(abs(one - exact) <= D("0.01") for one, exact in zip(rounded, amounts, strict=True))


def test_thirds_of_a_dollar_add_up_to_the_dollar() -> None:
    assert rounded_together([D(1) / 3] * 3) == [D("0.33"), D("0.34"), D("0.33")]


@pytest.mark.parametrize(
    ("amount", "fr", "en"),
    [
        ("1234.56", "1_234,56_$", "$1,234.56"),
        ("0", "0,00_$", "$0.00"),
        ("-20", "−20,00_$", "−$20.00"),
        ("1000000", "1_000_000,00_$", "$1,000,000.00"),
        ("-0.001", "0,00_$", "$0.00"),
    ],
)
def test_amount_is_written_as_each_language_does(amount: str, fr: str, en: str) -> None:
    assert write_amount(D(amount)) == fr.replace("_", NO_BREAK)
    assert write_amount(D(amount), "en-CA") == en
    assert (MINUS in en) is (D(amount) <= D("-0.01"))


@given(CENTS.map(abs), st.sampled_from(["fr", "en"]))
def test_amount_written_can_be_typed_back(amount: Decimal, language: str) -> None:
    assert read_amount(write_amount(amount, language), language) == amount


@pytest.mark.parametrize(
    ("typed", "fr", "en"),
    [
        ("25", "25.00", "25.00"),
        ("25,5", "25.50", "25.50"),
        (" 25.50 $ ", "25.50", "25.50"),
        ("$ 25", "25.00", "25.00"),
        ("1 234,56", "1234.56", "1234.56"),
        ("1,250", None, "1250.00"),
        ("1,250,00", None, None),
        ("25,", None, None),
        ("2$5", None, None),
        ("-5", None, None),
        ("1e3", None, None),
        ("٣", None, None),
        ("", None, None),
        ("9999999999", None, None),
        ("1" * 400, None, None),
    ],
)
def test_typed_amount_is_read_or_refused(typed: str, fr: str | None, en: str | None) -> None:
    for language, expected in (("fr", fr), ("en", en)):
        found = read_amount(typed, language)
        assert (None if found is None else str(found)) == expected


@given(st.text(max_size=24), st.sampled_from(["fr", "en"]))
def test_any_text_is_an_amount_or_none(typed: str, language: str) -> None:
    found = read_amount(typed, language)

    assert found is None or (0 <= found <= AMOUNT_MAX and found == half_up(found))


def test_rounding_does_not_lean_on_the_rounding_of_the_context() -> None:
    with localcontext(rounding="ROUND_DOWN"):
        assert half_up(D("0.125")) == D("0.13")
