"""A production server over a full embedded ERP: how much memory the import and the rest take."""

import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import httpx

from benchmarks.machine import memory_mb, memory_peak_mb
from benchmarks.serving import ROOT, STOP_S
from benchmarks.sync_phases.people import PASSWORD
from server_sync.erp.pulled import PULLED
from server_sync.erp.seen import IMPORT

OFFICE: Final = "office@bench.test"
IMPORT_S_MAX: Final = 3600
LOOK_S: Final = 2.0
ANSWER_S_MAX: Final = 300
CLI: Final = (sys.executable, "-m", "server_sync.cli")

Figures = dict[str, Any]


def imported(folder: Path) -> Figures:
    """Import a folder's embedded ERP into a new server there, and hand the office its snapshot."""
    began = time.monotonic()
    with _served(folder) as (url, pid):
        documents = _wait_for_import(folder)
        took = time.monotonic() - began
        figures = {
            "documents": documents,
            "import_s": round(took),
            "import_peak_mb": round(memory_peak_mb(pid), 1),
            "mb": round(memory_mb(pid), 1),
        }
        snapshot = _take_snapshot(url)
        return {
            **figures,
            "office_snapshot_mb": round(snapshot / 1e6, 1),
            "peak_mb": round(memory_peak_mb(pid), 1),
        }


@contextmanager
def _served(folder: Path) -> Iterator[tuple[str, int]]:
    """Run `server-sync serve`, with an account for the office."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "DATA_DIR": str(folder), "LOG_LEVEL": "error"}
    account = ["account", "add", OFFICE, "--role=supervisor", "--password-stdin"]
    subprocess.run(  # noqa: S603 - our own program
        [*CLI, *account],
        input=PASSWORD,
        text=True,
        check=True,
        env=environment,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    process = subprocess.Popen(  # noqa: S603 - our own program
        [*CLI, "serve", f"--port={port}"], env=environment, cwd=ROOT, stderr=subprocess.DEVNULL
    )
    try:
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait(STOP_S)


def _wait_for_import(folder: Path) -> int:
    """Return how many documents the server holds once every doctype has been read."""
    end = time.monotonic() + IMPORT_S_MAX
    while time.monotonic() < end:
        time.sleep(LOOK_S)
        with suppress(sqlite3.OperationalError):  # the server is making its tables
            if (count := _documents(folder)) is not None:
                return count
    raise TimeoutError("the import did not end")


def _documents(folder: Path) -> int | None:
    database = sqlite3.connect(f"file:{folder / 'server.db'}?mode=ro", uri=True)
    try:
        known = {row[0] for row in database.execute("SELECT doctype FROM erp_cursor")}
        if not PULLED.keys() <= known or any(name.startswith(IMPORT) for name in known):
            return None
        return int(database.execute("SELECT count(*) FROM doc").fetchone()[0])
    finally:
        database.close()


def _take_snapshot(url: str) -> int:
    """Sign in as the office and ask for everything; return the size of the snapshot offered."""
    with httpx.Client(base_url=url, trust_env=False, timeout=ANSWER_S_MAX) as client:
        body = {"email": OFFICE, "password": PASSWORD, "device": {"name": "bench"}}
        session = client.post("/v1/auth/sign-in", json=body).raise_for_status().json()
        reply = client.post(
            "/v1/sync",
            json={"proto": 1, "now": [0, 0, "bench"]},
            headers={"Authorization": f"Bearer {session['access']}"},
        )
        offer = reply.raise_for_status().json()["snapshot"]
    return int(offer["size"])
