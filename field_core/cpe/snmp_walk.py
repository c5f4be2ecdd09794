"""A walk as columns: `{oid: (tag, value)}`, with the tags of `.snmprec` files.

Tags are 2 integer, 4 text, 4x hex, 6 OID, 64 address, 65 counter32, 66 gauge, 67 ticks and 70
counter64. Values are text as in the file, or what an SNMP library gives (int, bytes). Nothing here
raises.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from field_core.canon import storable
from field_core.cpe import addresses, parsing

ROWS_MAX: Final = 100_000
"""Four times the largest table measured (22,000 values); what is longer is no home's device."""
COUNTER_MAX: Final = 2**64 - 1
"""The largest Counter64 (RFC 2578, 7.1.10)."""

_OID: Final = re.compile(r"\.?(\d{1,10}(?:\.\d{1,10}){1,127})", re.ASCII)
_DIGITS: Final = re.compile(r"\s*-?\d{1,20}\s*", re.ASCII)
_HEX: Final = re.compile(r"(?:[0-9A-Fa-f]{2})*")
_HEX_TAG: Final = "4x"
_NUMBERS: Final = frozenset({"2", "65", "66", "67", "70"})
MAC_BYTES: Final = 6


class Walk:
    """What a walk found, by OID."""

    def __init__(self, walk: object) -> None:
        """Take what is readable of a walk of any shape."""
        self._values: dict[str, tuple[str, object]] = {}
        for oid, entry in _entries(walk):
            self._values[oid] = entry

    def column(self, base: str) -> dict[str, tuple[str, object]]:
        """Return the entries below an OID, by the rest of their OID, in the walk's order."""
        head = f"{base}."
        return {o[len(head) :]: v for o, v in self._values.items() if o.startswith(head)}

    def numbers(self, base: str) -> dict[str, int]:
        """Return a column of numbers."""
        found = {row: whole(entry) for row, entry in self.column(base).items()}
        return {row: value for row, value in found.items() if value is not None}

    def texts(self, base: str) -> dict[str, str]:
        """Return a column of texts that say anything."""
        found = {row: words(entry) for row, entry in self.column(base).items()}
        return {row: value for row, value in found.items() if value is not None}

    def macs(self, base: str) -> dict[str, str]:
        """Return a column of addresses on the wire."""
        found = {row: mac(entry) for row, entry in self.column(base).items()}
        return {row: value for row, value in found.items() if value is not None}

    def number(self, oid: str) -> int | None:
        """Return one number."""
        return whole(self._values.get(oid, ("", None)))

    def text(self, oid: str) -> str | None:
        """Return one text."""
        return words(self._values.get(oid, ("", None)))


def _entries(walk: object) -> Iterator[tuple[str, tuple[str, object]]]:
    if not isinstance(walk, Mapping):
        return
    for oid, entry in list(walk.items())[:ROWS_MAX]:
        match = _OID.fullmatch(oid) if isinstance(oid, str) else None
        if match and isinstance(entry, (tuple, list)) and len(entry) == 2:  # noqa: PLR2004 - a pair
            yield match[1], (str(entry[0]), entry[1])


def whole(entry: tuple[str, object]) -> int | None:
    """Return a whole number of a numeric tag."""
    tag, value = entry
    if tag not in _NUMBERS or isinstance(value, bool):
        return None
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        value = int(value)
    return value if isinstance(value, int) and -COUNTER_MAX <= value <= COUNTER_MAX else None


def words(entry: tuple[str, object]) -> str | None:
    """Return a text, decoded as UTF-8 where it is bytes or hexadecimal."""
    tag, value = entry
    if tag == _HEX_TAG or isinstance(value, (bytes, bytearray)):
        return parsing.text(storable(_bytes(entry).decode("utf-8", "replace")))
    return parsing.text(storable(value)) if isinstance(value, str) else None


def mac(entry: tuple[str, object]) -> str | None:
    """Return a MAC from six bytes, from hexadecimal, or from text."""
    raw = _bytes(entry)
    return addresses.mac(raw.hex()) if len(raw) == MAC_BYTES else addresses.mac(words(entry))


def _bytes(entry: tuple[str, object]) -> bytes:
    tag, value = entry
    if isinstance(value, (bytes, bytearray)):
        return bytes(value)
    digits = value.removeprefix("0x") if tag == _HEX_TAG and isinstance(value, str) else ""
    return bytes.fromhex(digits) if _HEX.fullmatch(digits) else b""
