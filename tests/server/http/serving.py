"""A real server process's worth of a house: uvicorn on loopback, worker threads, sockets."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import uvicorn

HOST: Final = "127.0.0.1"
START_TIMEOUT_S: Final = 30.0
"""Far more than it takes: other work on the machine may hold a thread up for seconds."""


@contextmanager
def served(app: Any, *, port: int = 0) -> Iterator[str]:  # noqa: ANN401 - a test's own value
    """Serve an ASGI application from a thread; yield its address. port: any free one."""
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port))
        server = uvicorn.Server(
            uvicorn.Config(
                app,
                log_level="critical",
                server_header=False,
                timeout_graceful_shutdown=1,
                ws="none",
            )
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            _wait_for(server, thread)
            yield f"http://{HOST}:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(START_TIMEOUT_S)


def free_port() -> int:
    """Return a port that is free now, for an address that must be known before it is served."""
    with socket.socket() as asking:
        asking.bind((HOST, 0))
        return int(asking.getsockname()[1])


def _wait_for(server: uvicorn.Server, thread: threading.Thread) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while not server.started:
        assert thread.is_alive(), "the server ended"
        assert time.monotonic() < deadline, "the server did not start"
        time.sleep(0.01)
