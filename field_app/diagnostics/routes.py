"""Routing and neighbour tables as systems write them: the default gateway, and MACs. Pure."""

import re
from ipaddress import IPv4Address
from typing import Final, NamedTuple

from field_core.cpe import addresses

_UP_AND_GATEWAY: Final = 0x3
"""RTF_UP and RTF_GATEWAY (linux/route.h)."""
_PROC_FIELDS: Final = 7
_IP_ROUTE: Final = re.compile(
    r"^default via (\S+)(?:.*? dev (\S+))?(?:.*? metric (\d+))?", re.MULTILINE
)
_MAC_ROUTE: Final = re.compile(r"^\s*(gateway|interface):\s*(\S+)", re.MULTILINE)
_WINDOWS_ROUTE: Final = re.compile(
    r"^\s*0\.0\.0\.0\s+0\.0\.0\.0\s+(\d+(?:\.\d+){3})\s+(\d+(?:\.\d+){3})\s+(\d+)", re.MULTILINE
)
_NEIGHBOUR_MAC: Final = re.compile(r"(?:[0-9A-Fa-f]{1,2}[:-]){5}[0-9A-Fa-f]{1,2}")


class Route(NamedTuple):
    """The way out: the gateway's address, and the interface, or its address on Windows."""

    gateway: str
    interface: str | None


def of_proc(text: str) -> Route | None:
    """Read Linux's /proc/net/route; of several default routes the least metric counts."""
    found = []
    for line in text.splitlines()[1:]:
        parts = line.split()
        if len(parts) < _PROC_FIELDS or parts[1] != "00000000":
            continue
        gateway = _of_hex(parts[2])
        if gateway and _number(parts[3], 16) & _UP_AND_GATEWAY == _UP_AND_GATEWAY:
            found.append((_number(parts[6], 10), Route(gateway, parts[0])))
    return min(found, default=(0, None), key=lambda pair: pair[0])[1]


def of_ip(text: str) -> Route | None:
    """Read `ip route`."""
    found = [
        (int(metric or 0), Route(gateway, interface or None))
        for gateway, interface, metric in _IP_ROUTE.findall(text)
        if addresses.ipv4(gateway)
    ]
    return min(found, default=(0, None), key=lambda pair: pair[0])[1]


def of_macos(text: str) -> Route | None:
    """Read `route -n get default`."""
    told = dict(_MAC_ROUTE.findall(text))
    gateway = addresses.ipv4(told.get("gateway"))
    return Route(gateway, told.get("interface")) if gateway else None


def of_windows(text: str) -> Route | None:
    """Read `route print -4`, whose words are in the user's language and whose columns are not."""
    found = [
        (int(metric), Route(gateway, own)) for gateway, own, metric in _WINDOWS_ROUTE.findall(text)
    ]
    return min(found, default=(0, None), key=lambda pair: pair[0])[1]


def mac_of(text: str, address: str) -> str | None:
    """Find the MAC of an address in /proc/net/arp, `ip neigh`, or `arp` of any system."""
    for line in text.splitlines():
        if address in re.split(r"[\s()]+", line):
            match = _NEIGHBOUR_MAC.search(line)
            # macOS leaves leading zeros out: 0:1a:79:3:10:b2
            parts = re.split("[:-]", match[0]) if match else []
            mac = addresses.mac(":".join(part.zfill(2) for part in parts))
            if mac:
                return mac
    return None


def _of_hex(text: str) -> str | None:
    """Read an address that the kernel wrote in the machine's byte order, which is little-endian."""
    try:
        return addresses.ipv4(str(IPv4Address(bytes.fromhex(text)[::-1])))
    except ValueError:
        return None


def _number(text: str, base: int) -> int:
    try:
        return int(text, base)
    except ValueError:
        return 0
