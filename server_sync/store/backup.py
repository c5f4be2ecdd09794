"""Copies of SQLite files that are consistent while others write (SQLite's online backup API)."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

PAGES_PER_STEP: Final = 256
"""A megabyte at a time, so that writers wait milliseconds."""


class DamagedError(Exception):
    """A database file is not what it should be."""


def copy(source: Path, target: Path) -> None:
    """Copy a database into a file, over what is there; verified before it returns.

    Raises DamagedError when source or copy do not pass SQLite's quick check.
    """
    _be_there(source)
    target.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(source)) as origin, closing(sqlite3.connect(target)) as copied:
        _verify(origin, source)
        origin.backup(copied, pages=PAGES_PER_STEP)
        _verify(copied, target)


def verify(path: Path) -> None:
    """Raise DamagedError unless the file is there and passes SQLite's quick check."""
    _be_there(path)
    with closing(sqlite3.connect(path)) as connection:
        _verify(connection, path)


def version_in(path: Path) -> int:
    """Return the version of the database in a file, without writing beside it."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        is_numbered = connection.execute(
            "SELECT 1 FROM sqlite_master WHERE name = 'schema_version'"
        ).fetchone()
        found = connection.execute(_VERSION).fetchone() if is_numbered else (0,)
    return int(found[0] or 0)


_VERSION: Final = "SELECT max(number) FROM schema_version"


def _be_there(path: Path) -> None:
    if not path.is_file():
        message = f"{path} is not there"
        raise DamagedError(message)


def _verify(connection: sqlite3.Connection, path: Path) -> None:
    try:
        found = [str(row[0]) for row in connection.execute("PRAGMA quick_check")]
    except sqlite3.DatabaseError as error:
        found = [str(error)]
    if found != ["ok"]:
        message = f"{path.name}: {found[0]}"
        raise DamagedError(message)
