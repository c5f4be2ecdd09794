"""IF-04: an upgrade one replica at a time, as two processes on one PostgreSQL and one ERP.

The old replica is this program; the new one is this program with one migration more, of the kind
that a next version may bring: a table, and a column that may be empty.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from field_core.ids import erp_key
from server_sync.embedded_erp import EmbeddedErp, ErpSiteSettings, ErpUser, create_embedded_erp
from server_sync.erp import erp_doctypes
from server_sync.store import documents
from server_sync.store.database import Database
from tests.app.serving import today
from tests.postgresql import Cluster, postgresql
from tests.server.http.house import PASSWORD
from tests.server.http.serving import served

__all__ = ["postgresql"]

START_S_MAX: Final = 60
SERVICE: Final = ErpUser("sync@example.test", "Sync", api_key="key", api_secret="secret")
OLD: Final = "from server_sync.cli import main; raise SystemExit(main())"
NEW: Final = """
from server_sync.store import migrating, migrations
def next_version(connection):
    connection.exec_driver_sql("CREATE TABLE of_the_next (id TEXT PRIMARY KEY)")
    connection.exec_driver_sql("ALTER TABLE account ADD COLUMN of_the_next TEXT")
more = (*migrating.MIGRATIONS, next_version)
migrating.migrate.__kwdefaults__["migrations"] = more
migrating.refuse_newer.__kwdefaults__["known"] = len(more)
from server_sync.cli import main
raise SystemExit(main())
"""


@dataclass
class Replica:
    """One process of the server."""

    process: subprocess.Popen[bytes]
    url: str

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_S_MAX
        while True:
            assert self.process.poll() is None, "the replica ended"
            assert time.monotonic() < deadline, "the replica did not start"
            try:
                if httpx.get(f"{self.url}/ready", timeout=5).status_code == 200:
                    return
            except httpx.HTTPError:
                time.sleep(0.2)

    def end(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


@dataclass
class Deployment:
    """What replicas share."""

    environment: dict[str, str]
    folder: Path
    started: list[Replica] = field(default_factory=list)

    def start(self, program: str) -> Replica:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        own = {"SERVER_PORT": str(port), "DATA_DIR": str(self.folder / str(port))}
        process = self.run(program, "serve", **own)
        assert process.stdin, "asked for"
        process.stdin.close()
        replica = Replica(process, f"http://127.0.0.1:{port}")
        self.started.append(replica)
        return replica

    def run(self, program: str, *words: str, **more: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-c", program, *words],
            env={**os.environ, **self.environment, **more},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def adds_marc(self) -> None:
        words = ["account", "add", "marc@example.test", "--name", "Marc", "--role", "technician",
                 "--technician", "DT-00001", "--password-stdin"]  # fmt: skip
        process = self.run(OLD, *words, DATA_DIR=str(self.folder / "cli"))
        process.communicate(f"{PASSWORD}\n".encode(), timeout=START_S_MAX)
        assert process.returncode == 0


@dataclass
class Phone:
    """A device whose calls the proxy sends to one replica or the other."""

    session: dict[str, Any]
    key: str = ""
    n: int = 0
    texts: list[str] = field(default_factory=list)

    def sync(self, replica: Replica, *ops: dict[str, Any]) -> dict[str, Any]:
        body = {"proto": 1, "now": self._stamp(), "ops": [*ops]}
        headers = {"Authorization": f"Bearer {self.session['access']}"}
        answer = httpx.post(f"{replica.url}/v1/sync", json=body, headers=headers, timeout=30)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def note(self, replica: Replica) -> None:
        """Push one note, as an exchange of its own."""
        self.n += 1
        text = f"note {self.n}."
        operation = {
            "kind": "append",
            "id": f"operation-{self.n:04d}",
            "n": self.n,
            "key": self.key,
            "rev": 1,
            "at": self._stamp(),
            "list": "notes",
            "item_id": f"note-of-marc-{self.n:04d}",
            "item": {"text": text},
        }
        assert self.sync(replica, operation)["last_n"] == self.n
        self.texts.append(text)

    def _stamp(self) -> list[Any]:
        ms = round(time.time() * 1000)
        return [ms, ms, "boot"]


@contextmanager
def office() -> Iterator[tuple[EmbeddedErp, str]]:
    """An ERP on a port, with one job of today."""
    erp = create_embedded_erp(
        ":memory:",
        doctypes=erp_doctypes(),
        clock=lambda: datetime.now(UTC),
        entropy=os.urandom,
        settings=ErpSiteSettings(users=(SERVICE,), durable=False, offload=True),
    )
    with served(erp) as url:
        yield erp, url
    erp.close()


def ask(url: str, method: str, path: str, body: Any = None) -> Any:  # noqa: ANN401 - any JSON
    headers = {"Authorization": "token key:secret"}
    answer = httpx.request(method, f"{url}{path}", json=body, headers=headers, timeout=30)
    assert answer.status_code < 300, answer.text
    return answer.json()["data"]


@pytest.mark.postgresql
@pytest.mark.timeout(300)
def test_one_old_and_one_new_replica_serve_one_database_side_by_side(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    cluster: Cluster = request.getfixturevalue("postgresql")
    with office() as (_, erp):
        ask(erp, "POST", "/api/resource/Dispatch Technician", {"full_name": "Marc"})
        job = ask(
            erp,
            "POST",
            "/api/resource/Dispatch Job",
            {
                "subject": "Poser",
                "status": "Dispatched",
                "assigned_technician": "DT-00001",
                "scheduled_date": today(),
            },
        )
        key = erp_key("Dispatch Job", job["name"], job["creation"])
        deployment = Deployment(
            {
                "DATABASE_URL": cluster.create("rolling"),
                "BLOBS_URL": (tmp_path / "blobs").as_uri(),
                "SERVER_SECRET": "the same for all replicas, 32 long",
                "ERPNEXT_URL": erp,
                "ERPNEXT_API_KEY": "key",
                "ERPNEXT_API_SECRET": "secret",
                "ERP_POLL_S": "1",
                "PASSWORD_MEMORY_KIB": "8",
                "PASSWORD_PASSES": "1",
            },
            tmp_path,
        )
        deployment.adds_marc()
        try:
            phone = _upgraded(deployment, key)
            shown = _written(erp, job["name"], phone)
        finally:
            for one in deployment.started:
                if one.process.poll() is None:
                    one.process.kill()
                    one.process.wait()
        assert sorted(row["text"] for row in shown["notes"]) == sorted(phone.texts)


def _upgraded(deployment: Deployment, key: str) -> Phone:
    """Work through an upgrade; returns the phone with what it was told was received."""
    old = deployment.start(OLD)
    old.wait_until_ready()
    body = {"email": "marc@example.test", "password": PASSWORD, "device": {"name": "phone"}}
    phone = Phone(httpx.post(f"{old.url}/v1/auth/sign-in", json=body, timeout=30).json())
    phone.key = key
    _wait_for(deployment, key)
    phone.note(old)

    new = deployment.start(NEW)
    new.wait_until_ready()
    for _ in range(4):  # both at work, on a database of the new version
        phone.note(old)
        phone.note(new)
    old.end()
    phone.note(new)

    back = deployment.start(OLD)
    assert back.process.wait(START_S_MAX) == 1, "a program before the database's version must end"
    return phone


def _wait_for(deployment: Deployment, key: str) -> None:
    """Wait until a replica has taken the ERP's job in."""
    database = Database(deployment.environment["DATABASE_URL"])
    deadline = time.monotonic() + START_S_MAX
    while True:
        with database.read() as connection:
            if documents.load(connection, key):
                break
        assert time.monotonic() < deadline, "the job never came"
        time.sleep(0.3)
    database.close()


def _written(erp: str, job: str, phone: Phone) -> dict[str, Any]:
    """Wait until the ERP holds as many notes as were received."""
    deadline = time.monotonic() + START_S_MAX
    while True:
        shown: dict[str, Any] = ask(erp, "GET", f"/api/resource/Dispatch Job/{job}")
        if len(shown.get("notes", ())) >= len(phone.texts) or time.monotonic() > deadline:
            return shown
        time.sleep(0.5)
