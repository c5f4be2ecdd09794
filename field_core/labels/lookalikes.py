"""Characters that print takes for others: repaired where only one can be, listed where two can.

In hexadecimal digits O, Q, I, L, S, Z, G and T cannot occur, so that what they stand for is known.
B and 8, D and 0 are digits all: such readings are alternatives, never exchanged in silence.
"""

from collections.abc import Iterator
from typing import Final

TO_DIGITS: Final = str.maketrans("OQIL|!SZGT", "0011115267")
TO_LETTERS: Final = str.maketrans("015826", "OISBZG")
HEX_LIKE: Final = "0-9A-FOQILSZGT|!"
"""For a regular expression's class: hexadecimal digits and what is taken for them."""
ALTERNATIVES_MAX: Final = 8
"""More than a person would look through."""

_EITHER: Final = str.maketrans("B8D0", "8B0D")
_EITHER_LETTERS: Final = str.maketrans("B8S5Z2G6O0I1", "8B5S2Z6G0O1I")


def repaired(digits: str) -> tuple[str, int]:
    """Return hexadecimal digits with what cannot be one repaired, and how many were."""
    right = digits.translate(TO_DIGITS)
    return right, sum(a != b for a, b in zip(digits, right, strict=True))


def hex_alternatives(digits: str) -> list[str]:
    """Return the readings in which one digit is the other that looks like it."""
    return list(_flipped(digits, _EITHER))


def serial_alternatives(serial: str) -> list[str]:
    """Return the readings of a serial in which one letter or digit is its look-alike."""
    return list(_flipped(serial, _EITHER_LETTERS))[:ALTERNATIVES_MAX]


def _flipped(text: str, either: dict[int, int]) -> Iterator[str]:
    for at, mark in enumerate(text):
        other = mark.translate(either)
        if other != mark:
            yield text[:at] + other + text[at + 1 :]
