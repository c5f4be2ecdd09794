"""The tables: the site's own, by numbered migrations, and one per doctype, from its definition."""

# ruff: noqa: S608 - table names come from doctype definitions; values are bound.

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from server_sync.embedded_erp.database import ErpDatabase
from server_sync.embedded_erp.forms import quoted
from server_sync.embedded_erp.meta import (
    CHILD_COLUMNS,
    FLOAT_TYPES,
    INT_TYPES,
    LAYOUT_TYPES,
    TABLE_TYPES,
    DocField,
    DocType,
    Row,
    doctype_from_json,
    doctype_to_json,
    field_from_row,
)
from server_sync.embedded_erp.settings import Flavour

_TEXT_COLUMNS = ("owner", "creation", "modified", "modified_by")
_DEFINITIONS_KEPT = 256
"""Definitions whose text is kept beside them: a few sites' worth, each some KiB."""


def _migration_1_site_tables(db: ErpDatabase) -> None:
    db.execute("CREATE TABLE erp_site (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID")
    db.execute(
        "CREATE TABLE erp_doctype (name TEXT PRIMARY KEY, definition TEXT NOT NULL) WITHOUT ROWID"
    )
    db.execute(
        "CREATE TABLE erp_series (prefix TEXT PRIMARY KEY, current INTEGER NOT NULL) WITHOUT ROWID"
    )


def _migration_2_secrets_and_file_content(db: ErpDatabase) -> None:
    db.execute(
        "CREATE TABLE erp_secret (doctype TEXT, name TEXT, fieldname TEXT, value TEXT NOT NULL,"
        " PRIMARY KEY (doctype, name, fieldname)) WITHOUT ROWID"
    )
    db.execute(
        "CREATE TABLE erp_file_content (file_url TEXT PRIMARY KEY, is_private INTEGER NOT NULL,"
        " content_hash TEXT NOT NULL, content BLOB NOT NULL)"
    )
    db.execute("CREATE INDEX erp_file_hash ON erp_file_content (content_hash, is_private)")


MIGRATIONS: tuple[Callable[[ErpDatabase], None], ...] = (
    _migration_1_site_tables,
    _migration_2_secrets_and_file_content,
)


def migrate(db: ErpDatabase) -> None:
    """Bring the site's own tables to the newest version; `user_version` counts what was done."""
    done = int(db.value("PRAGMA user_version"))
    assert done <= len(MIGRATIONS), "the site file was written by a newer version of this program"
    for number, step in enumerate(MIGRATIONS[done:], start=done + 1):
        with db.transaction():
            step(db)
            db.execute(f"PRAGMA user_version = {number}")


def remember_flavour(db: ErpDatabase, flavour: Flavour) -> None:
    """Keep the flavour a file was made with: column collations depend on it."""
    stored = db.value("SELECT value FROM erp_site WHERE key = 'flavour'")
    assert stored in {None, flavour}, f"the site file is of flavour {stored}, not {flavour}"
    db.execute("INSERT OR IGNORE INTO erp_site VALUES ('flavour', ?)", (flavour,))


def stored_doctypes(db: ErpDatabase) -> list[DocType]:
    """Every doctype the file knows."""
    rows = db.execute("SELECT definition FROM erp_doctype ORDER BY name")
    return [_doctype_of(text) for (text,) in rows]


@lru_cache(_DEFINITIONS_KEPT)
def _doctype_of(text: str) -> DocType:
    return doctype_from_json(json.loads(text))


@lru_cache(_DEFINITIONS_KEPT)
def _text_of(doctype: DocType) -> str:
    return json.dumps(doctype_to_json(doctype), sort_keys=True)


def with_customisations(db: ErpDatabase, doctypes: Iterable[DocType]) -> list[DocType]:
    """Given doctypes with the Custom Fields and Property Setters that callers have stored."""
    fields = _stored(db, "Custom Field", "dt")
    setters = _stored(db, "Property Setter", "doc_type")
    return [
        _customised(doctype, fields.get(doctype.name, []), setters.get(doctype.name, []))
        for doctype in doctypes
    ]


def _stored(db: ErpDatabase, kind: str, column: str) -> dict[str, list[Row]]:
    """Documents of a framework doctype by what they are about; none before its table is made."""
    if not db.value("SELECT 1 FROM sqlite_master WHERE name = ?", (f"tab{kind}",)):
        return {}
    found = db.execute(f"SELECT * FROM {quoted(f'tab{kind}')} ORDER BY creation")
    names = [described[0] for described in found.description]
    stored: dict[str, list[Row]] = {}
    for values in found:
        row = dict(zip(names, values, strict=True))
        stored.setdefault(row[column], []).append(row)
    return stored


