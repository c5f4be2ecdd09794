"""A proxy in front of a site: passes calls on over real sockets, or gets in trouble with them."""

import asyncio
import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from enum import Enum, auto
from typing import Any, Final

HOST: Final = "127.0.0.1"
SLOW_S: Final = 1.2
"""Longer than the client under test waits."""
MESSAGE: Final = "Le script serveur « Contrôle » refuse ceci"
_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_PAGE: Final = b"<html><body><h1>%d</h1></body></html>"


class Trouble(Enum):
    """What becomes of one call. *After*: the site carried it out."""

    GATEWAY_502 = auto()
    GATEWAY_502_AFTER = auto()
    GATEWAY_504_AFTER = auto()
    PAGE_500_AFTER = auto()
    DEADLOCK_500 = auto()
    STALE_417 = auto()
    REFUSED_417 = auto()
    LIMITED_429 = auto()
    MAINTENANCE_503 = auto()
    CLOSED_BEFORE = auto()
    CLOSED_AFTER = auto()
    CUT_IN_THE_ANSWER = auto()
    SLOW_AFTER = auto()


FOR_WRITES: Final = frozenset({Trouble.DEADLOCK_500, Trouble.STALE_417, Trouble.REFUSED_417})
"""What a site says of a call that would have changed something."""
_AFTER: Final = frozenset(
    {
        *(Trouble.GATEWAY_502_AFTER, Trouble.GATEWAY_504_AFTER, Trouble.PAGE_500_AFTER),
        *(Trouble.CLOSED_AFTER, Trouble.CUT_IN_THE_ANSWER, Trouble.SLOW_AFTER),
    }
)

Choose = Callable[[str, str], Trouble | None]
"""From the method and the path of a call to what becomes of it."""


class FaultyProxy:
    """One address in front of another."""

    def __init__(self, port: int, choose: Choose) -> None:
        """port: where the site listens on loopback."""
        self._port = port
        self._choose = choose
        self.met: Counter[Trouble] = Counter()
        self.in_flight_max = 0
        self._in_flight = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one call and hang up."""
        self._in_flight += 1
        self.in_flight_max = max(self.in_flight_max, self._in_flight)
        try:
            call = await _read(reader)
            if call:
                writer.write(await self._pass_on(call))
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass  # whoever called has given up
        finally:
            self._in_flight -= 1
            writer.close()

    async def _pass_on(self, call: bytes) -> bytes:
        method, path = call.split(b" ", 2)[:2]
        trouble = self._choose(method.decode(), path.decode())
        if trouble is None:
            return await self._carried_out(call)
        self.met[trouble] += 1
        told = await self._carried_out(call) if trouble in _AFTER else b""
        if trouble is Trouble.SLOW_AFTER:
            await asyncio.sleep(SLOW_S)
        return _said(trouble, told)

    async def _carried_out(self, call: bytes) -> bytes:
        """Call the site over a connection of its own, as nginx does."""
        reader, writer = await asyncio.open_connection(HOST, self._port)
        try:
            start, _, rest = call.partition(b"\r\n")
            writer.write(start + b"\r\nconnection: close\r\n" + _without_connection(rest))
            await writer.drain()
            return await reader.read()
        finally:
            writer.close()


def _without_connection(rest: bytes) -> bytes:
    head, end, body = rest.partition(b"\r\n\r\n")
    kept = [one for one in head.split(b"\r\n") if not one.lower().startswith(b"connection:")]
    return b"\r\n".join(kept) + end + body


async def _read(reader: asyncio.StreamReader) -> bytes:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""
    found = _LENGTH.search(head)
    return head + await reader.readexactly(int(found.group(1)) if found else 0)


def _said(trouble: Trouble, told: bytes) -> bytes:
    """What the caller gets; nothing at all, or half of it, is told by hanging up."""
    if trouble is Trouble.CUT_IN_THE_ANSWER:
        return told[: len(told) - 10]
    if trouble is Trouble.SLOW_AFTER:
        return told
    return _CANNED.get(trouble, b"")


def _page(status: int) -> bytes:
    return _answer(status, b"text/html", _PAGE % status)


def _json(status: int, told: dict[str, Any], more: bytes = b"") -> bytes:
    return _answer(status, b"application/json", json.dumps(told).encode(), more)


def _answer(status: int, kind: bytes, body: bytes, more: bytes = b"") -> bytes:
    head = b"HTTP/1.1 %d X\r\ncontent-type: %s\r\ncontent-length: %d\r\nconnection: close\r\n"
    return head % (status, kind, len(body)) + more + b"\r\n" + body


_MESSAGES: Final = json.dumps([json.dumps({"message": MESSAGE})])
_CANNED: Final = {
    Trouble.GATEWAY_502: _page(502),
    Trouble.GATEWAY_502_AFTER: _page(502),
    Trouble.GATEWAY_504_AFTER: _page(504),
    Trouble.PAGE_500_AFTER: _page(500),
    Trouble.DEADLOCK_500: _json(500, {"exc_type": "QueryDeadlockError"}),
    Trouble.STALE_417: _json(417, {"exc_type": "TimestampMismatchError"}),
    Trouble.REFUSED_417: _json(417, {"exc_type": "ValidationError", "_server_messages": _MESSAGES}),
    Trouble.LIMITED_429: _json(429, {"exc_type": "TooManyRequestsError"}, b"retry-after: 7\r\n"),
    Trouble.MAINTENANCE_503: _json(503, {"exc_type": "SessionStopped"}),
}


@contextmanager
def standing(proxy: FaultyProxy) -> Iterator[str]:
    """Run a proxy on a thread of its own; yields its address."""
    started: Future[tuple[Callable[[], object], int]] = Future()
    thread = threading.Thread(target=lambda: asyncio.run(_run(proxy, started)), daemon=True)
    thread.start()
    end, port = started.result(timeout=30)
    try:
        yield f"http://{HOST}:{port}"
    finally:
        end()
        thread.join(10)


async def _run(proxy: FaultyProxy, started: "Future[tuple[Callable[[], object], int]]") -> None:
    over, loop = asyncio.Event(), asyncio.get_running_loop()
    server = await asyncio.start_server(proxy.answer, HOST, 0)
    port = server.sockets[0].getsockname()[1]
    started.set_result((lambda: loop.call_soon_threadsafe(over.set), port))
    await over.wait()
    server.close()
