"""Finding the gateway's UPnP description: one question to the group, the gateway's answer taken."""

import select
import socket
from contextlib import suppress
from ipaddress import IPv4Address
from typing import Final
from urllib.parse import urlsplit

from field_app.diagnostics.visit import Visit
from field_core.cpe import addresses, upnp

WAIT_S: Final = 2.5
ANSWERS_MAX: Final = 32
"""A house with more UPnP devices than this has answered enough."""
URL_CHARS_MAX: Final = 300
_TTL: Final = 2
"""UPnP Device Architecture 2.0, 1.1.2."""
_WANTED: Final = (
    "urn:schemas-upnp-org:device:InternetGatewayDevice:1",
    "urn:schemas-upnp-org:device:InternetGatewayDevice:2",
)


def search(place: tuple[str, int], wanted: str) -> bytes:
    """Return an M-SEARCH (UPnP Device Architecture 2.0, 1.3.2)."""
    lines = (
        "M-SEARCH * HTTP/1.1",
        f"HOST: {place[0]}:{place[1]}",
        'MAN: "ssdp:discover"',
        "MX: 1",
        f"ST: {wanted}",
    )
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode()


def find(visit: Visit) -> str | None:
    """Return the URL of the gateway's description, or None when none answers in time.

    An answer counts only from the gateway itself (from anybody where it is not known), and only
    if it points at who answered: a device on the customer's network must not choose whom we ask.
    """
    place = visit.kit.places.ssdp
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        with suppress(OSError):
            asking.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, _TTL)
            asking.setsockopt(
                socket.IPPROTO_IP,
                socket.IP_MULTICAST_IF,
                socket.inet_aton(visit.kit.host.own_address() or "0.0.0.0"),  # noqa: S104 - lets the system choose
            )
        if not _asked(asking, place):
            return None
        return _first(visit, asking)


def _asked(asking: socket.socket, place: tuple[str, int]) -> bool:
    try:
        for wanted in _WANTED:
            asking.sendto(search(place, wanted), place)
    except OSError:  # no network, or a system that keeps the group from us
        return False
    return True


def _first(visit: Visit, asking: socket.socket) -> str | None:
    clock = visit.kit.monotonic
    end = clock() + WAIT_S
    for _ in range(ANSWERS_MAX):
        left = end - clock()
        if left <= 0 or visit.is_over or not select.select([asking], [], [], left)[0]:
            return None
        try:
            answer, (sender, _) = asking.recvfrom(4096)
        except OSError:
            return None
        location = upnp.read_ssdp(answer).get("location", "")
        if visit.gateway in (None, sender) and is_from(location, sender):
            return location
    return None


def is_from(url: str, sender: str) -> bool:
    """Tell whether a URL is plain HTTP to who sent it, inside the house."""
    try:
        parts = urlsplit(url)
        is_there = parts.scheme == "http" and parts.hostname == sender and parts.port != 0
        is_inside = addresses.is_private(sender) or IPv4Address(sender).is_loopback
        return is_there and len(url) <= URL_CHARS_MAX and is_inside
    except ValueError:
        return False
