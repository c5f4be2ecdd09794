"""The view: rebuilt for touched documents from base and outbox, with the words people look for."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from sqlite_utils import Database

from field_app.sync.index_rows import DOCTYPE_OF_INDEX, device_in_index
from field_core.canon import Body, dump
from field_core.doctypes import spec_of
from field_core.replay import Held, replay

if TYPE_CHECKING:
    from field_app.sync.outbox import Outbox

QUERY_WORDS_MAX: Final = 8
"""More words than this narrow nothing down and only slow the index."""


def rebuild(db: Database, keys: Iterable[str], outbox: "Outbox") -> None:
    """Bring the shown form of these documents up to date, inside the caller's transaction.

    What stands on a row of the index is shown anew when the index changes.
    """
    touched = [_rebuild(db, key, outbox) for key in keys]
    if DOCTYPE_OF_INDEX in touched:
        for key in outbox.groundless_keys():
            _rebuild(db, key, outbox)


def _rebuild(db: Database, key: str, outbox: "Outbox") -> str | None:
    """Show one document as it is now; return its doctype, or the one it had."""
    base = _base(db, key)
    operations = outbox.unseen(key, base is None)
    ground = base or (device_in_index(db, key) if operations else None)
    held = replay(ground, operations)
    before = _show(db, key, held)
    return held.doctype if held else before


def rebuild_all(db: Database, outbox: "Outbox") -> None:
    """Show the whole base with everything pending on top; for after a swap."""
    db.conn.execute("DELETE FROM view")
    db.conn.execute("INSERT INTO search(search) VALUES ('delete-all')")
    rows = db.conn.execute("SELECT key, doctype, body FROM base").fetchall()
    shown = [_row(key, doctype, json.loads(body), body) for key, doctype, body in rows]
    db.conn.executemany(
        "INSERT INTO view (key, doctype, name, words, body) VALUES (?, ?, ?, ?, ?)", shown
    )
    db.conn.execute(
        "INSERT INTO search (rowid, words) SELECT id, words FROM view WHERE words != ''"
    )
    rebuild(db, outbox.unseen_keys(), outbox)


def _base(db: Database, key: str) -> Held | None:
    row = db.conn.execute("SELECT doctype, body FROM base WHERE key = ?", (key,)).fetchone()
    return Held(row[0], json.loads(row[1])) if row else None


def show(db: Database, key: str, held: Held | None) -> None:
    """Write the shown form of one document that was just edited here."""
    _show(db, key, held)


def _show(db: Database, key: str, held: Held | None) -> str | None:
    """Write or remove a row; return the doctype that stood there."""
    have = db.conn.execute("SELECT id, words, doctype FROM view WHERE key = ?", (key,)).fetchone()
    if held is None:
        if have:
            _unindex(db, have[0], have[1])
            db.conn.execute("DELETE FROM view WHERE id = ?", (have[0],))
        return have[2] if have else None
    _, doctype, name, words, body = _row(key, held.doctype, held.body, dump(held.body))
    if have is None:
        rowid = db.conn.execute(
            "INSERT INTO view (key, doctype, name, words, body) VALUES (?, ?, ?, ?, ?)",
            (key, doctype, name, words, body),
        ).lastrowid
        _index(db, rowid, words)
        return None
    db.conn.execute(
        "UPDATE view SET doctype = ?, name = ?, words = ?, body = ? WHERE id = ?",
        (doctype, name, words, body, have[0]),
    )
    if have[1] != words:
        _unindex(db, have[0], have[1])
        _index(db, have[0], words)
    return str(have[2])


def _row(key: str, doctype: str, body: Body, text: str) -> tuple[str, str, object, str, str]:
    return key, doctype, body.get("name"), _words(doctype, body), text


def _words(doctype: str, body: Body) -> str:
    """Return the text of the searched fields; the name belongs to what people type."""
    fields = spec_of(doctype).searched()
    if not fields:
        return ""
    found = [body.get(field) for field in ("name", *fields)]
    return " ".join(str(value) for value in found if isinstance(value, (str, int)))


def _index(db: Database, rowid: int | None, words: str) -> None:
    if words:
        db.conn.execute("INSERT INTO search (rowid, words) VALUES (?, ?)", (rowid, words))


def _unindex(db: Database, rowid: int, words: str) -> None:
    if words:
        db.conn.execute(
            "INSERT INTO search (search, rowid, words) VALUES ('delete', ?, ?)", (rowid, words)
        )


def search(db: Database, text: str, limit: int) -> list[tuple[str, str, Body]]:
    """Return `(key, doctype, body)` whose words begin with every word typed, best first."""
    if not words_of(text):
        return []
    rows = db.conn.execute(
        "SELECT view.key, view.doctype, view.body FROM search JOIN view ON view.id = "
        "search.rowid WHERE search MATCH ? ORDER BY search.rank LIMIT ?",
        (query_of(text), limit),
    )
    return [(key, doctype, json.loads(body)) for key, doctype, body in rows]


def words_of(text: str) -> list[str]:
    """Return the words of what was typed, as many as are looked up."""
    return separated(text)[:QUERY_WORDS_MAX]


def separated(text: str) -> list[str]:
    """Return the words of a text: what stands between anything that is no letter or digit."""
    return "".join(c if c.isalnum() else " " for c in text).split()


def query_of(text: str) -> str:
    """Return the index's query for documents with a word that begins with each word typed."""
    return " ".join(f'"{word}"*' for word in words_of(text))
