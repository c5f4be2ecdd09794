"""Who makes a device, by the first 24 bits of its MAC (IEEE 802, clause 8).

Only makers of equipment that stands at customers' or next to it are listed: a prefix among them
speaks for a reading, and one that is not there proves nothing, since the list ages.
"""

from functools import cache
from typing import Final

from field_core.labels.oui_table import PREFIXES

PREFIX_DIGITS: Final = 6

_LOCAL: Final = 0x02


def maker_of(mac: str) -> str:
    """Return the maker of a MAC that begins with twelve plain digits, or an empty text."""
    return _makers().get(mac[:PREFIX_DIGITS], "")


def is_local(mac: str) -> bool:
    """Tell whether somebody other than a maker gave this address (its U/L bit)."""
    return bool(int(mac[:2], 16) & _LOCAL)


@cache
def _makers() -> dict[str, str]:
    return {
        digits[at : at + PREFIX_DIGITS]: maker
        for maker, digits in PREFIXES.items()
        for at in range(0, len(digits), PREFIX_DIGITS)
    }
