"""Answers of the server that this device keeps, so that a page seen once opens without a network.

A file of their own beside the replica: they are no documents, nothing is synced by them, and they
go with the account. Every call opens the file anew, so that erasing it meets nothing open.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

DAYS_KEPT: Final = 30
"""A customer who was not looked at for a month is looked up anew."""
BYTES_MAX: Final = 60_000_000
"""A thousand pages as pictures; photos of jobs need the room more."""
_DAY_MS: Final = 86_400_000
_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS answer (path TEXT PRIMARY KEY, etag TEXT NOT NULL, "
    "at_ms INTEGER, used_ms INTEGER NOT NULL, pages INTEGER NOT NULL, content BLOB NOT NULL)"
)
_WAIT_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Kept:
    """One answer; `at_ms`: when it was true, by this device's clock."""

    content: bytes
    etag: str
    at_ms: int | None
    pages: int = 0


class KeptAnswers:
    """Answers by their path. Safe on any thread; a disk that refuses costs a question, no more."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def get(self, path: str) -> Kept | None:
        """Return an answer."""
        try:
            with self._opened() as db:
                row = db.execute(
                    "SELECT content, etag, at_ms, pages FROM answer WHERE path = ?", (path,)
                ).fetchone()
        except sqlite3.Error:
            return None
        return Kept(*row) if row else None

    def put(self, path: str, answer: Kept, *, now_ms: int) -> None:
        """Keep an answer in the place of an older one; what is too old or too much leaves."""
        row = (path, answer.etag, answer.at_ms, now_ms, answer.pages, answer.content)
        try:
            with self._opened() as db:
                db.execute("INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?, ?, ?)", row)
                _prune(db, now_ms)
        except sqlite3.Error:  # a full disk, or an account that is being erased
            return

    def stands(self, path: str, at_ms: int | None, *, now_ms: int) -> None:
        """Note that an answer is still true."""
        try:
            with self._opened() as db:
                db.execute(
                    "UPDATE answer SET at_ms = ?, used_ms = ? WHERE path = ?", (at_ms, now_ms, path)
                )
        except sqlite3.Error:  # as above
            return

    def drop(self, path: str) -> None:
        """Let go of an answer."""
        try:
            with self._opened() as db:
                db.execute("DELETE FROM answer WHERE path = ?", (path,))
        except sqlite3.Error:  # as above
            return

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._file, timeout=_WAIT_S)) as db, db:
            db.execute("PRAGMA secure_delete = ON")
            db.execute(_TABLE)
            yield db


def _prune(db: sqlite3.Connection, now_ms: int) -> None:
    db.execute("DELETE FROM answer WHERE used_ms < ?", (now_ms - DAYS_KEPT * _DAY_MS,))
    db.execute(
        "DELETE FROM answer WHERE path IN (SELECT path FROM (SELECT path, sum(length(content)) "
        "OVER (ORDER BY used_ms DESC, path) AS above FROM answer) WHERE above > ?)",
        (BYTES_MAX,),
    )
