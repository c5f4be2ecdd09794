"""Which band a radio, a channel or a network is on."""

import re
from typing import Final

from field_core.canon import Json
from field_core.cpe import parsing
from field_core.cpe.families import CATALOGUE
from field_core.cpe.families.tr098 import BAND_OF_PLACE
from field_core.cpe.tree import Tree

CHANNEL_MAX: Final = 233
"""The highest of the 6 GHz band (IEEE 802.11ax)."""

_NAMED: Final = (("2.4", "2.4GHz"), ("5", "5GHz"), ("6", "6GHz"))
_GHZ: Final = re.compile(r"\s*(2\.4|5|6)\s*G(?:Hz)?\s*", re.IGNORECASE)
_CHANNELS_2_4: Final = range(1, 15)
_CHANNELS_5: Final = range(32, CHANNEL_MAX)
_STANDARDS: Final = ((re.compile(r"ac|a(?!x)"), "5GHz"), (re.compile(r"[bg]"), "2.4GHz"))


def band(value: Json) -> str | None:
    """Return `2.4GHz`, `5GHz` or `6GHz` from text such as `5G`; a list of several says none."""
    match = _GHZ.fullmatch(value) if isinstance(value, str) else None
    return dict(_NAMED)[match[1]] if match else None


def channel(value: Json) -> int | None:
    """Return a channel number, 1 to 233."""
    number = parsing.count(value)
    return number if number and number <= CHANNEL_MAX else None


def band_of(network: Tree) -> str | None:
    """Return the band of a TR-098 network: as stated, else by channel, standard or place."""
    stated = (band(network.leaf(path).value) for path in CATALOGUE.band)
    guesses = (_by_channel(network), _by_standard(network), _by_place(network))
    return next((found for found in (*stated, *guesses) if found), None)


def band_of_channel(value: Json) -> str | None:
    """Return the band of a channel number below 6 GHz; numbers of both bands mean 2.4 or 5 GHz."""
    number = channel(value)
    if number in _CHANNELS_2_4:
        return "2.4GHz"
    return "5GHz" if number in _CHANNELS_5 else None


def _by_channel(network: Tree) -> str | None:
    return band_of_channel(network.leaf("Channel").value)


def _by_standard(network: Tree) -> str | None:
    letters = str(network.leaf("Standard").value or "").casefold().removeprefix("802.")
    found = (name for pattern, name in _STANDARDS if pattern.search(letters))
    return next(found, None)


def _by_place(network: Tree) -> str | None:
    place = parsing.count(network.number)
    return next((name for places, name in BAND_OF_PLACE if place in places), None)
