"""Referral codes: stable, unique by salt, read as people say them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_core.referral import SALT_MAX, ReferralCode, code_of, free_code, read_code
from tests.core.billing.making import OLD_SECRET, SECRET
from tests.core.strategies import TEXT

CODE = re.compile("[0-9A-HJKMNP-TV-Z]{6}")


@given(TEXT, st.integers(0, SALT_MAX))
def test_code_has_six_crockford_symbols_and_reads_as_itself(customer: str, salt: int) -> None:
    code = code_of(customer, secret=SECRET, salt=salt)

    assert CODE.fullmatch(code)
    assert read_code(code) == code


def test_code_depends_on_customer_salt_and_secret() -> None:
    codes = {
        code_of(customer, secret=secret, salt=salt)
        for customer in ("CUST-000001", "CUST-000002")
        for secret in (SECRET, OLD_SECRET)
        for salt in (0, 1, 2)
    }

    assert len(codes) == 12


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("O1ILxx", "0111XX"),
        ("o1ilXX", "0111XX"),
        (" 0f9-x9t ", "0F9X9T"),
        ("0F9 X9T", "0F9X9T"),
        ("0F9X9U", None),
        ("0F9X9", None),
        ("0F9X9TT", None),
        ("0F9X9İ", None),
        ("0F9X9ſ", None),
        ("", None),
    ],
)
def test_code_is_read_tolerantly(typed: str, code: str | None) -> None:
    assert read_code(typed) == code


@given(st.text(max_size=12))
def test_any_text_reads_as_a_code_or_none(text: str) -> None:
    code = read_code(text)

    assert code is None or (CODE.fullmatch(code) and read_code(code) == code)


def test_free_code_is_the_first_that_nobody_has() -> None:
    first, second, third = (code_of("C", secret=SECRET, salt=salt) for salt in range(3))

    assert free_code("C", secret=SECRET, is_taken=lambda _: False) == ReferralCode(first, 0)
    assert free_code("C", secret=SECRET, is_taken={first, second}.__contains__) == (third, 2)


def test_free_code_gives_up_when_all_are_taken() -> None:
    with pytest.raises(LookupError, match="within 100 salts"):
        free_code("C", secret=SECRET, is_taken=lambda _: True)


def test_fifty_thousand_customers_all_get_a_code_of_their_own() -> None:
    taken: dict[str, int] = {}
    for n in range(50_000):
        code, salt = free_code(f"CUST-{n:06}", secret=SECRET, is_taken=taken.__contains__)
        taken[code] = salt

    assert len(taken) == 50_000
    assert max(taken.values()) <= 1
