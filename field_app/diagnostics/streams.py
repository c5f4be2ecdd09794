"""Transfers with our server over raw sockets: several streams, counted in slices of time.

An HTTP library would cost a phone's core more than the line does; one request is written by hand
on each socket and the bodies are only counted.
"""

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final, Literal, NamedTuple
from urllib.parse import urlsplit

from field_app.diagnostics.kit import Grant
from field_core.diagnosis.rates import SLICE_S, Counted

Way = Literal["down", "up"]

BUFFER_BYTES: Final = 262_144
CONNECT_S: Final = 3.0
STALL_S: Final = 2.0
_CHUNK_BYTES: Final = 16_384
"""A slice of a slow line still holds a score of them; a fast one sends thousands a second."""
_WAYS: Final = 2
_HEAD_BYTES_MAX: Final = 16_384
_OK: Final = (b"200", b"202")


class Moved(NamedTuple):
    """What a transfer counted, and whether the server let it happen at all."""

    counted: Counted
    is_served: bool


def transfer(
    grant: Grant,
    way: Way,
    *,
    clock: Callable[[], float],
    noise: Callable[[int], bytes],
    is_over: Callable[[], bool],
    on_slice: Callable[[Counted], None],
) -> Moved:
    """Move bytes for the granted time over the granted streams; blocks until then.

    on_slice: called after each slice with all of them so far.
    """
    meter = _Meter(grant.streams)
    end = threading.Event()
    payload = noise(_CHUNK_BYTES) if way == "up" else b""
    workers = [
        threading.Thread(target=_stream, args=(grant, way, payload, meter, at, end), daemon=True)
        for at in range(grant.streams)
    ]
    for worker in workers:
        worker.start()
    counted = _watch(meter, workers, grant, clock, is_over, on_slice)
    end.set()
    meter.close()
    for worker in workers:
        worker.join(STALL_S)
    return Moved(counted, meter.is_served)


class _Meter:
    """Bytes of each stream; one writer each, so nothing needs a lock."""

    def __init__(self, streams: int) -> None:
        self.bytes = [0] * streams
        self.sockets: list[socket.socket] = []
        self.is_served = False

    def close(self) -> None:
        """Shut every socket, which ends what waits on one."""
        for opened in self.sockets:
            with suppress(OSError):
                opened.shutdown(socket.SHUT_RDWR)


def _watch(
    meter: _Meter,
    workers: list[threading.Thread],
    grant: Grant,
    clock: Callable[[], float],
    is_over: Callable[[], bool],
    on_slice: Callable[[Counted], None],
) -> Counted:
    """Read the meter every slice until time, this way's half of the budget, or the run is over."""
    begun, counted = clock(), [(0.0, 0)]
    pause = threading.Event()
    while any(worker.is_alive() for worker in workers) and not is_over():
        pause.wait(max(0.0, begun + len(counted) * SLICE_S - clock()))
        counted.append((clock() - begun, sum(meter.bytes)))
        on_slice(counted)
        if counted[-1][0] >= grant.seconds or counted[-1][1] >= grant.bytes_max // _WAYS:
            break
    return counted


def _stream(
    grant: Grant, way: Way, payload: bytes, meter: _Meter, at: int, end: threading.Event
) -> None:
    with suppress(OSError, ValueError), _opened(grant.url) as stream:
        meter.sockets.append(stream)
        if way == "down":
            _receive(stream, grant, meter, at, end)
        else:
            _send(stream, grant, payload, meter, at, end)


def _opened(url: str) -> socket.socket:
    parts = urlsplit(url)
    host, is_tls = parts.hostname or "", parts.scheme == "https"
    plain = socket.create_connection((host, parts.port or (443 if is_tls else 80)), CONNECT_S)
    plain.settimeout(STALL_S)
    if not is_tls:
        return plain
    return ssl.create_default_context().wrap_socket(plain, server_hostname=host)


def _request(method: str, grant: Grant, *more: str) -> bytes:
    parts = urlsplit(grant.url)
    lines = (
        f"{method} {parts.path}/{grant.ticket} HTTP/1.1",
        f"Host: {parts.netloc}",
        "Accept-Encoding: identity",
        "Connection: close",
        *more,
        "",
        "",
    )
    return "\r\n".join(lines).encode()


def _receive(
    stream: socket.socket, grant: Grant, meter: _Meter, at: int, end: threading.Event
) -> None:
    stream.sendall(_request("GET", grant))
    head = b""
    while b"\r\n\r\n" not in head and len(head) < _HEAD_BYTES_MAX:
        piece = stream.recv(4096)
        if not piece:
            return
        head += piece
    if head.split(b" ", 2)[1:2] != [_OK[0]]:
        return
    meter.is_served = True
    meter.bytes[at] = len(head.partition(b"\r\n\r\n")[2])
    buffer = bytearray(BUFFER_BYTES)
    while not end.is_set() and (count := stream.recv_into(buffer)):
        meter.bytes[at] += count


def _send(
    stream: socket.socket,
    grant: Grant,
    payload: bytes,
    meter: _Meter,
    at: int,
    end: threading.Event,
) -> None:
    """Send until the time or the budget is over; a server that refuses answers and closes.

    What lies unsent in this system's buffer would be counted before the line has carried it: the
    system is told to take little ahead, where it can be.
    """
    if hasattr(socket, "TCP_NOTSENT_LOWAT"):
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, 2 * _CHUNK_BYTES)
    size = grant.bytes_max // _WAYS // grant.streams
    stream.sendall(
        _request("POST", grant, "Content-Type: application/octet-stream", f"Content-Length: {size}")
    )
    while not end.is_set() and meter.bytes[at] + len(payload) <= size:
        meter.bytes[at] += stream.send(payload)  # what was taken: a slow line takes little pieces
        meter.is_served = True
