"""Bringing a database to this program's version: once, whichever of several servers starts first.

Everything that is missing is done in one transaction, so that a database is at a version or at the
one it had. A database of a newer version is left alone: this program would not know what it reads.
"""

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    func,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.exc import OperationalError

from field_core.problems import ProblemError
from server_sync.store.database import Database
from server_sync.store.migrations import MIGRATIONS, Migration

T = TypeVar("T")
MIGRATING_LOCK: Final = 7_310_535
"""Any fixed number beside the numbering's and the claims': the advisory lock of migrations."""
WAITS_MAX: Final = 60
"""Times ten seconds (`SQLITE_BUSY_MS`): how long a server waits for another one's migration."""

NEWEST: Final = len(MIGRATIONS)
"""The version of a database that this program has migrated."""

_version: Final = Table(
    "schema_version",
    MetaData(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("name", String, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
)
"""One row for each migration that was done. Never itself migrated: it is read by every version."""


def version(connection: Connection) -> int:
    """Return a database's version: 0 when it is empty, or from before versions were numbered."""
    if not inspect(connection).has_table(_version.name):
        return 0
    return connection.execute(select(func.max(_version.c.number))).scalar() or 0


def refuse_newer(number: int, *, known: int = NEWEST) -> None:
    """Raise ProblemError `database-newer` for a version that this program does not know."""
    if number > known:
        raise ProblemError("database-newer", version=number, known=known)


def names_after(number: int) -> list[str]:
    """Return the migrations that a database of this version lacks, each with its number."""
    refuse_newer(number)
    return [_name(step) for step in MIGRATIONS[number:]]


def migrate(
    database: Database, *, now_ms: int, migrations: Sequence[Migration] = MIGRATIONS
) -> list[str]:
    """Do what is missing; return what was done. Safe to repeat, and in several processes at once.

    Raises ProblemError `database-newer`.
    """
    with database.read() as connection:
        done = version(connection)
    refuse_newer(done, known=len(migrations))
    if done == len(migrations):
        return []
    return _patiently(lambda: database.run(lambda c: _migrate(c, migrations, now_ms=now_ms)))


def _migrate(connection: Connection, migrations: Sequence[Migration], *, now_ms: int) -> list[str]:
    if connection.dialect.name == "postgresql":  # SQLite's writers take turns anyway
        connection.execute(text("SELECT pg_advisory_xact_lock(:k)"), {"k": MIGRATING_LOCK})
    _version.create(connection, checkfirst=True)
    done = version(connection)  # another server may have been first
    refuse_newer(done, known=len(migrations))
    for number, step in enumerate(migrations[done:], start=done + 1):
        step(connection)
        row = {"number": number, "name": _name(step), "at_ms": now_ms}
        connection.execute(insert(_version), row)
    return [_name(step) for step in migrations[done:]]


def _name(step: Migration) -> str:
    return step.__name__.removeprefix("m")


def _patiently(work: Callable[[], T]) -> T:
    """Wait longer than usual for another writer: a large table may take a while to change."""
    for attempt in range(1, WAITS_MAX + 1):
        try:
            return work()
        except OperationalError as error:
            is_busy = getattr(error.orig, "sqlite_errorname", "") == "SQLITE_BUSY"
            if attempt == WAITS_MAX or not is_busy:
                raise
    raise AssertionError("unreachable: the last attempt returns or raises")
