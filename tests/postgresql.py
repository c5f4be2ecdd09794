"""A private PostgreSQL for the tests: made for one pytest process, on a socket only it knows.

Import the fixtures into a conftest. Each worker of pytest-xdist starts its own cluster: two of
them need 60 MB and start in three seconds, which is less than sharing one would cost in care.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest

READY_S_MAX: Final = 30
"""A cold start on a busy machine with two cores takes three."""
PORT: Final = 5432
"""Only part of the socket's name: nothing listens on the network."""
SETTINGS: Final = (
    # Nothing here outlives the test, so nothing needs to reach the disk.
    "fsync=off", "synchronous_commit=off", "full_page_writes=off",
    "listen_addresses=", f"port={PORT}", "max_connections=60", "shared_buffers=32MB",
    # A deadlock is found a second after it arises; the test that makes one should not wait.
    "deadlock_timeout=100ms",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running cluster; databases are made in it one by one."""

    sockets: Path

    def url(self, database: str) -> str:
        """Return the SQLAlchemy URL of a database."""
        return f"postgresql+psycopg://tester@/{database}?host={self.sockets}&port={PORT}"

    def create(self, database: str, *, like: str = "template1") -> str:
        """Make a database, in the place of an older one of that name; return its URL.

        like: the one that it is a copy of, to which nobody is connected; an empty one unless told.
        """
        with self._connect("postgres") as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{database}" TEMPLATE "{like}"')
        return self.url(database)

    def empty(self, database: str) -> str:
        """Take every row out of a database, but not which version it has; return its URL."""
        with self._connect(database) as connection:
            rows = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
                " AND tablename <> 'schema_version'"
            ).fetchall()
            names = ", ".join(f'"{name}"' for (name,) in rows)
            if names:
                connection.execute(f"TRUNCATE {names} RESTART IDENTITY")
        return self.url(database)

    def is_left(self, database: str) -> bool:
        """Tell whether nobody is connected to a database; a hang-up is noted a moment after it."""
        asked = "SELECT 1 FROM pg_stat_activity WHERE datname = %s"
        with self._connect("postgres") as connection:
            for _ in range(50):
                if not connection.execute(asked, (database,)).fetchall():
                    return True
                time.sleep(0.02)
        return False

    def _connect(self, database: str) -> "psycopg.Connection[tuple[str, ...]]":
        return psycopg.connect(
            host=str(self.sockets), port=PORT, user="tester", dbname=database, autocommit=True
        )


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Cluster]:
    """A cluster for this process; skipped only where PostgreSQL is not installed."""
    programs = find_programs()
    if programs is None:
        _explain_absence()
    else:
        with running(programs) as cluster:
            yield cluster


def find_programs() -> Path | None:
    """Return the folder of the newest server programs, where Debian or the PATH has them."""
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = sorted(versions, key=lambda path: float(path.parent.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    found = newest[0] if newest else Path(on_path).resolve() if on_path else None
    return found.parent if found and (found.parent / "postgres").exists() else None


def _explain_absence() -> None:
    reason = "the PostgreSQL server programs are not installed: scripts/setup.sh --for-tests"
    if os.environ.get("CI"):
        pytest.fail(f"{reason} (CI must not skip what production runs on)")
    pytest.skip(reason)


@contextmanager
def running(programs: Path) -> Iterator[Cluster]:
    """Run a cluster of one's own; it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        person = _unprivileged()
        _give(place, person)
        data = place / "data"
        _run(person, programs / "initdb", "--pgdata", data, "--username=tester", "--auth=trust",
             "--encoding=UTF8", "--locale=C", "--no-sync")  # fmt: skip
        server = _start(person, programs, data, place)
        try:
            _wait_until_ready(programs, place, server)
            yield Cluster(place)
        finally:
            _run(person, programs / "pg_ctl", "stop", "--pgdata", data, "--mode=immediate")
            server.wait(READY_S_MAX)


# --- the server refuses to run as root


def _unprivileged() -> pwd.struct_passwd | None:
    """Return whom to run as: ourselves, or when we are root, `postgres` or `nobody`."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def _give(place: Path, person: pwd.struct_passwd | None) -> None:
    place.chmod(0o755)
    if person:
        os.chown(place, person.pw_uid, person.pw_gid)


def _run(person: pwd.struct_passwd | None, program: Path, *arguments: str | Path) -> None:
    subprocess.run(
        [str(program), *map(str, arguments)],
        check=True,
        capture_output=True,
        cwd="/",
        **_identity(person),
    )


def _identity(person: pwd.struct_passwd | None) -> dict[str, Any]:
    return {"user": person.pw_uid, "group": person.pw_gid} if person else {}


def _start(
    person: pwd.struct_passwd | None, programs: Path, data: Path, sockets: Path
) -> "subprocess.Popen[bytes]":
    options = [word for setting in SETTINGS for word in ("-c", setting)]
    with (sockets / "log").open("wb") as log:
        return subprocess.Popen(
            [str(programs / "postgres"), "-D", str(data), "-k", str(sockets), *options],
            stdout=log, stderr=log, cwd="/", **_identity(person),
        )  # fmt: skip


def _wait_until_ready(programs: Path, place: Path, server: "subprocess.Popen[bytes]") -> None:
    asking = [str(programs / "pg_isready"), "-q", "-h", str(place), "-p", str(PORT)]
    give_up = time.monotonic() + READY_S_MAX
    while subprocess.run(asking, check=False).returncode != 0:
        assert server.poll() is None, (place / "log").read_text(errors="replace")
        assert time.monotonic() < give_up, "PostgreSQL did not become ready"
        time.sleep(0.05)
