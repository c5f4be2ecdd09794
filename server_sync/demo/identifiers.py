"""MAC addresses and GPON serials that are valid, unique and repeatable.

A number is spread over its range by an odd factor modulo a power of two. That is a bijection: no
two numbers give the same address, and neighbours do not look like neighbours.
"""

from typing import Final

_MAC_BITS: Final = 24
_SERIAL_BITS: Final = 32
_FACTOR: Final = 0x9E3779B1
"""The golden ratio times 2**32, made odd (Knuth, TAOCP 6.4)."""


def mac_address(oui: str, number: int, *, seed: int) -> str:
    """Return the `number`th address under a maker's prefix, as `AA:BB:CC:DD:EE:FF`."""
    tail = f"{_spread(number, seed, _MAC_BITS):06X}"
    return ":".join((oui, tail[:2], tail[2:4], tail[4:]))


def gpon_serial(vendor: str, number: int, *, seed: int) -> str:
    """Return a GPON serial in its text form: four letters, eight hexadecimal digits (G.984.3)."""
    return f"{vendor}{_spread(number, seed, _SERIAL_BITS):08X}"


def gpon_hexadecimal(serial: str) -> str:
    """Return the all-hexadecimal form of a GPON serial: `TPLG…` is `54504C47…`."""
    return serial[:4].encode("ascii").hex().upper() + serial[4:]


def maker_serial(number: int, *, seed: int) -> str:
    """Return a maker's serial number: 13 digits, as on TP-Link labels."""
    return f"22{_spread(number, seed, _SERIAL_BITS) % 10**6:06d}{number:05d}"


def _spread(number: int, seed: int, bits: int) -> int:
    return (number * _FACTOR + seed * 7919 + 0x5EED) % (1 << bits)
