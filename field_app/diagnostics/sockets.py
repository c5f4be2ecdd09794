"""Sockets as probes use them: one connection timed, and this device's own address."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final

_NOWHERE: Final = (
    (socket.AF_INET, ("192.0.2.1", 9)),
    (socket.AF_INET6, ("2001:db8::1", 9)),
)
"""Documentation addresses (RFC 5737, RFC 3849): choosing a source for one sends no packet."""
_LOCAL: Final = ("0.", "127.", "::", "fe80:")
_MS: Final = 1000


def resolved(host: str, *, timeout_s: float) -> str | None:
    """Return an IPv4 address of a host, or None in time: the system's resolver may take minutes."""
    found: list[str] = []

    def ask() -> None:
        with suppress(OSError):
            found.append(str(socket.getaddrinfo(host, None, socket.AF_INET)[0][4][0]))

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(timeout_s)
    return found[0] if found else None


def own_address() -> str | None:
    """Return the address this device would send from, or None when it has no way out."""
    for family, nowhere in _NOWHERE:
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as asked:
            asked.connect(nowhere)
            address = str(asked.getsockname()[0])
            if not address.startswith(_LOCAL):
                return address
    return None


def answers_tcp(
    host: str, port: int, *, timeout_s: float, clock: Callable[[], float]
) -> float | None:
    """Return the milliseconds to an answer of TCP, a refusal included, or None without one."""
    begun = clock()
    try:
        socket.create_connection((host, port), timeout_s).close()
    except ConnectionRefusedError:
        pass  # a refusal has crossed the line and come back: it times as well as a welcome
    except OSError:
        return None
    return (clock() - begun) * _MS
