"""The link between the app and its server: passes, cut, or a captive portal; switched at will."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable
from enum import StrEnum
from typing import Final

_PIECE: Final = 65_536
_SETTLE_S: Final = 20
_PORTAL: Final = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 43\r\nconnection: close\r\n\r\n"
    b"<html><body>Bienvenue au caf\xc3\xa9 !</body></html>"
)


class Weather(StrEnum):
    """What the link does."""

    CLEAR = "clear"
    CUT = "cut"
    PORTAL = "portal"


class Link:
    """A TCP relay on loopback with a loop and a thread of its own."""

    def __init__(self, port: int) -> None:
        self._to = port
        self.weather = Weather.CLEAR
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._server: asyncio.Server | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(10)

    async def _start(self) -> None:
        self._server = await asyncio.start_server(self._accepted, "127.0.0.1", 0)

    @property
    def url(self) -> str:
        """Where the app finds its server."""
        assert self._server
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def turn(self, weather: Weather) -> None:
        """Change what the link does; a cut also ends what is under way."""
        self.weather = weather
        asyncio.run_coroutine_threadsafe(self._drop(), self._loop).result(10)

    async def _drop(self) -> None:
        for writer in [*self._open]:
            writer.transport.abort()

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            await self._serve(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self._open.discard(writer)
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.weather is Weather.PORTAL:
            await reader.read(_PIECE)
            writer.write(_PORTAL)
            await writer.drain()
            writer.close()
            await writer.wait_closed()
        if self.weather is not Weather.CLEAR:
            return
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._to)
        self._open.add(far_writer)
        try:
            await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))
        finally:
            self._open.discard(far_writer)
            far_writer.transport.abort()

    def settle(self, is_so: Callable[[], bool]) -> None:
        """Wait until what was sent has had its effect at the other end."""
        end = time.monotonic() + _SETTLE_S
        while not is_so():
            assert time.monotonic() < end, "it never came to pass"
            time.sleep(0.05)

    def close(self) -> None:
        """End the relay."""
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _stop(self) -> None:
        assert self._server
        self._server.close()
        await self._drop()
        rest = [t for t in asyncio.all_tasks() if t is not asyncio.current_task()]
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while piece := await reader.read(_PIECE):
        writer.write(piece)
        await writer.drain()
    with contextlib.suppress(OSError):
        writer.write_eof()
