"""Which version of which ERP document was taken in, and how far each doctype was read.

A document's identity is its `sync_key`; without one it is doctype, name and creation, because
ERPNext hands a series number out again. A renamed document without a key is found by `creation`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from field_core.ids import erp_key
from server_sync.store.schema import blob_ref, erp_cursor, erp_seen

IMPORT: Final = "import "
"""Prefix of the cursor of an import that is under way."""
NAMES_PER_QUERY: Final = 500


class Seen(NamedTuple):
    """One document as last taken in."""

    name: str
    modified: str
    key: str
    creation: str


class Position(NamedTuple):
    """A place in the order of (modified, name)."""

    modified: str
    name: str


def by_names(connection: Connection, doctype: str, names: Iterable[str]) -> dict[str, Seen]:
    """Return what is known of documents by name."""
    found: dict[str, Seen] = {}
    wanted = list(names)
    for start in range(0, len(wanted), NAMES_PER_QUERY):
        part = wanted[start : start + NAMES_PER_QUERY]
        found |= {
            row.name: Seen(*row) for row in connection.execute(_BY_NAMES, {"d": doctype, "n": part})
        }
    return found


def every(connection: Connection, doctype: str) -> dict[str, Seen]:
    """Return everything known of a doctype."""
    return {row.name: Seen(*row) for row in connection.execute(_EVERY, {"d": doctype})}


def counts(connection: Connection) -> dict[str, int]:
    """Return how many documents of each doctype are known."""
    rows = connection.execute(select(erp_seen.c.doctype, func.count()).group_by(erp_seen.c.doctype))
    return {str(doctype): int(number) for doctype, number in rows}


def by_creation(connection: Connection, doctype: str, creations: Iterable[str]) -> list[Seen]:
    """Return documents that were made at one of these moments."""
    rows = connection.execute(_BY_CREATION, {"d": doctype, "c": list(creations)})
    return [Seen(*row) for row in rows]


def by_keys(connection: Connection, keys: Sequence[str]) -> dict[str, Seen]:
    """Return what is known of documents by our keys."""
    return {row.key: Seen(*row) for row in connection.execute(_BY_KEYS, {"k": keys})}


def key_of(
    doctype: str, raw: Mapping[str, Any], known: Seen | None, renamed: Mapping[str, str]
) -> str:
    """Return the permanent key of a document of the ERP."""
    if raw.get("sync_key"):
        return str(raw["sync_key"])
    name, creation = str(raw["name"]), str(raw.get("creation") or "")
    if known and known.creation == creation:
        return known.key
    return renamed.get(name) or erp_key(doctype, name, creation)


def note(connection: Connection, doctype: str, one: Seen, *, is_new: bool) -> None:
    """Remember a version; what stood under this name or key before is replaced.

    is_new: nothing was known of it, as far as anybody looked.
    """
    place = {"b_d": doctype, "b_n": one.name, "b_k": one.key}
    stamps = {"modified": one.modified, "creation": one.creation}
    if is_new or not connection.execute(_RENEW, {**place, **stamps}).rowcount:
        connection.execute(_DROP, place)
        connection.execute(insert(erp_seen), {"doctype": doctype, **one._asdict()})


def forget(connection: Connection, key: str) -> None:
    """The ERP has this document no more."""
    connection.execute(delete(erp_seen).where(erp_seen.c.key == key))


def position(connection: Connection, doctype: str) -> Position | None:
    """Return how far a doctype was read; None before its first import."""
    return positions(connection, [doctype]).get(doctype)


def positions(connection: Connection, doctypes: Iterable[str]) -> dict[str, Position]:
    """Return how far doctypes were read; those that never were are left out."""
    rows = connection.execute(_POSITIONS, {"d": list(doctypes)})
    return {row.doctype: Position(row.modified, row.name) for row in rows}


def move(connection: Connection, doctype: str, to: Position) -> None:
    """Remember how far a doctype was read."""
    if not connection.execute(_MOVE, {"b_d": doctype, **to._asdict()}).rowcount:
        connection.execute(insert(erp_cursor), {"doctype": doctype, **to._asdict()})


def end_import(connection: Connection, doctype: str) -> None:
    """The import is complete; from here on changes are polled."""
    connection.execute(delete(erp_cursor).where(erp_cursor.c.doctype == IMPORT + doctype))


def files(connection: Connection, urls: Iterable[str]) -> dict[str, str]:
    """Return, for addresses of files in the ERP, the blobs they were uploaded from."""
    wanted = [url for url in urls if url]
    if not wanted:
        return {}
    return {row.erp_file: row.sha256 for row in connection.execute(_FILES, {"u": wanted})}


_COLUMNS = (erp_seen.c.name, erp_seen.c.modified, erp_seen.c.key, erp_seen.c.creation)
_BY_NAMES = select(*_COLUMNS).where(
    erp_seen.c.doctype == bindparam("d"), erp_seen.c.name.in_(bindparam("n", expanding=True))
)
_EVERY = select(*_COLUMNS).where(erp_seen.c.doctype == bindparam("d"))
_BY_CREATION = select(*_COLUMNS).where(
    erp_seen.c.doctype == bindparam("d"), erp_seen.c.creation.in_(bindparam("c", expanding=True))
)
_BY_KEYS = select(*_COLUMNS).where(erp_seen.c.key.in_(bindparam("k", expanding=True)))
_DROP = delete(erp_seen).where(
    # In this shape each half has an index; the doctype before a bracket would be scanned whole.
    ((erp_seen.c.doctype == bindparam("b_d")) & (erp_seen.c.name == bindparam("b_n")))
    | (erp_seen.c.key == bindparam("b_k"))
)
_RENEW = update(erp_seen).where(
    erp_seen.c.doctype == bindparam("b_d"),
    erp_seen.c.name == bindparam("b_n"),
    erp_seen.c.key == bindparam("b_k"),
)
_POSITIONS = select(erp_cursor).where(erp_cursor.c.doctype.in_(bindparam("d", expanding=True)))
_MOVE = update(erp_cursor).where(erp_cursor.c.doctype == bindparam("b_d"))
_FILES = select(blob_ref.c.erp_file, blob_ref.c.sha256).where(
    blob_ref.c.erp_file.in_(bindparam("u", expanding=True))
)
