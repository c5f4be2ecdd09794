"""Documents in and out of the `doc` table, and their links."""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    delete,
    insert,
    or_,
    select,
    update,
)

from field_core.canon import Body, dump, hash8_of_text
from field_core.links import Link
from server_sync.scope import Asked, Known
from server_sync.store.batches import rows_in, write
from server_sync.store.schema import doc, link

NO_HASH: Final = ""


@dataclass(frozen=True, slots=True)
class Doc:
    """A document as the server holds it. `body` None: removed (a tombstone stays).

    `patch` is what the last numbering made; it is written, and read for devices alone.
    """

    key: str
    doctype: str
    erp_name: str | None = None
    rev: int = 0
    hash8: str = NO_HASH
    body: Body | None = None
    patch: Body | None = None
    erp_body: Body | None = None
    erp_modified: str | None = None

    @property
    def known(self) -> Known:
        """The document as scope rules see it; only live documents have this form."""
        return Known(self.key, self.doctype, self.erp_name, self.body or {})

    def with_body(self, body: Body | None) -> "Doc":
        """Return the document with another body; revision and hash follow at numbering."""
        return replace(self, body=body)


_COLUMNS = select(
    doc.c.key,
    doc.c.doctype,
    doc.c.erp_name,
    doc.c.rev,
    doc.c.hash8,
    doc.c.body,
    doc.c.erp_body,
    doc.c.erp_modified,
)
_BY_KEY = _COLUMNS.where(doc.c.key == bindparam("k"))
_BY_KEY_LOCKED = _BY_KEY.with_for_update()
_BY_KEYS = _COLUMNS.where(doc.c.key.in_(bindparam("v", expanding=True))).order_by(doc.c.key)
_BY_KEYS_LOCKED = _BY_KEYS.with_for_update()
_POINTING_AT = _COLUMNS.join(link, link.c.src == doc.c.key).where(
    link.c.target.in_(bindparam("v", expanding=True)),
    link.c.field == bindparam("f"),
    link.c.src_doctype == bindparam("d"),
    doc.c.body.is_not(None),
)
_OF_DOCTYPE = _COLUMNS.where(doc.c.doctype == bindparam("d"), doc.c.body.is_not(None))
_BY_NAMES = _COLUMNS.where(
    doc.c.doctype.in_(bindparam("d", expanding=True)),
    doc.c.erp_name.in_(bindparam("v", expanding=True)),
    doc.c.body.is_not(None),
).order_by(doc.c.key)
_BY_NAMES_LOCKED = _BY_NAMES.with_for_update()


def load(connection: Connection, key: str, *, lock: bool = False) -> Doc | None:
    """Return a document by key, removed ones included."""
    row = connection.execute(_BY_KEY_LOCKED if lock else _BY_KEY, {"k": key}).first()
    return _doc(row) if row else None


def load_many(connection: Connection, keys: Iterable[str], *, lock: bool = False) -> Iterator[Doc]:
    """Yield documents by key, removed ones included, locked in the order of their keys."""
    yield from map(_doc, rows_in(connection, _BY_KEYS_LOCKED if lock else _BY_KEYS, keys))


def load_named(connection: Connection, doctype: str, name: str) -> Doc | None:
    """Return the live document that the ERP calls `name`."""
    return next(load_all_named(connection, [(doctype, name)]), None)


def load_all_named(
    connection: Connection, wanted: Collection[tuple[str, str]], *, lock: bool = False
) -> Iterator[Doc]:
    """Yield live documents by doctype and what the ERP calls them, locked in the order of keys."""
    rows = rows_in(
        connection,
        _BY_NAMES_LOCKED if lock else _BY_NAMES,
        (name for _, name in wanted),
        d=sorted({doctype for doctype, _ in wanted}),
    )
    yield from (_doc(row) for row in rows if (row.doctype, row.erp_name) in wanted)


def load_doctype(connection: Connection, doctype: str) -> list[Doc]:
    """Return every live document of a doctype; for small ones."""
    return [_doc(row) for row in connection.execute(_OF_DOCTYPE, {"d": doctype})]


def load_mentioning(connection: Connection, doctype: str, text: str) -> list[Doc]:
    """Return live documents of a doctype whose JSON holds `text` somewhere."""
    rows = connection.execute(
        _OF_DOCTYPE.where(doc.c.body.contains(text, autoescape=True)), {"d": doctype}
    )
    return [_doc(row) for row in rows]


def load_pointing_at(
    connection: Connection, doctype: str, field: str, targets: Iterable[str]
) -> list[Doc]:
    """Return live documents of `doctype` that hold one of `targets` in `field`."""
    rows = rows_in(connection, _POINTING_AT, targets, d=doctype, f=field)
    return list({row.key: _doc(row) for row in rows}.values())


