"""Documents in and out of the `doc` table, and their links."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from field_core.canon import Body, dump, hash8
from field_core.links import Link
from server_sync.scope import Known
from server_sync.store.batches import rows_in, write
from server_sync.store.schema import doc, link

NO_HASH: Final = ""


@dataclass(frozen=True, slots=True)
class Doc:
    """A document as the server holds it. `body` None: removed (a tombstone stays)."""

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


_BY_KEY = select(doc).where(doc.c.key == bindparam("k"))
_BY_KEY_LOCKED = _BY_KEY.with_for_update()
_BY_KEYS = select(doc).where(doc.c.key.in_(bindparam("v", expanding=True))).order_by(doc.c.key)
_BY_KEYS_LOCKED = _BY_KEYS.with_for_update()
_POINTING_AT = (
    select(doc)
    .join(link, link.c.src == doc.c.key)
    .where(
        link.c.target.in_(bindparam("v", expanding=True)),
        link.c.field == bindparam("f"),
        link.c.src_doctype == bindparam("d"),
        doc.c.body.is_not(None),
    )
)
_OF_DOCTYPE = select(doc).where(doc.c.doctype == bindparam("d"), doc.c.body.is_not(None))
_BY_NAME = select(doc).where(
    doc.c.doctype == bindparam("d"), doc.c.erp_name == bindparam("n"), doc.c.body.is_not(None)
)


def load(connection: Connection, key: str, *, lock: bool = False) -> Doc | None:
    """Return a document by key, removed ones included."""
    row = connection.execute(_BY_KEY_LOCKED if lock else _BY_KEY, {"k": key}).first()
    return _doc(row) if row else None


def load_many(connection: Connection, keys: Iterable[str], *, lock: bool = False) -> Iterator[Doc]:
    """Yield documents by key, removed ones included, locked in the order of their keys."""
    yield from map(_doc, rows_in(connection, _BY_KEYS_LOCKED if lock else _BY_KEYS, keys))


def load_named(connection: Connection, doctype: str, name: str) -> Doc | None:
    """Return the live document that the ERP calls `name`."""
    row = connection.execute(_BY_NAME, {"d": doctype, "n": name}).first()
    return _doc(row) if row else None


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


def _doc(row: Row[Any]) -> Doc:
    return Doc(
        row.key,
        row.doctype,
        row.erp_name,
        row.rev,
        row.hash8,
        _json(row.body),
        _json(row.patch),
        _json(row.erp_body),
        row.erp_modified,
    )


def _json(text: str | None) -> Body | None:
    return json.loads(text) if text else None


_INSERT = insert(doc)
_UPDATE = update(doc).where(doc.c.key == bindparam("b_key"))


def save(connection: Connection, documents: Iterable[tuple[Doc, bool]]) -> None:
    """Write documents; the flag says whether the row is new."""
    new: list[dict[str, Any]] = []
    old: list[dict[str, Any]] = []
    for document, is_new in documents:
        row = _row(document)
        if is_new:
            new.append(row)
        else:
            old.append({"b_key": row.pop("key"), **row})
    write(connection, _INSERT, new)
    write(connection, _UPDATE, old)


def _row(document: Doc) -> dict[str, Any]:
    return {
        "key": document.key,
        "doctype": document.doctype,
        "erp_name": document.erp_name,
        "rev": document.rev,
        "hash8": document.hash8,
        "body": _text(document.body),
        "patch": _text(document.patch),
        "erp_body": _text(document.erp_body),
        "erp_modified": document.erp_modified,
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


def numbered(document: Doc, before: Doc | None) -> Doc:
    """Return the document with its next revision, its hash, and the patch from the last one."""
    body = document.body
    hashed = hash8(body) if body is not None else NO_HASH
    return replace(
        document,
        rev=(before.rev if before else 0) + 1,
        hash8=hashed,
        patch=_patch(before.body if before else None, body),
    )


def _patch(before: Body | None, after: Body | None) -> Body | None:
    """Return changed top-level fields, null for one that is gone."""
    if before is None or after is None:
        return None
    changed: Body = {n: v for n, v in after.items() if n not in before or before[n] != v}
    return changed | {n: None for n in before if n not in after}
