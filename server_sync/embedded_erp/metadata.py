"""Doctypes as documents: describing them to callers, and taking new ones from them."""

# ruff: noqa: S608 - table and column names come from doctype definitions; values are bound.

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace

from server_sync.embedded_erp.calls import Call
from server_sync.embedded_erp.documents import Document
from server_sync.embedded_erp.errors import refused
from server_sync.embedded_erp.granting import perm_of
from server_sync.embedded_erp.meta import (
    CUSTOM_MODULE,
    TABLE_TYPES,
    DocField,
    DocPerm,
    DocType,
    Row,
    field_from_row,
)
from server_sync.embedded_erp.rows import insert_row
from server_sync.embedded_erp.schema import with_customisations
from server_sync.embedded_erp.sessions import GUEST_USER
from server_sync.embedded_erp.site import Site
from server_sync.embedded_erp.values import to_int

_DEVELOPERS_ONLY = "Not in Developer Mode! Set in site_config.json or make 'Custom' DocType."
_ADMINISTRATOR = "Administrator"


def describe(call: Call, doctype: str) -> Row:
    """The doctype as `/api/v2/doctype/<name>/meta` shows it."""
    found = call.site.form(doctype).doctype
    return {**_parent_row(found), "doctype": "DocType", **_child_rows(found)}


def mirror_doctypes(site: Site, doctypes: Iterable[DocType]) -> None:
    """Write definitions as DocType documents, so that callers can read and list them."""
    call = Call(site, replace(GUEST_USER, email=_ADMINISTRATOR))
    form = site.form("DocType")
    with site.db.transaction():
        for doctype in doctypes:
            site.db.execute(f"DELETE FROM {form.table} WHERE name = ?", (doctype.name,))
            insert_row(call, form, _blank(call, form.columns, _parent_row(doctype)))
            for table, rows in _child_rows(doctype).items():
                child = site.form(form.tables[table])
                place = {"parent": doctype.name, "parenttype": "DocType", "parentfield": table}
                site.db.execute(
                    f"DELETE FROM {child.table} WHERE parent = ? AND parentfield = ?",
                    (doctype.name, table),
                )
                for position, row in enumerate(rows, start=1):
                    numbered = {"name": f"{doctype.name}-{table}-{position}", "idx": position}
                    insert_row(call, child, _blank(call, child.columns, row | place | numbered))


def doctype_saved(call: Call, document: Document) -> None:
    """A DocType document was written: make or widen the table."""
    values = document.values
    if not to_int(values["custom"]):
        raise refused(_DEVELOPERS_ONLY)
    made = DocType(
        name=str(values["name"]),
        fields=tuple(field_from_row(row) for row in document.tables["fields"]),
        naming=str(values["autoname"] or "hash"),
        is_child=bool(to_int(values["istable"])),
        is_submittable=bool(to_int(values["is_submittable"])),
        permissions=tuple(perm_of(row) for row in document.tables["permissions"]),
        track_changes=bool(to_int(values["track_changes"])),
        module=str(values["module"] or CUSTOM_MODULE),
    )
    _check_targets(call, made)
    _add_customised(call.site, made)


def property_setter_saved(call: Call, document: Document) -> None:
    """A Property Setter was written: one property of one field is another."""
    _add_customised(call.site, call.site.form(str(document.values["doc_type"])).doctype)


def custom_field_saved(call: Call, document: Document) -> None:
    """A Custom Field was written: one field more on an existing doctype."""
    found = call.site.form(str(document.values["dt"])).doctype
    item = field_from_row(document.values)
    others = tuple(f for f in found.fields if f.fieldname != item.fieldname)
    call.site.add_doctype(replace(found, fields=(*others, item)))


def _add_customised(site: Site, doctype: DocType) -> None:
    (customised,) = with_customisations(site.db, [doctype])
    site.add_doctype(customised)


def _check_targets(call: Call, doctype: DocType) -> None:
    """A Link or Table to a doctype that is not there yet is refused: make that one first."""
    for item in doctype.fields:
        is_bound = item.fieldtype == "Link" or item.fieldtype in TABLE_TYPES
        if is_bound and item.options != doctype.name and item.options not in call.site.forms:
            raise refused(
                f"Options must be a valid DocType for field {item.title} in row {item.fieldname}",
                "WrongOptionsDoctypeLinkError",
            )


def _parent_row(doctype: DocType) -> Row:
    return {
        "name": doctype.name,
        "module": doctype.module,
        "autoname": doctype.naming,
        "istable": int(doctype.is_child),
        "is_submittable": int(doctype.is_submittable),
        "track_changes": int(doctype.track_changes),
        "custom": int(doctype.module == CUSTOM_MODULE),
    }


def _child_rows(doctype: DocType) -> dict[str, list[Row]]:
    return {
        "fields": [{**_slots(item), "label": item.title} for item in doctype.fields],
        "permissions": [_slots(item) for item in doctype.permissions],
    }


def _slots(item: DocField | DocPerm) -> Row:
    values = {part.name: getattr(item, part.name) for part in fields(item)}
    return {k: int(v) if isinstance(v, bool) else v for k, v in values.items()}


def _blank(call: Call, columns: tuple[str, ...], values: Row) -> Row:
    stamps = {"creation": call.now(), "modified": call.now()}
    people = {"owner": _ADMINISTRATOR, "modified_by": _ADMINISTRATOR}
    row: Row = {**dict.fromkeys(columns), **stamps, **people, "docstatus": 0, "idx": 0}
    return row | {name: value for name, value in values.items() if name in columns}
