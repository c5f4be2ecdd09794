"""MAC and IP addresses and host names as devices write them, in one spelling or None."""

import ipaddress
import re
from typing import Final

from field_core import identity
from field_core.canon import Json
from field_core.cpe import parsing

CGNAT: Final = ipaddress.IPv4Network("100.64.0.0/10")
"""Shared address space of carriers (RFC 6598): the customer cannot be reached from outside."""
_PRIVATE: Final = tuple(
    ipaddress.IPv4Network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
)
NO_IPV4: Final = ("0.0.0.0",)  # noqa: S104 - what firmware writes for "none"; nothing is bound

_BROADCAST: Final = ipaddress.IPv4Address("255.255.255.255")

_MAC: Final = re.compile(
    r"[0-9A-Fa-f]{2}([:.-]?[0-9A-Fa-f]{2}){5}|([0-9A-Fa-f]{4}[.:-]){2}[0-9A-Fa-f]{4}"
)
NO_NAMES: Final = ("*", "Unknown", "unknown", "UNKNOWN")
"""What firmware writes where a host told no name."""


def mac(value: Json) -> str | None:
    """Return a MAC as `1C:61:B4:10:20:30`; null, group and broken addresses are none."""
    if not isinstance(value, str) or not _MAC.fullmatch(value.strip()):
        return None
    digits = identity.mac(value)
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2)) if digits else None


def ipv4(value: Json) -> str | None:
    """Return an IPv4 address that an interface can have; `0.0.0.0` and 255.255.255.255 are none."""
    try:
        address = ipaddress.IPv4Address(value.strip()) if isinstance(value, str) else None
    except ValueError:
        return None
    if address is None or address.is_unspecified or address == _BROADCAST:
        return None
    return str(address)


def servers(value: Json) -> list[str]:
    """Return the addresses of a list of name servers, without empties, zeros and nonsense."""
    parts = re.split(r"[,; ]+", value) if isinstance(value, str) else []
    return [address for part in parts if (address := _server(part))]


def _server(part: str) -> str | None:
    try:
        address = ipaddress.ip_address(part)
    except ValueError:
        return None
    return None if address.is_unspecified else str(address)


def is_cgnat(address: str | None) -> bool:
    """Tell whether an IPv4 address lies in the carriers' shared space (100.64.0.0/10)."""
    return address is not None and ipaddress.IPv4Address(address) in CGNAT


def is_private(address: str | None) -> bool:
    """Tell whether an IPv4 address is for use inside only (RFC 1918, link-local)."""
    if address is None:
        return False
    parsed = ipaddress.IPv4Address(address)
    return parsed.is_link_local or any(parsed in network for network in _PRIVATE)


def host_name(value: Json) -> str | None:
    """Return a host's name; `*` and `Unknown` are what firmware writes for none."""
    name = parsing.text(value)
    return None if name is None or name in NO_NAMES else name
