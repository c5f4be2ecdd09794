"""The gateway: the default route's next hop and its MAC, by whatever this system tells."""

import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

from field_app.diagnostics import routes
from field_app.diagnostics.routes import Route
from field_app.diagnostics.sockets import answers_tcp
from field_app.diagnostics.visit import Visit, because
from field_core.diagnosis import Result, Target

GIVES: Final = (("gateway-address", Target.GATEWAY),)

_NEIGHBOUR_WAIT_S: Final = 0.2
"""An answer to ARP on a LAN takes milliseconds."""
_DISCARD_PORT: Final = 9
_GUESSED_HOSTS: Final = (1, 254)
"""Where home gateways sit; tried only where the system does not tell."""
_GUESSED_PORTS: Final = (80, 443, 53)
_GUESS_S: Final = 0.6

_ARP: Final = {"windows": "-a"}
_WAYS: Final[Mapping[str, tuple[tuple[str, ...], Callable[[str], Route | None]]]] = {
    "linux": (("ip", "-4", "route", "show", "default"), routes.of_ip),
    "android": (("ip", "-4", "route", "show", "default"), routes.of_ip),
    "macos": (("route", "-n", "get", "default"), routes.of_macos),
    "windows": (("route", "print", "-4"), routes.of_windows),
}


def probe(visit: Visit) -> list[Result]:
    """Find the gateway, and leave it for the other probes."""
    route, method = _route(visit)
    if route is not None:
        visit.gateway, visit.interface = route
        return [
            visit.result(
                "gateway-address", route.gateway, source=route.interface or "", method=method
            ),
            _mac(visit, route.gateway),
        ]
    address = visit.kit.host.own_address()
    why = because("no-gateway") if address else because("not-connected")
    return [visit.absent("gateway-address", why)]


def _route(visit: Visit) -> tuple[Route | None, str]:
    told = _told(visit)
    if visit.gateway is not None:
        return Route(visit.gateway, told.interface if told else None), "named"
    if told is not None:
        return told, "system"
    return (_guessed(visit), "guess") if _is_closed(visit) else (None, "")


def _told(visit: Visit) -> Route | None:
    host = visit.kit.host
    table = host.read("/proc/net/route") if host.system in ("linux", "android") else None
    found = routes.of_proc(table) if table else None
    if found is not None or host.system not in _WAYS:
        return found
    command, read = _WAYS[host.system]
    return read(host.ask(*command) or "")


def _is_closed(visit: Visit) -> bool:
    """Tell whether this system keeps its routes to itself, so that a guess is all there is."""
    return visit.kit.host.system in ("android", "ios")


def _guessed(visit: Visit) -> Route | None:
    """Try the usual places of this device's /24; one that answers is a guess, and is called so."""
    own = visit.kit.host.own_address()
    if own is None or ":" in own:
        return None
    head = own.rpartition(".")[0]
    for last in _GUESSED_HOSTS:
        candidate = f"{head}.{last}"
        for port in _GUESSED_PORTS:
            if visit.is_over:
                return None
            if _answers(visit, candidate, port):
                return Route(candidate, None)
    return None


def _answers(visit: Visit, address: str, port: int) -> bool:
    took = answers_tcp(address, port, timeout_s=_GUESS_S, clock=visit.kit.monotonic)
    return took is not None


def _mac(visit: Visit, gateway: str) -> Result:
    """Read the neighbour table, after one packet that makes the system fill it."""
    host = visit.kit.host
    if host.system in ("android", "ios"):
        return visit.absent("gateway-mac", because("platform", system=host.system))
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as poke:
        poke.sendto(b"", (gateway, _DISCARD_PORT))
    visit.wait(_NEIGHBOUR_WAIT_S)
    table = host.read("/proc/net/arp") or host.ask("arp", _ARP.get(host.system, "-an")) or ""
    mac = routes.mac_of(table, gateway)
    if mac is None:
        return visit.absent("gateway-mac", because("not-told"))
    return visit.result("gateway-mac", mac, source=gateway, method="system")
