"""What JSON values count as in a rule: truth, number, text, equal, less; as JavaScript has it.

Rules were first run by browsers, so JSONLogic takes JavaScript's word for `"2" > 1`. Unlike there,
lists and objects are equal by what they hold, and count as no number.
"""

import math
import re
from typing import Final

from field_core.canon import Json, dump
from field_core.values import same

_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_EXACT_MAX: Final = 2**53
"""Whole numbers beyond this are not exact as a double, here or in a browser."""


def truth(value: Json) -> bool:
    """Tell whether a value counts as true: an empty list does not, an empty object does."""
    return isinstance(value, dict) or bool(value)


def number(value: Json) -> float:
    """Return what a value counts as; NaN when it is no number. Nothing and the empty text are 0."""
    if isinstance(value, (list, dict)):
        return math.nan
    if not isinstance(value, str):
        return float(value or 0)
    typed = value.strip()
    if not typed:
        return 0.0
    return float(typed) if _NUMBER.fullmatch(typed) else math.nan


def plain(value: float) -> Json:
    """Return a whole number as such, so that 2.0 is written 2."""
    return int(value) if value.is_integer() and abs(value) <= _EXACT_MAX else value


def text(value: Json) -> str:
    """Write a value; nothing is the empty text."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return dump(plain(value) if isinstance(value, float) else value)


def is_equal(one: Json, other: Json) -> bool:
    """Compare as `==` does: 1 equals "1", nothing equals only nothing."""
    if one is None or other is None:
        return one is other
    if isinstance(one, str) and isinstance(other, str):
        return one == other
    return same(one, other) if _is_holder(one) else number(one) == number(other)


def is_less(one: Json, other: Json) -> bool:
    """Compare as `<` does: texts by their letters, all else as numbers."""
    if isinstance(one, str) and isinstance(other, str):
        return one < other
    return number(one) < number(other)


def is_at_most(one: Json, other: Json) -> bool:
    """Compare as `<=` does."""
    if isinstance(one, str) and isinstance(other, str):
        return one <= other
    return number(one) <= number(other)


def _is_holder(value: Json) -> bool:
    return isinstance(value, (list, dict))
