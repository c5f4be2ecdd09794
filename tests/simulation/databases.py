"""The one database of a world: a machine dies over it, copies it, goes back to the copy."""

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import Connection, event

from server_sync.store.database import Database
from server_sync.store.migrating import migrate

Made = Callable[[Callable[[], None]], "WorldDatabase"]
"""Makes the database of a world, given what hears of each statement before it runs."""


class WorldDatabase(Database, ABC):
    """The server's database as production uses it; `before` hears of every statement."""

    def __init__(self, url: str, before: Callable[[], None]) -> None:
        super().__init__(url)
        event.listen(self.engine, "before_cursor_execute", lambda *_: before())

    @contextmanager
    def starting(self) -> Iterator[None]:
        """A server starts: it may look at the schema and change it."""
        yield

    @abstractmethod
    def lose_open(self) -> None:
        """Lose what was not committed: its process is gone."""

    @abstractmethod
    def copy(self) -> Any:
        """Return a backup."""

    @abstractmethod
    def put_back(self, copy: Any) -> None:
        """Become what a backup holds."""


@cache
def _with_tables() -> bytes:
    """Return the file of a server that was never used, as its migrations make it."""
    database = Database("sqlite://")
    migrate(database, now_ms=0)
    with database.engine.connect() as connection:
        return _raw(connection).serialize()


def _raw(connection: Connection) -> sqlite3.Connection:
    raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection), "SQLite's own connection"
    return raw


class SqliteDatabase(WorldDatabase):
    """SQLite in memory, on one connection."""

    def __init__(self, before: Callable[[], None]) -> None:
        super().__init__("sqlite://", before)
        with self.engine.connect() as connection:
            self.raw = _raw(connection)
        self.raw.deserialize(_with_tables())

    def lose_open(self) -> None:
        """Roll back."""
        self.raw.rollback()

    def copy(self) -> bytes:
        """Return the file."""
        return self.raw.serialize()

    def put_back(self, copy: bytes) -> None:
        """Replace the file."""
        self.raw.deserialize(copy)