def known_pointing_at(connection: Connection, asked: Iterable[Asked]) -> list[Known]:
    """Return live documents that point where it is asked: one statement for all of it."""
    places = [one for one in asked if one.targets]
    if not places:
        return []
    given: dict[str, object] = {}
    for i, one in enumerate(places):
        given |= {f"d{i}": one.doctype, f"f{i}": one.field, f"v{i}": sorted(set(one.targets))}
    rows = connection.execute(_pointing_at(len(places)), given)
    return [Known(r.key, r.doctype, r.erp_name, json.loads(r.body)) for r in rows]


@cache
def _pointing_at(places: int) -> Select[Any]:
    """Each place is a range of the index of links, so that one asked more costs its own rows."""
    at = (
        and_(
            link.c.target.in_(bindparam(f"v{i}", expanding=True)),
            link.c.src_doctype == bindparam(f"d{i}"),
            link.c.field == bindparam(f"f{i}"),
        )
        for i in range(places)
    )
    pointing = select(link.c.src).where(or_(*at))
    return select(doc.c.key, doc.c.doctype, doc.c.erp_name, doc.c.body).where(
        doc.c.key.in_(pointing), doc.c.body.is_not(None)
    )


def _doc(row: Row[*tuple[Any, ...]]) -> Doc:
    return Doc(
        row.key,
        row.doctype,
        row.erp_name,
        row.rev,
        row.hash8,
        _json(row.body),
        erp_body=_json(row.erp_body),
        erp_modified=row.erp_modified,
    )


def _json(text: str | None) -> Body | None:
    return json.loads(text) if text else None


@dataclass(frozen=True, slots=True)
class Written:
    """A document to be written: as it will be, as it was, and its body as text if that is new."""

    after: Doc
    before: Doc | None
    text: str | None


_INSERT = insert(doc)
_UPDATE = update(doc).where(doc.c.key == bindparam("b_key"))


def save(connection: Connection, documents: Iterable[Written]) -> None:
    """Write documents: new ones whole, of the others the columns that changed."""
    new: list[dict[str, Any]] = []
    changes: list[dict[str, Any]] = []
    for one in documents:
        if one.before is None:
            new.append(_row(one))
        elif columns := _changes(one.after, one.before, one.text):
            changes.append({"b_key": one.after.key, **columns})
    write(connection, _INSERT, new)
    for _, alike in groupby(sorted(changes, key=list), key=list):  # one statement, same columns
        write(connection, _UPDATE, list(alike))


def _row(one: Written) -> dict[str, Any]:
    document = one.after
    return {
        "key": document.key,
        "doctype": document.doctype,
        "erp_name": document.erp_name,
        **_content(document, one.text),
        "erp_body": _text(document.erp_body),
        "erp_modified": document.erp_modified,
    }


def _changes(after: Doc, before: Doc, text: str | None) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    if after.erp_name != before.erp_name:
        columns["erp_name"] = after.erp_name
    if after.rev != before.rev:
        columns |= _content(after, text)
    if after.erp_body is not before.erp_body:
        columns["erp_body"] = _text(after.erp_body)
    if after.erp_modified != before.erp_modified:
        columns["erp_modified"] = after.erp_modified
    return columns


def _content(document: Doc, text: str | None) -> dict[str, Any]:
    return {
        "rev": document.rev,
        "hash8": document.hash8,
        "body": text,
        "patch": _text(document.patch),
    }


def _text(value: Body | None) -> str | None:
    return None if value is None else dump(value)


@dataclass(frozen=True, slots=True)
class LinksOf:
    """The links of one document as they will be and as they were."""

    key: str
    doctype: str
    now: set[Link]
    had: set[Link]


def save_links(connection: Connection, moves: Iterable[LinksOf]) -> None:
    """Bring the link rows of documents up to date."""
    gone: list[dict[str, Any]] = []
    new: list[dict[str, Any]] = []
    for move in moves:
        gone += [
            {"b_s": move.key, "b_f": one.field, "b_t": one.target} for one in move.had - move.now
        ]
        new += [
            {
                "src": move.key,
                "field": one.field,
                "target": one.target,
                "doctype": one.doctype,
                "src_doctype": move.doctype,
            }
            for one in move.now - move.had
        ]
    write(connection, _DROP_LINK, gone)
    write(connection, _ADD_LINK, new)


_ADD_LINK = insert(link)
_DROP_LINK = delete(link).where(
    link.c.src == bindparam("b_s"),
    link.c.field == bindparam("b_f"),
    link.c.target == bindparam("b_t"),
)


def numbered(document: Doc, before: Doc | None) -> tuple[Doc, str | None]:
    """Return the document with its next revision, hash and patch, and its body as text."""
    text = _text(document.body)
    after = replace(
        document,
        rev=(before.rev if before else 0) + 1,
        hash8=NO_HASH if text is None else hash8_of_text(text),
        patch=_patch(before.body if before else None, document.body),
    )
    return after, text


def _patch(before: Body | None, after: Body | None) -> Body | None:
    """Return changed top-level fields, null for one that is gone."""
    if before is None or after is None:
        return None
    changed: Body = {n: v for n, v in after.items() if n not in before or before[n] != v}
    return changed | {n: None for n in before if n not in after}
