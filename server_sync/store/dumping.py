"""Backups of PostgreSQL by its own tools; a password goes to them in their environment, unseen."""

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import URL, create_engine, make_url, text

from server_sync.store.backup import DamagedError

SCRATCH_SUFFIX: Final = "_drill"
ERROR_LENGTH_MAX: Final = 500
TOOL_S_MAX: Final = 4 * 3_600
"""A database of some hundred gigabytes; what takes longer has met something else."""


def dump(url: str, target: Path) -> None:
    """Dump a database into a file that appears when it is whole. Raises DamagedError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    _run("pg_dump", url, "--format=custom", "--no-owner", f"--file={part}")
    look(part)
    part.replace(target)


def look(path: Path) -> None:
    """Raise DamagedError unless a dump's table of contents can be read to its end."""
    _tool(["pg_restore", "--list", str(path)], {})


def load(url: str, source: Path) -> None:
    """Put a dump in the place of what a database holds, all of it or nothing."""
    _run("pg_restore", url, "--clean", "--if-exists", "--no-owner", "--exit-on-error",
         "--single-transaction", str(source))  # fmt: skip


@contextmanager
def scratch(url: str) -> Iterator[str]:
    """Make an empty database beside another; yields its URL, and it is gone afterwards."""
    made = make_url(url)
    name = f"{made.database}{SCRATCH_SUFFIX}"
    _outside(made, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    _outside(made, f'CREATE DATABASE "{name}"')
    try:
        yield made.set(database=name).render_as_string(hide_password=False)
    finally:
        _outside(made, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _outside(url: URL, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(statement))
    finally:
        engine.dispose()


def _run(tool: str, url: str, *words: str) -> None:
    made = make_url(url)
    given = {
        "PGHOST": made.host or made.query.get("host"),
        "PGPORT": made.port or made.query.get("port"),
        "PGUSER": made.username,
        "PGPASSWORD": made.password,
    }
    _tool(
        [tool, f"--dbname={made.database}", *words],
        {name: str(value) for name, value in given.items() if value},
    )


def _tool(words: list[str], environment: Mapping[str, str]) -> None:
    tool = shutil.which(words[0])
    if tool is None:
        message = f"{words[0]} is not installed (postgresql-client)"
        raise DamagedError(message)
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own tools, words of ours
        [tool, *words[1:]],
        env={**environment},
        capture_output=True,
        text=True,
        timeout=TOOL_S_MAX,
        check=False,
    )
    if done.returncode:
        message = f"{words[0]}: {done.stderr.strip()[-ERROR_LENGTH_MAX:]}"
        raise DamagedError(message)
