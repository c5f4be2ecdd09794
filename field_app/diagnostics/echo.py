"""ICMP echo without root: a datagram socket, where the system opens it to this user.

Linux opens it to the groups of `net.ipv4.ping_group_range`, macOS to everybody; the kernel writes
the identifier and gives back only answers to this socket.
"""

import select
import socket
import struct
from collections.abc import Callable
from contextlib import closing
from typing import Final

_ECHO_REQUEST: Final = 8
_ECHO_REPLY: Final = 0
_HEADER: Final = struct.Struct("!BBHHH")
_PADDING: Final = b"\x00" * 48
"""56 bytes of payload in all with the time stamp's place, as ping sends."""
_IP_VERSION_4: Final = 0x45
_MS: Final = 1000


def packet(sequence: int) -> bytes:
    """Return an echo request (RFC 792) of a sequence number."""
    plain = _HEADER.pack(_ECHO_REQUEST, 0, 0, 0, sequence) + _PADDING
    return _HEADER.pack(_ECHO_REQUEST, 0, checksum(plain), 0, sequence) + _PADDING


def checksum(data: bytes) -> int:
    """Return the Internet checksum (RFC 1071) of an even number of bytes."""
    words: tuple[int, ...] = struct.unpack(f"!{len(data) // 2}H", data)
    total = sum(words)
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def sequence_of(answer: bytes) -> int | None:
    """Return the sequence number of an echo reply; macOS gives the IP header with it."""
    if answer[:1] and answer[0] & 0xF0 == _IP_VERSION_4 & 0xF0:
        answer = answer[(answer[0] & 0x0F) * 4 :]
    if len(answer) < _HEADER.size:
        return None
    kind, _, _, _, sequence = _HEADER.unpack_from(answer)
    return sequence if kind == _ECHO_REPLY else None


class Echo:
    """One socket to one address; raises OSError where the system does not open it."""

    def __init__(self, address: str, *, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP)
        try:
            self._socket.connect((address, 0))
        except OSError:
            self._socket.close()
            raise

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def ask(self, sequence: int, *, timeout_s: float) -> float | None:
        """Return the milliseconds to the answer of one request, or None without one."""
        begun = self._clock()
        try:
            self._socket.send(packet(sequence))
            while (left := begun + timeout_s - self._clock()) > 0:
                if not select.select([self._socket], [], [], left)[0]:
                    return None
                if sequence_of(self._socket.recv(2048)) == sequence:
                    return (self._clock() - begun) * _MS
        except OSError:  # the answer was that it cannot be reached
            return None
        return None


def is_open(address: str, *, clock: Callable[[], float]) -> bool:
    """Tell whether this system lets this user send echo requests."""
    try:
        with closing(Echo(address, clock=clock)):
            return True
    except OSError:
        return False
