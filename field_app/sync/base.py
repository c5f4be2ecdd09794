"""The base: the server's documents as they were last told, and the sums over them."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlite_utils import Database

from field_core.canon import Body, add64, dump, hash8_of_text, negate64, sum64
from field_core.wire import Change


class Row(NamedTuple):
    """A document as it is stored."""

    key: str
    doctype: str
    rev: int
    hash8: str
    body: str


def row_of(key: str, doctype: str, rev: int, body: Body) -> Row:
    """Return the row of a document."""
    text = dump(body)
    return Row(key, doctype, rev, hash8_of_text(text), text)


class Base:
    """Rows that changes are about: looked up at once, changed here, written at once."""

    def __init__(self, db: Database, keys: Iterable[str]) -> None:
        self._db = db
        found = db.conn.execute(
            "SELECT key, doctype, rev, hash8, body FROM base "
            "WHERE key IN (SELECT value FROM json_each(?))",
            (dump([*keys]),),
        )
        self._before = {row[0]: Row(*row) for row in found}
        self._rows = dict(self._before)
        self._wanted: set[str] = set()

    def take(self, change: Change) -> None:
        """Take in a change; a patch of a revision that is not here makes the document wanted."""
        row = self._rows.get(change.key)
        if change.gone:
            self._rows.pop(change.key, None)
        elif row is None or row.rev < change.rev:
            self._replace(change, row)

    def _replace(self, change: Change, row: Row | None) -> None:
        body, doctype = change.body, change.doctype
        if body is None:
            if row is None or row.rev != change.rev - 1:
                self._wanted.add(change.key)
                return
            doctype, body = row.doctype, _patched(json.loads(row.body), change.patch or {})
        assert doctype is not None, "a whole document names its doctype"
        self._rows[change.key] = row_of(change.key, doctype, change.rev, body)

    def write(self) -> None:
        """Store what changed, with the sums and what is wanted."""
        run_many = self._db.conn.executemany
        gone = [row for key, row in self._before.items() if key not in self._rows]
        new = [row for key, row in self._rows.items() if self._before.get(key) != row]
        old = [self._before[row.key] for row in new if row.key in self._before]
        if gone:
            run_many("DELETE FROM base WHERE key = ?", [(row.key,) for row in gone])
        if new:
            run_many("INSERT OR REPLACE INTO base VALUES (?, ?, ?, ?, ?)", new)
        if self._wanted:
            run_many("INSERT OR IGNORE INTO wanted VALUES (?)", [(key,) for key in self._wanted])
        _move_sums(self._db, less=[*gone, *old], more=new)


def _move_sums(db: Database, *, less: Iterable[Row], more: Iterable[Row]) -> None:
    """Bring the sums up to date with rows that went and rows that came."""
    moves = [(row.doctype, -1, negate64(share_of(row))) for row in less]
    moves += [(row.doctype, 1, share_of(row)) for row in more]
    if not moves:
        return
    have = db.conn.execute("SELECT doctype, n, sum64 FROM sums").fetchall()
    sums = {doctype: (n, int(total)) for doctype, n, total in have}
    for doctype, step, share in moves:
        n, total = sums.get(doctype, (0, 0))
        sums[doctype] = (n + step, add64(total, share))
    _store_sums(db, {doctype: sums[doctype] for doctype, _, _ in moves})


def share_of(row: Row) -> int:
    """Return a row's share of the sum of its doctype."""
    return sum64(row.key, row.rev, row.hash8)


def _store_sums(db: Database, sums: Mapping[str, tuple[int, int]]) -> None:
    db.conn.executemany(
        "INSERT OR REPLACE INTO sums VALUES (?, ?, ?)",
        [(doctype, n, str(total)) for doctype, (n, total) in sums.items()],
    )


def recount(db: Database) -> None:
    """Compute the sums afresh from the base."""
    sums: dict[str, tuple[int, int]] = {}
    for key, doctype, rev, hashed in db.conn.execute("SELECT key, doctype, rev, hash8 FROM base"):
        n, total = sums.get(doctype, (0, 0))
        sums[doctype] = (n + 1, add64(total, sum64(key, rev, hashed)))
    db.conn.execute("DELETE FROM sums")
    _store_sums(db, sums)


def _patched(body: Body, patch: Mapping[str, Any]) -> Body:
    """Apply changed top-level fields; null removes one."""
    merged = {**body, **patch}
    return {name: value for name, value in merged.items() if value is not None}
