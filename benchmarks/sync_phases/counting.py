"""Bytes at the socket: a network under httpx that counts what it carries, headers included."""

from collections.abc import Iterable
from dataclasses import dataclass
from ssl import SSLContext
from typing import Any, Final

import httpcore
import httpx

from field_app.sync.transport import CONNECTIONS_MAX, KEPT_IDLE_S

LIMITS: Final = httpx.Limits(
    max_connections=CONNECTIONS_MAX,
    max_keepalive_connections=CONNECTIONS_MAX,
    keepalive_expiry=KEPT_IDLE_S,
)
"""What the app's own transport asks for when it is given no network."""


@dataclass(slots=True)
class Wire:
    """What crossed the sockets so far."""

    connections: int = 0
    up: int = 0
    down: int = 0


def counting_network(wire: Wire) -> httpx.AsyncBaseTransport:
    """Return httpx's own network, which notes what crosses it."""
    network = httpx.AsyncHTTPTransport(limits=LIMITS, trust_env=False)
    pool: Any = network._pool  # noqa: SLF001 - httpx offers no other seam below HTTP
    pool._network_backend = _Backend(pool._network_backend, wire)  # noqa: SLF001 - same
    return network


class _Backend(httpcore.AsyncNetworkBackend):
    """Opens connections and counts them."""

    def __init__(self, inner: httpcore.AsyncNetworkBackend, wire: Wire) -> None:
        self._inner = inner
        self._wire = wire

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Open a connection."""
        self._wire.connections += 1
        stream = await self._inner.connect_tcp(host, port, timeout, local_address, socket_options)
        return _Stream(stream, self._wire)

    async def sleep(self, seconds: float) -> None:
        """Wait, as httpcore does between attempts."""
        await self._inner.sleep(seconds)


class _Stream(httpcore.AsyncNetworkStream):
    """Counts what a connection carries."""

    def __init__(self, inner: httpcore.AsyncNetworkStream, wire: Wire) -> None:
        self._inner = inner
        self._wire = wire

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's signature
        """Receive."""
        data = await self._inner.read(max_bytes, timeout)
        self._wire.down += len(data)
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - httpcore's signature
        """Send."""
        self._wire.up += len(buffer)
        await self._inner.write(buffer, timeout)

    async def aclose(self) -> None:
        """Close."""
        await self._inner.aclose()

    async def start_tls(
        self,
        ssl_context: SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
    ) -> httpcore.AsyncNetworkStream:
        """Go on encrypted; what is counted from here on is plain text."""
        return _Stream(
            await self._inner.start_tls(ssl_context, server_hostname, timeout), self._wire
        )

    def get_extra_info(self, info: str) -> object:
        """Tell what httpcore asks about the socket."""
        return self._inner.get_extra_info(info)
