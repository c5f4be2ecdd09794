"""Numbers as people type them: comma or point, a dash that the keyboard made long, blanks between.

What is no plain number is none: no exponent, no infinity, no digits of other scripts.
"""

import re
from typing import Final

DIGITS_MAX: Final = 15
"""What a double holds exactly; more is a slip of the hand."""

_MINUSES: Final = str.maketrans(
    dict.fromkeys("\N{MINUS SIGN}\N{EN DASH}\N{NON-BREAKING HYPHEN}", "-")
)
_PLAIN: Final = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)", re.ASCII)
_ENGLISH_THOUSANDS: Final = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)


def read_number(text: str, language: str = "fr") -> float | None:
    """Return a typed number, or None when it is none.

    In either language comma and point part the decimals; but `1,250` is a thousand in English.
    """
    typed = "".join(text.translate(_MINUSES).split())
    if sum(c.isdigit() for c in typed) > DIGITS_MAX:
        return None
    if language.startswith("en") and _ENGLISH_THOUSANDS.fullmatch(typed):
        return float(typed.replace(",", ""))
    return float(typed.replace(",", ".")) if _PLAIN.fullmatch(typed) else None


def write_number(value: float, language: str = "fr") -> str:
    """Write a number as it would be typed, without needless decimals."""
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return text if language.startswith("en") else text.replace(".", ",")
