"""The site's SQLite file: connection, transactions, backup, check.

One connection, used by one request at a time. A write is one `BEGIN IMMEDIATE` transaction, so a
refusal anywhere leaves nothing behind, series numbers included.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from server_sync.embedded_erp.meta import Value

IN_MEMORY = ":memory:"
_STATEMENTS_CACHED = 512
"""A site uses a few hundred different statements; compiling one costs more than running it."""
_CACHE_KIB = 32 * 1024
"""Page cache limit: the whole server process has to stay under 250 MB with a full site."""
_FORMAT, _ROLLBACK_JOURNAL = slice(18, 20), b"\x01\x01"
"""Write and read version of a file; an image of a WAL file does not open in memory.
Source: SQLite, `sqlite3_deserialize`; file format, 1.3.3."""


class ErpDatabase:
    """The connection. `path` is a file or `:memory:`; `durable` syncs the disk on every commit."""

    def __init__(self, path: Path | str, *, durable: bool = True) -> None:
        self.path = str(path)
        self.connection = sqlite3.connect(
            self.path,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=_STATEMENTS_CACHED,
        )
        self.execute = self.connection.execute
        self.in_transaction = False
        memory = self.path == IN_MEMORY
        self.execute("PRAGMA journal_mode = " + ("MEMORY" if memory else "WAL"))
        self.execute("PRAGMA synchronous = " + ("FULL" if durable and not memory else "OFF"))
        self.execute("PRAGMA foreign_keys = ON")
        self.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        self.execute("PRAGMA temp_store = MEMORY")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit at the end, roll back on any exception; inside another one, a savepoint."""
        if self.in_transaction:
            with self._savepoint():
                yield
            return
        self.execute("BEGIN IMMEDIATE")
        self.in_transaction = True
        try:
            yield
        except BaseException:
            self.execute("ROLLBACK")
            raise
        else:
            self.execute("COMMIT")
        finally:
            self.in_transaction = False

    @contextmanager
    def _savepoint(self) -> Iterator[None]:
        self.execute("SAVEPOINT part")
        try:
            yield
        except BaseException:
            self.execute("ROLLBACK TO part")
            raise
        finally:
            self.execute("RELEASE part")

    def value(self, sql: str, values: Iterable[Value] = ()) -> Value:
        """First column of the first row, None without rows."""
        row = self.execute(sql, tuple(values)).fetchone()
        return row[0] if row else None

    def backup(self, to: Path | str) -> None:
        """Write a consistent copy to the file `to`, while requests go on."""
        target = sqlite3.connect(str(to))
        try:
            self.connection.backup(target)
        finally:
            target.close()

    def restore(self, source: Path | str) -> None:
        """Replace everything by the copy in the file `source`."""
        origin = sqlite3.connect(f"file:{source}?mode=ro", uri=True)
        try:
            origin.backup(self.connection)
        finally:
            origin.close()

    def image(self) -> bytes:
        """Everything, as the bytes of a file."""
        copy = sqlite3.connect(IN_MEMORY)
        try:
            self.connection.backup(copy)  # brings what is still in the WAL
            taken = copy.serialize()
        finally:
            copy.close()
        return taken[: _FORMAT.start] + _ROLLBACK_JOURNAL + taken[_FORMAT.stop :]

    def start_from(self, image: bytes) -> None:
        """Replace everything by what `image` returned."""
        origin = sqlite3.connect(IN_MEMORY)
        try:
            origin.deserialize(image)
            origin.backup(self.connection)
        finally:
            origin.close()

    def quick_check(self) -> list[str]:
        """What SQLite finds wrong with the file; an empty list is good news."""
        found = [str(row[0]) for row in self.execute("PRAGMA quick_check")]
        return [] if found == ["ok"] else found

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()
