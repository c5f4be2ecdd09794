"""ICMP echo without root: a datagram socket, where the system opens it to this user.

Linux opens it to the groups of `net.ipv4.ping_group_range`, macOS to everybody; the kernel writes
the identifier and gives back only answers to this socket.
"""

import select
import socket
import struct
from collections.abc import Callable
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


def opened(address: str) -> socket.socket:
    """Return a socket to one address; raises OSError where the system opens none to this user."""
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP)
    try:
        made.connect((address, 0))
    except OSError:
        made.close()
        raise
    return made


def ask(
    over: socket.socket, sequence: int, *, timeout_s: float, clock: Callable[[], float]
) -> float | None:
    """Return the milliseconds to the answer of one request, or None without one."""
    begun = clock()
    try:
        over.send(packet(sequence))
        while (left := begun + timeout_s - clock()) > 0:
            if not select.select([over], [], [], left)[0]:
                return None
            if sequence_of(over.recv(2048)) == sequence:
                return (clock() - begun) * _MS
    except OSError:  # the answer was that it cannot be reached
        return None
    return None
