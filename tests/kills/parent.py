"""Starts, kills, restarts; lets both live at the end; compares promises with what is there."""

import json
import os
import random
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

START_S_MAX: Final = 30
REST_S_MAX: Final = 60
SERVER_SYNC: Final = (
    sys.executable,
    "-c",
    "from server_sync.cli import main; raise SystemExit(main())",
)
FIELD_APP: Final = (
    sys.executable,
    "-c",
    "from field_app.cli import main; raise SystemExit(main())",
)


@dataclass(frozen=True, slots=True)
class Result:
    """What a session of kills came to."""

    kills: int
    promised: int
    lost: int
    doubled: int
    damaged: int

    @property
    def is_clean(self) -> bool:
        """Whether every promise was kept, once."""
        return self.promised > 0 and not (self.lost or self.doubled or self.damaged)


class Parent:
    """One folder, one server, one client, and a random hand."""

    def __init__(self, folder: Path, *, seed: int) -> None:
        self._folder = folder
        self._rng = random.Random(seed)
        self._port = _free_port()
        self._promises = folder / "promises"
        self._environment = {
            **os.environ,
            "DATA_DIR": str(folder / "server"),
            "SERVER_PORT": str(self._port),
            "ERP_POLL_S": "1",
            "PASSWORD_MEMORY_KIB": "8",
            "PASSWORD_PASSES": "1",
            "LOG_LEVEL": "error",
        }
        self._server: subprocess.Popen[bytes] | None = None
        self._client: subprocess.Popen[bytes] | None = None

    def run(self, kills: int) -> Result:
        """Kill so many times, then rest, then judge."""
        try:
            self._start_server()
            self._start_client()
            for _ in range(kills):
                time.sleep(self._rng.uniform(0.05, 1.2))
                self._kill_one()
            self._rest()
        finally:
            for process in (self._client, self._server):
                if process:
                    process.kill()
                    process.wait()
        return self._judge(kills)

    def _start_server(self) -> None:
        self._server = subprocess.Popen(
            [*SERVER_SYNC, "serve", "--demo"],
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + START_S_MAX
        while not _listens(self._port):
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.05)

    def _start_client(self) -> None:
        with self._promises.open("ab") as promises:
            self._client = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "tests.kills.client",
                    str(self._folder / "phone"),
                    f"http://127.0.0.1:{self._port}",
                ],
                env=self._environment,
                stdout=promises,
                stderr=subprocess.DEVNULL,
            )

    def _kill_one(self) -> None:
        if self._rng.random() < 0.6 and self._client:
            self._client.kill()
            self._client.wait()
            self._start_client()
        elif self._server:
            self._server.kill()
            self._server.wait()
            self._start_server()

    def _rest(self) -> None:
        """Let both live until nothing is left to send."""
        time.sleep(3)
        if self._client:
            self._client.kill()
            self._client.wait()
        done = subprocess.run(
            [*FIELD_APP, "--data-dir", str(self._folder / "phone"), "sync"],
            env={**self._environment, "GIGAFIELD_SECRETS": "file"},
            check=False,
            timeout=REST_S_MAX,
            capture_output=True,
        )
        assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()

    def _judge(self, kills: int) -> Result:
        promised = {
            line.split()[1]
            for line in self._promises.read_text().splitlines()
            if line.startswith("did ") and len(line) == len("did ") + 36
        }
        there = self._rows()
        phone = next((self._folder / "phone").rglob("*.db"))
        damaged = sum(_damage(path) for path in (phone, self._folder / "server" / "server.db"))
        return Result(
            kills,
            len(promised),
            len(promised - set(there)),
            sum(n > 1 for n in there.values()),
            damaged,
        )

    def _rows(self) -> Counter[str]:
        with sqlite3.connect(self._folder / "server" / "server.db") as connection:
            bodies = connection.execute(
                "SELECT body FROM doc WHERE doctype = 'Dispatch Job' AND body IS NOT NULL"
            )
            return Counter(
                note["id"] for (body,) in bodies for note in json.loads(body).get("notes", ())
            )


def _damage(path: Path) -> int:
    with sqlite3.connect(path) as connection:
        return int(connection.execute("PRAGMA quick_check").fetchone() != ("ok",))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
