"""`serve`: a real server over a fresh SQLite file, with a data set and doors for the bench."""

import json
import secrets
import signal
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from benchmarks.sync_phases.checking import check
from benchmarks.sync_phases.dataset import ListedScope
from benchmarks.sync_phases.facts import Fact
from benchmarks.sync_phases.loading import apply_delta, apply_moves, load, settle
from server_sync.cli.serving import KEEPALIVE_S
from server_sync.clock import SystemClock
from server_sync.compose import Server, Threads, build
from server_sync.logs import make_log
from server_sync.scope import ScopeRule
from server_sync.settings import Settings

BACKLOG: Final = 2048
"""uvicorn's own; a bench with 200 devices connects all of them at once."""


def serve(data: Path, *, host: str, port: int) -> int:
    """Serve a data set until told to stop; prints `ready` once a device may come."""
    with tempfile.TemporaryDirectory(prefix="sync-phases-") as folder:
        server = compose(Path(folder), rule=ListedScope())
        technicians = load(server, data)
        server.snapshots.warm(technicians)
        add_doors(server, data)
        run(server, host=host, port=port)
    return 0


def compose(folder: Path, *, rule: ScopeRule | None = None, database: str = "") -> Server:
    """Put a server together as production does, without an ERP. database: SQLite when empty.

    Passwords are hashed lightly: signing in is no part of any figure, and 200 accounts at the
    production's cost would take a minute to make.
    """
    settings = Settings(
        data_dir=folder, database_url=database, password_memory_kib=8, password_passes=1
    )
    writers = settings.readers if database else 1
    threads = Threads(readers=settings.readers, writers=writers)

    @asynccontextmanager
    async def lifespan(_application: Starlette) -> AsyncIterator[None]:
        yield
        threads.close()

    return build(
        settings,
        clock=SystemClock(),
        entropy=secrets.token_bytes,
        run_blocking=threads,
        rule=rule,
        monotonic=time.perf_counter,
        log=make_log(level="warning"),
        lifespan=lifespan,
    )


def run(server: Server, *, host: str, port: int) -> None:
    """Serve with the production's settings of uvicorn; prints `ready <port>`."""
    # uvicorn ends by raising the signal again, which would leave the temporary folder behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    config = uvicorn.Config(
        server.app,
        server_header=False,
        access_log=False,
        log_level="warning",
        timeout_keep_alive=KEEPALIVE_S,
        timeout_graceful_shutdown=1,
    )
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
        print("ready", listener.getsockname()[1])
        sys.stdout.flush()
        uvicorn.Server(config).run(sockets=[listener])


def add_doors(server: Server, data: Path) -> None:
    """Add the control paths, beside the API and without a token: the bench is the office."""
    _door(server, "delta", lambda _: apply_delta(server, data))
    _door(server, "moves", lambda _: apply_moves(server, data))
    _door(server, "settle", lambda _: settle(server))
    _door(server, "check", lambda asked: check(server, [Fact(**fact) for fact in asked]))


def _door(server: Server, name: str, work: Callable[[Any], object]) -> None:
    async def handle(request: Request) -> Response:
        asked = json.loads(await request.body() or b"null")
        done = await server.context.run(lambda: work(asked), writes=True)
        return JSONResponse({"done": done})

    server.app.add_route(f"/bench/{name}", handle, methods=["POST"])
