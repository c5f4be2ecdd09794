"""Connections and transactions on SQLite and PostgreSQL, and nothing else.

SQLite: WAL, `synchronous=FULL` (a commit that was acknowledged survives power loss), and
`BEGIN IMMEDIATE` for writers, so that the order of numbers is the order of commits.
PostgreSQL: writers take row locks as they go and the numbering lock last; a transaction that the
database aborts to break a deadlock, or that made a row which another one made first, is run again.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

T = TypeVar("T")

SQLITE_BUSY_MS: Final = 10_000
"""Longest wait for another writer: a push takes tens of milliseconds, a backup copies in steps."""
STATEMENTS_KEPT: Final = 1_000
"""Compiled ones a connection to SQLite: all that a server has."""
ATTEMPTS_MAX: Final = 8
"""PostgreSQL deadlock victims succeed at the second try nearly always; eight ends a livelock."""
NUMBERING_LOCK: Final = 7_310_533
"""Any fixed number: the advisory lock under which feed numbers are given out."""

_RETRIED: Final = frozenset({"40001", "40P01", "23505"})
"""SQLSTATE of a serialization failure, of a deadlock, and of a key that is taken: an absent row
cannot be locked, so two transactions may both find that a document is new."""


class Database:
    """A pool of connections to one database."""

    def __init__(self, url: str) -> None:
        """url: an SQLAlchemy URL; `sqlite://` alone is a private in-memory database."""
        self.engine = _engine(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self.has_one_writer = self.is_sqlite
        """Whether what a writer has read stays so until it commits."""

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view: everything read inside belongs to the same commit."""
        level = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        with self.engine.connect().execution_options(**level) as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One writing transaction, committed at the end, rolled back on any exception."""
        options = {"opening": "BEGIN IMMEDIATE"} if self.is_sqlite else {}
        with self.engine.connect().execution_options(**options) as connection, connection.begin():
            yield connection

    def run(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a writing transaction, again if it met another one that was first."""
        for attempt in range(1, ATTEMPTS_MAX + 1):
            try:
                with self.write() as connection:
                    return work(connection)
            except DBAPIError as error:
                if attempt == ATTEMPTS_MAX or not _is_conflict(error):
                    raise
        raise AssertionError("unreachable: the last attempt returns or raises")

    def lock_numbering(self, connection: Connection) -> None:
        """Wait until every earlier numbering has committed. On SQLite the writer lock does that."""
        if not self.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:k)"), {"k": NUMBERING_LOCK})

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _is_conflict(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) in _RETRIED


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, pool_size=10, max_overflow=10, pool_pre_ping=True)
    in_memory = url in ("sqlite://", "sqlite:///:memory:")
    extra: dict[str, Any] = {"poolclass": StaticPool} if in_memory else {}
    arguments = {"check_same_thread": False, "cached_statements": STATEMENTS_KEPT}
    engine = create_engine(url, connect_args=arguments, **extra)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={SQLITE_BUSY_MS}",
        "cache_size=-16000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    opening = connection.get_execution_options().get("opening", "BEGIN")
    connection.exec_driver_sql(opening)
