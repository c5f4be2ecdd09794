"""What a device wrote, as a number, a whole number, a truth or a text; what is none of it is None.

GenieACS parses a value when it fits its type and keeps the raw text when it does not (an empty
`xsd:unsignedInt` is `""`), so every reader takes either. Nothing here raises.
"""

import re
from collections.abc import Callable
from typing import Final

from field_core.canon import Json

NUMBER_MAX: Final = 1e18
"""No quantity of a device is larger; what is would overflow somewhere behind."""
COUNT_MAX: Final = 4_294_967_294
"""One less than what 32 bits of ones read as, which firmware uses for "none"."""
TEXT_MAX: Final = 256
"""The longest text of the data models that we show; a device's log is none of them."""
WHOLE_PCT: Final = 100

_NUMBER: Final = re.compile(
    r"\s*([+-]?\d{1,18}(?:\.\d{0,18})?)\s*(%|°?C|m?V|[mµu]?A|[Kk]bps|Mbps|MHz|dBm)?\s*", re.ASCII
)
_DBM: Final = re.compile(r"([+-]?\d{1,4}(?:\.\d{1,6})?)\s*dBm", re.ASCII | re.IGNORECASE)
_TRUTHS: Final = {"true": True, "1": True, "false": False, "0": False}
_EMPTY: Final = frozenset({"", "-", "--", "n/a", "null", "none"})


def is_empty(value: Json) -> bool:
    """Tell whether a value says nothing: absent, an empty text, a dash, an object."""
    if isinstance(value, str):
        return value.strip().casefold() in _EMPTY
    return value is None or isinstance(value, (list, dict))


def number(value: Json) -> float | None:
    """Return a plain number, also from text and with its unit behind it (`41%`, `3.25 V`)."""
    if isinstance(value, str):
        match = _NUMBER.fullmatch(value)
        return float(match[1]) if match else None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if -NUMBER_MAX <= value <= NUMBER_MAX else None


def count(value: Json) -> int | None:
    """Return a whole number from 0 up to, not including, 32 bits of ones."""
    plain = number(value)
    if plain is None or not plain.is_integer() or not 0 <= plain <= COUNT_MAX:
        return None
    return int(plain)


def flag(value: Json) -> bool | None:
    """Return a truth as the data models write one: true, false, 1, 0 in any case."""
    if isinstance(value, (bool, str, int)):
        return _TRUTHS.get(str(value).strip().casefold())
    return None


def text(value: Json) -> str | None:
    """Return a text without blanks around it, or None when nothing is left or far too much."""
    if not isinstance(value, str) or is_empty(value) or len(value) > TEXT_MAX:
        return None
    return value.strip()


def converted(convert: Callable[[float], float | None]) -> Callable[[Json], float | None]:
    """Return a parser that reads a number and converts it."""

    def parse(value: Json) -> float | None:
        plain = number(value)
        return None if plain is None else convert(plain)

    return parse


def stated_dbm(value: Json) -> float | None:
    """Return the level of a text that names its unit: `-19.2 dBm`, `0.00 mW (-23.19 dBm)`."""
    match = _DBM.search(value) if isinstance(value, str) else None
    return float(match[1]) if match else None


def percent(value: Json) -> int | None:
    """Return a whole percentage from 0 to 100; of several (`7%;9%`, one a core) the highest."""
    parts = re.split(r"[;,/ ]+", value.strip()) if isinstance(value, str) else [value]
    shares = [share for part in parts if (share := number(part)) is not None]
    highest = max(shares, default=-1.0)
    return round(highest) if min(shares, default=-1.0) >= 0 and highest <= WHOLE_PCT else None
