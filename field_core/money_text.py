"""Amounts as people read and type them: `1 234,56 $` in French, `$1,234.56` in English."""

import re
from decimal import Decimal
from typing import Final

from field_core.money import AMOUNT_MAX, ZERO, half_up

NO_BREAK: Final = "\N{NO-BREAK SPACE}"
MINUS: Final = "\N{MINUS SIGN}"

_FRENCH: Final = re.compile(r"(\d+)(?:[.,](\d{1,2}))?", re.ASCII)
_ENGLISH: Final = re.compile(r"(\d{1,3}(?:,\d{3})+(?![,\d])|\d+)(?:[.,](\d{1,2}))?", re.ASCII)
_TYPED_MAX: Final = 20
"""Characters of the longest amount, commas and cents included; what is longer is not read."""


def write_amount(amount: Decimal, language: str = "fr") -> str:
    """Write an amount with two decimals, no-break spaces and a true minus sign."""
    exact = half_up(amount)
    sign, digits = MINUS if exact < 0 else "", f"{abs(exact):,.2f}"
    if language.startswith("en"):
        return f"{sign}${digits}"
    return f"{sign}{digits.replace(',', NO_BREAK).replace('.', ',')}{NO_BREAK}$"


def read_amount(text: str, language: str = "fr") -> Decimal | None:
    """Return a typed amount, zero or more, or None when it is none.

    Comma and point both part the cents; `1,250` is a thousand in English and nothing in French,
    where a third decimal has no meaning. A dollar sign and blanks do not matter.
    """
    typed = "".join(text.split()).removeprefix("$").removesuffix("$")
    pattern = _ENGLISH if language.startswith("en") else _FRENCH
    read = pattern.fullmatch(typed) if len(typed) <= _TYPED_MAX else None
    if read is None:
        return None
    amount = Decimal(f"{read[1].replace(',', '')}.{read[2] or '0'}") + ZERO
    return amount if amount <= AMOUNT_MAX else None
