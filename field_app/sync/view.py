"""The view: rebuilt for touched documents from base and outbox, with the words people look for."""

import json
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlite_utils import Database

from field_app.sync.index_rows import DOCTYPE_OF_INDEX, device_in_index
from field_core.canon import Body, dump
from field_core.doctypes import spec_of
from field_core.operations import Operation
from field_core.replay import Held, replay

if TYPE_CHECKING:
    from field_app.sync.outbox import Outbox

QUERY_WORDS_MAX: Final = 8
"""More words than this narrow nothing down and only slow the index."""


class Shown(NamedTuple):
    """A document's row of the view."""

    id: int
    doctype: str
    words: str
    body: str

    def held(self) -> Held:
        """Return the document."""
        return Held(self.doctype, json.loads(self.body))


class Standing(NamedTuple):
    """What is here of a document: the server's word, and what is shown of it."""

    key: str
    rev: int
    base: tuple[str, str] | None
    """Doctype and body."""
    shown: Shown | None


def standing(db: Database, keys: Iterable[str]) -> list[Standing]:
    """Return what is here of each of these documents, in order of key."""
    rows = db.conn.execute(_STANDING, (dump([*sorted(keys)]),)).fetchall()
    return [
        Standing(
            key,
            rev or 0,
            (doctype, body) if doctype is not None else None,
            Shown(*shown) if shown[0] is not None else None,
        )
        for key, rev, doctype, body, *shown in rows
    ]


_STANDING: Final = """
    SELECT named.value, base.rev, base.doctype, base.body,
           view.id, view.doctype, view.words, view.body
    FROM json_each(?) AS named
    LEFT JOIN base ON base.key = named.value
    LEFT JOIN view ON view.key = named.value
"""


def rebuild(db: Database, keys: Iterable[str], outbox: "Outbox") -> None:
    """Bring the shown form of these documents up to date, inside the caller's transaction.

    What stands on a row of the index is shown anew when the index changes.
    """
    if DOCTYPE_OF_INDEX in _rebuild(db, {*keys}, outbox):
        _rebuild(db, outbox.groundless_keys(), outbox)


def _rebuild(db: Database, keys: set[str], outbox: "Outbox") -> set[str]:
    """Show documents as they are now; return the doctypes of those that look new."""
    if not keys:
        return set()
    work = outbox.unseen(keys)
    changed = [_show_anew(db, here, work.get(here.key, ())) for here in standing(db, keys)]
    return {doctype for doctype in changed if doctype}


def _show_anew(db: Database, here: Standing, work: Sequence[tuple[Operation, str]]) -> str | None:
    """Show one document with the work on it; return its doctype if it looks new."""
    if not work and here.shown and here.base == (here.shown.doctype, here.shown.body):
        return None  # the server's word, shown as that already
    ground = Held(here.base[0], json.loads(here.base[1])) if here.base else None
    if work:
        ground = replay(ground or device_in_index(db, here.key), work)
    return show(db, here.key, here.shown, ground)


def rebuild_all(db: Database, outbox: "Outbox") -> None:
    """Show the whole base with everything pending on top; for after a swap."""
    db.conn.execute("DELETE FROM view")
    db.conn.execute("INSERT INTO search(search) VALUES ('delete-all')")
    rows = db.conn.execute("SELECT key, doctype, body FROM base").fetchall()
    shown = [_row(key, doctype, json.loads(body), body) for key, doctype, body in rows]
    db.conn.executemany(_INSERT, shown)
    db.conn.execute(
        "INSERT INTO search (rowid, words) SELECT id, words FROM view WHERE words != ''"
    )
    rebuild(db, outbox.unseen_keys(), outbox)


def show(db: Database, key: str, shown: Shown | None, held: Held | None) -> str | None:
    """Show a document as `held` in the place of `shown`; return its doctype if it looks new."""
    if held is None:
        if shown:
            _unindex(db, shown)
            db.conn.execute("DELETE FROM view WHERE id = ?", (shown.id,))
        return shown.doctype if shown else None
    _, doctype, name, words, body = _row(key, held.doctype, held.body, dump(held.body))
    if shown is None:
        row = (key, doctype, name, words, body)
        _index(db, db.conn.execute(_INSERT, row).lastrowid, words)
        return doctype
    if shown == (shown.id, doctype, words, body):
        return None
    db.conn.execute(
        "UPDATE view SET doctype = ?, name = ?, words = ?, body = ? WHERE id = ?",
        (doctype, name, words, body, shown.id),
    )
    if shown.words != words:
        _unindex(db, shown)
        _index(db, shown.id, words)
    return doctype


_INSERT: Final = "INSERT INTO view (key, doctype, name, words, body) VALUES (?, ?, ?, ?, ?)"


def _row(key: str, doctype: str, body: Body, text: str) -> tuple[str, str, object, str, str]:
    return key, doctype, body.get("name"), _words(doctype, body), text


def _words(doctype: str, body: Body) -> str:
    """Return the text of the searched fields; the name belongs to what people type."""
    found = [body.get(field) for field in _searched(doctype)]
    return " ".join(str(value) for value in found if isinstance(value, (str, int)))


@cache
def _searched(doctype: str) -> tuple[str, ...]:
    fields = spec_of(doctype).searched()
    return ("name", *fields) if fields else ()


def _index(db: Database, rowid: int | None, words: str) -> None:
    if words:
        db.conn.execute("INSERT INTO search (rowid, words) VALUES (?, ?)", (rowid, words))


def _unindex(db: Database, shown: Shown) -> None:
    if shown.words:
        db.conn.execute(
            "INSERT INTO search (search, rowid, words) VALUES ('delete', ?, ?)",
            (shown.id, shown.words),
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
