"""Amounts of money: Canadian dollars as Decimal, rounded half-up to the cent, never a float.

A half cent goes away from zero, for charges as for credits. Python's own rounding and the
“Banker's Rounding” that Frappe sets up differ from the law's arithmetic by a cent here and there.
"""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from field_core.canon import Json
from field_core.problems import ProblemError

CENT: Final = Decimal("0.01")
ZERO: Final = Decimal("0.00")
AMOUNT_MAX: Final = Decimal(1_000_000_000)
"""No amount of ours comes near; Decimal's 28 digits are exact for whatever is made of this."""

_FIVE_CENTS: Final = Decimal("0.05")
_PLAIN: Final = re.compile(r"[+-]?\d{1,12}(\.\d{1,12})?", re.ASCII)


def half_up(amount: Decimal) -> Decimal:
    """Round to the cent, a half cent away from zero (Revenu Québec: half a cent is a cent)."""
    return amount.quantize(CENT, ROUND_HALF_UP) + ZERO  # the sum makes -0.00 plain zero


def amount_of(value: Json | Decimal, field: str = "amount") -> Decimal:
    """Read an amount of a document in dollars and cents; the ERP writes 79.95 as a JSON number.

    The shortest text of a JSON number is what the ERP wrote, so nothing is lost through binary.
    Raises ProblemError `invalid-value` when it is no amount, is not finite, or is beyond
    `AMOUNT_MAX`.
    """
    number = _number(value)
    if number is None or not number.is_finite() or abs(number) > AMOUNT_MAX:
        raise ProblemError("invalid-value", field=field)
    return half_up(number)


def as_text(amount: Decimal) -> str:
    """Write an amount for a message or the ERP: `1234.50`, with its two decimals."""
    return f"{half_up(amount):.2f}"


def to_cents(amount: Decimal) -> int:
    """Return whole cents, as Stripe counts. The amount must be in cents already."""
    cents = amount * 100
    assert cents == cents.to_integral_value(), f"{amount} is not a whole number of cents"
    return int(cents)


def from_cents(cents: int) -> Decimal:
    """Return the amount of so many cents."""
    return Decimal(cents) * CENT


def cash_rounded(amount: Decimal) -> Decimal:
    """Round to five cents: only for cash, after taxes (Canada has no one-cent coin since 2013)."""
    return (half_up(amount) / _FIVE_CENTS).quantize(Decimal(1), ROUND_HALF_UP) * _FIVE_CENTS + ZERO


def rounded_together(amounts: Iterable[Decimal]) -> list[Decimal]:
    """Round amounts to the cent so that the first n add up to their rounded sum, for every n.

    Each stays within a cent of itself: what one row gains by rounding, a later row gives back.
    """
    rounded, exact, told = [], Decimal(0), ZERO
    for amount in amounts:
        exact += amount
        rounded.append(half_up(exact) - told)
        told = half_up(exact)
    return rounded


def _number(value: Json | Decimal) -> Decimal | None:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str):
        return Decimal(value) if _PLAIN.fullmatch(value) else None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return Decimal(repr(value))
