"""What identifies a device: its MAC, and its serial number in whichever form a label prints it.

`mac`, `bare` and `serial_forms` are for looking up and never fail; `read_mac`, `read_gpon_serial`
and `read_serial` are for what a person typed, and say what is wrong with it.
"""

import re
from collections.abc import Mapping
from typing import Final

from field_core.canon import Json
from field_core.problems import ProblemError

MAC_DIGITS: Final = 12
VENDOR_DIGITS: Final = 8
VENDOR_LETTERS: Final = 4
SERIAL_LENGTH_MIN: Final = 5
"""Shorter than any maker's; a person who types less has stopped half-way."""
SERIAL_LENGTH_MAX: Final = 32
"""Longer than any maker's; what is longer is two codes in one field."""

_HEXADECIMAL: Final = re.compile("[0-9A-F]+")
_VENDOR: Final = re.compile(r"[A-Z]{4}[0-9A-F]{8}")
_VENDOR_IN_HEX: Final = re.compile(r"(?:4[1-9A-F]|5[0-9A]){4}[0-9A-F]{8}")
_SERIAL: Final = re.compile(r"[A-Z0-9](?:[A-Z0-9./_-]*[A-Z0-9])?")
_MULTICAST: Final = 0x01
_PARTED: Final = str.maketrans("", "", ":-.\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{EN DASH}")
"""What parts the groups of a MAC: `A4:2B:…`, `A4-2B-…`, `a42b.b01c…`; phones make dashes long."""


def bare(text: str) -> str:
    """Return the letters and digits of an identity, in capitals: how labels part them is taste."""
    return "".join(c for c in text.upper() if c.isalnum())


def mac(text: str) -> str | None:
    """Return a device's MAC as 12 capital hexadecimal digits, or None when it can be none.

    Groups (multicast, broadcast) and the null address belong to no device (IEEE 802, 8.2).
    """
    digits = bare(text)
    if len(digits) != MAC_DIGITS or not _HEXADECIMAL.fullmatch(digits):
        return None
    return None if _is_group(digits) or _is_null(digits) else digits


def read_mac(text: str) -> str:
    """Return a typed MAC, in any notation, as `A4:2B:B0:1C:9F:3E`.

    Raises ProblemError: `mac-characters`, `mac-length`, `mac-reserved`, `mac-multicast` (T-10).
    """
    digits = "".join(text.upper().translate(_PARTED).split())
    strange = [c for c in dict.fromkeys(digits) if not _HEXADECIMAL.fullmatch(c)]
    if strange:
        raise ProblemError("mac-characters", found=" ".join(strange))
    if len(digits) != MAC_DIGITS:
        raise ProblemError("mac-length", count=len(digits))
    if _is_null(digits) or digits == "F" * MAC_DIGITS:
        raise ProblemError("mac-reserved")
    if _is_group(digits):
        raise ProblemError("mac-multicast")
    return ":".join(digits[at : at + 2] for at in range(0, MAC_DIGITS, 2))


def _is_group(digits: str) -> bool:
    return bool(int(digits[:2], 16) & _MULTICAST)


def _is_null(digits: str) -> bool:
    return not int(digits, 16)


def serial_forms(text: str) -> tuple[str, ...]:
    """Return every form in which a serial number may be recorded.

    A GPON serial is a vendor's four letters and eight hexadecimal digits (ITU-T G.984.3, 9.2.4.1),
    also written with the letters as hexadecimal: `TPLG1A2B3C4D` is `54504C471A2B3C4D`.
    """
    serial = bare(text)
    if _VENDOR.fullmatch(serial):
        return serial, gpon_in_hex(serial)
    if _VENDOR_IN_HEX.fullmatch(serial):
        return serial, gpon_in_letters(serial)
    return (serial,) if serial else ()


def gpon_in_hex(serial: str) -> str:
    """Write a GPON serial of four letters and eight digits as sixteen digits."""
    return serial[:VENDOR_LETTERS].encode("ascii").hex().upper() + serial[VENDOR_LETTERS:]


def gpon_in_letters(serial: str) -> str:
    """Write a GPON serial of sixteen digits with the vendor's four letters."""
    return bytes.fromhex(serial[:VENDOR_DIGITS]).decode("ascii") + serial[VENDOR_DIGITS:]


def read_gpon_serial(text: str) -> str:
    """Return a typed GPON serial, in either form, as `TPLGA1B2C3D4`.

    Raises ProblemError `gpon-serial`.
    """
    serial = bare(text)
    if _VENDOR.fullmatch(serial):
        return serial
    if _VENDOR_IN_HEX.fullmatch(serial):
        return gpon_in_letters(serial)
    raise ProblemError("gpon-serial")


def read_serial(text: str) -> str:
    """Return a typed serial number of a maker, in capitals without blanks.

    Raises ProblemError: `serial-characters`, `serial-length`, `serial-implausible`.
    """
    serial = "".join(text.upper().split())
    if not _SERIAL.fullmatch(serial):
        raise ProblemError("serial-characters")
    if not SERIAL_LENGTH_MIN <= len(serial) <= SERIAL_LENGTH_MAX:
        raise ProblemError("serial-length", least=SERIAL_LENGTH_MIN, most=SERIAL_LENGTH_MAX)
    marks = bare(serial)
    if len(set(marks)) == 1 or not any(c.isdigit() for c in marks):
        raise ProblemError("serial-implausible")
    return serial


def same_device(one: Mapping[str, Json], other: Mapping[str, Json]) -> bool:
    """Tell whether two pieces of equipment are one: by MAC where both have one, else by serial.

    MAC is the identity (SC-07): serials in the ERP may differ from those on labels, so equal
    serials say nothing against different MACs.
    """
    macs = [mac(str(device.get("mac_address") or "")) for device in (one, other)]
    if all(macs):
        return macs[0] == macs[1]
    return not _serials(one).isdisjoint(_serials(other))


def _serials(device: Mapping[str, Json]) -> set[str]:
    texts = (str(device.get(name) or "") for name in ("serial_no", "gpon_serial"))
    return {form for text in texts for form in serial_forms(text)}