def _customised(doctype: DocType, added: list[Row], setters: list[Row]) -> DocType:
    if not added and not setters:
        return doctype
    own = {item.fieldname for item in doctype.fields}
    new = [field_from_row(row) for row in added if row["fieldname"] not in own]
    fields = [*doctype.fields, *new]
    for row in setters:
        fields = [_with_property(item, row) for item in fields]
    return replace(doctype, fields=tuple(fields))


def _with_property(item: DocField, row: Row) -> DocField:
    if item.fieldname != row["field_name"]:
        return item
    value = str(row["value"] or "")
    changes: dict[str, Any] = {}
    match row["property"]:
        case "options" | "default" | "label" as text:
            changes[text] = value
        case "reqd" | "unique" | "search_index" | "allow_on_submit" as switch:
            changes[switch] = value == "1"
        case _:
            pass  # how a form looks is nothing to a table
    return replace(item, **changes)


def sync_doctypes(db: ErpDatabase, doctypes: Sequence[DocType], flavour: Flavour) -> list[DocType]:
    """Store definitions and make or widen their tables; returns what was new or different.

    Columns are added, never dropped.
    """
    known = dict(db.execute("SELECT name, definition FROM erp_doctype").fetchall())
    changed: list[DocType] = []
    with db.transaction():
        for doctype in doctypes:
            text = _text_of(doctype)
            if known.get(doctype.name) != text:
                _sync_table(db, doctype, flavour)
                db.execute("REPLACE INTO erp_doctype VALUES (?, ?)", (doctype.name, text))
                changed.append(doctype)
    return changed


def _sync_table(db: ErpDatabase, doctype: DocType, flavour: Flavour) -> None:
    table = quoted(f"tab{doctype.name}")
    collation = " COLLATE NOCASE" if flavour == "mariadb" else ""
    present = {row[1] for row in db.execute(f"PRAGMA table_info({table})")}
    if not present:
        db.execute(_create_table(table, doctype, collation))
    for item in _data_fields(doctype):
        if present and item.fieldname not in present:
            db.execute(f"ALTER TABLE {table} ADD COLUMN {_column(item, collation)}")
    for statement in _indexes(table, doctype):
        db.execute(statement)


def _create_table(table: str, doctype: DocType, collation: str) -> str:
    columns = [f"name TEXT NOT NULL PRIMARY KEY{collation}"]
    columns += [f"{name} TEXT" for name in _TEXT_COLUMNS]
    columns += ["docstatus INTEGER NOT NULL DEFAULT 0", "idx INTEGER NOT NULL DEFAULT 0"]
    columns += [_column(item, collation) for item in _data_fields(doctype)]
    if doctype.is_child:
        columns += [f"{name} TEXT{collation}" for name in CHILD_COLUMNS]
    return f"CREATE TABLE {table} ({', '.join(columns)})"


def _column(item: DocField, collation: str) -> str:
    name = quoted(item.fieldname)
    if item.fieldtype in INT_TYPES:
        return f"{name} INTEGER NOT NULL DEFAULT 0"
    if item.fieldtype in FLOAT_TYPES:
        return f"{name} REAL NOT NULL DEFAULT 0"
    return f"{name} TEXT{collation}"


def _data_fields(doctype: DocType) -> list[DocField]:
    return [f for f in doctype.fields if f.fieldtype not in LAYOUT_TYPES | TABLE_TYPES]


def _indexes(table: str, doctype: DocType) -> list[str]:
    made = [_index(table, "parent")] if doctype.is_child else [_index(table, "modified", "name")]
    made += [] if doctype.is_child else [_index(table, "creation")]
    for item in _data_fields(doctype):
        if item.unique:
            made.append(_index(table, item.fieldname, unique=True))
        elif item.search_index or (item.fieldtype == "Link" and item.options):
            made.append(_index(table, item.fieldname))
    return made


def _index(table: str, *columns: str, unique: bool = False) -> str:
    name = quoted(f"{table.strip(chr(34))}-{'-'.join(columns)}{'-unique' if unique else ''}")
    kind = "UNIQUE INDEX" if unique else "INDEX"
    listed = ", ".join(quoted(column) for column in columns)
    return f"CREATE {kind} IF NOT EXISTS {name} ON {table} ({listed})"
