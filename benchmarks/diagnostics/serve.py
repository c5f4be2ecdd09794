"""`python -m benchmarks.diagnostics.serve`: our own measuring endpoint, in the far namespace."""

import secrets
import socket
import tempfile
from pathlib import Path

import uvicorn

from benchmarks.diagnostics.lab import FAR
from server_sync.clock import SystemClock
from server_sync.compose import Threads, build
from server_sync.settings import Settings


def main() -> None:
    """Serve, and print `ready <port> <ticket>`; the ticket is of a visit with a large budget."""
    with tempfile.TemporaryDirectory(prefix="diagnostics-") as folder:
        made = build(
            Settings(data_dir=Path(folder), throughput_bytes_max=100_000_000_000),
            clock=SystemClock(),
            entropy=secrets.token_bytes,
            run_blocking=Threads(readers=2, writers=1),
        )
        listener = socket.create_server((FAR, 0))
        ticket = made.context.transfers.grant("bench").ticket
        print("ready", listener.getsockname()[1], ticket, flush=True)
        uvicorn.Server(uvicorn.Config(made.app, log_level="error")).run([listener])


if __name__ == "__main__":
    main()
