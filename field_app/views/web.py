"""The app as a page for a browser on this machine: one server on loopback, behind the guard.

uvicorn comes with Flet's web part, which phones and desktop packages do not carry; only this
module knows it, and only the command that serves a page imports it.
"""

import asyncio
import errno
import ipaddress
import os
import socket
from collections.abc import Awaitable, Callable
from typing import Any, Final

import flet as ft
import uvicorn

from field_app.views.app import ASSETS, Main
from field_app.views.fallback_fonts import with_fallback_fonts
from field_app.views.guard import Application, Dress, Guard

MESSAGE_BYTES_MAX: Final = 48 * 1024 * 1024
"""A photo of 25 MB comes through the websocket as one message."""
STOP_TIMEOUT_S: Final = 3
"""An open page must not keep the program from ending."""


class NotLoopbackError(ValueError):
    """The page would be open to the network."""


class PortTakenError(OSError):
    """Something else listens there."""


def listen(host: str, port: int) -> socket.socket:
    """Take the address; raises NotLoopbackError or PortTakenError. Port 0 takes a free one."""
    address = "127.0.0.1" if host == "localhost" else host
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        raise NotLoopbackError(host) from None
    if not ip.is_loopback:
        raise NotLoopbackError(host)
    family = socket.AF_INET6 if ip.version == 6 else socket.AF_INET  # noqa: PLR2004 - IP's own number
    listener = socket.socket(family)
    if os.name == "posix":  # a restart need not wait; on Windows it would let others in beside us
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((address, port))
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortTakenError(port) from error
        raise
    return listener


def application(main: Main) -> Application:
    """Return Flet's application with everything it needs on this machine."""
    made: Any = ft.run(main, export_asgi_app=True, no_cdn=True, assets_dir=ASSETS)
    served: Application = made
    return with_fallback_fonts(served)


def serve(
    app: Application,
    listener: socket.socket,
    *,
    token: str,
    refusal: str,
    dress: Dress,
    closed: Callable[[], Awaitable[None]],
) -> None:
    """Serve until the program is asked to end; `closed` then ends what the app has open."""
    port = listener.getsockname()[1]
    guard = Guard(app, token=token, port=port, refusal=refusal, dress=dress)
    config = uvicorn.Config(
        guard,
        log_level="warning",
        access_log=False,  # the address of the first visit holds the token
        ws="websockets-sansio",
        ws_max_size=MESSAGE_BYTES_MAX,
        ws_per_message_deflate=False,  # on loopback it costs time and saves nothing
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=STOP_TIMEOUT_S,
    )
    server = uvicorn.Server(config)
    with asyncio.Runner() as runner:
        try:
            runner.run(server.serve(sockets=[listener]))
        finally:
            runner.run(_ended(closed))


async def _ended(closed: Callable[[], Awaitable[None]]) -> None:
    await closed()
