"""Sockets as probes use them: one connection timed, and this device's own address."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final

_NOWHERE: Final = ("192.0.2.1", 9)
"""A documentation address (RFC 5737): choosing a source for it sends no packet."""
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
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
            asked.connect(_NOWHERE)
            address: str = asked.getsockname()[0]
    except OSError:
        return None
    return None if address.startswith(("0.", "127.")) else address


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
