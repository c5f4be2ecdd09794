"""What a doctype is: its fields, its naming rule, its permissions, as frozen values.

The names are Frappe's own (`fieldtype`, `reqd`, `permlevel`), so that a definition read from a real
site, one derived from `field_core` and one posted to `/api/resource/DocType` are the same thing.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

Value = Any
"""A JSON value. Frappe checks types late, field by field, so a payload is not narrowed here."""
Row = dict[str, Value]
"""A document or child row as it travels: field name to JSON value."""

INT_TYPES = frozenset({"Int", "Check", "Long Int"})
FLOAT_TYPES = frozenset({"Float", "Currency", "Percent", "Rating", "Duration"})
NUMBER_TYPES = INT_TYPES | FLOAT_TYPES
TIME_TYPES = frozenset({"Date", "Datetime", "Time"})
TABLE_TYPES = frozenset({"Table", "Table MultiSelect"})
LAYOUT_TYPES = frozenset(
    {"Section Break", "Column Break", "Tab Break", "HTML", "Button", "Heading", "Fold", "Image"}
)
VARCHAR_TYPES = frozenset(
    {"Data", "Link", "Dynamic Link", "Select", "Password", "Read Only", "Phone", "Autocomplete"}
)
VARCHAR_LENGTH = 140
"""Frappe's default column width for the VARCHAR types (`frappe.db.VARCHAR_LEN`)."""

STANDARD_COLUMNS = ("name", "owner", "creation", "modified", "modified_by", "docstatus", "idx")
CHILD_COLUMNS = ("parent", "parentfield", "parenttype")
CUSTOM_MODULE = "Custom"
"""Doctypes of this module were made on the site; others came with an app and keep their form."""
SYSTEM_MANAGER = "System Manager"
EVERYONE = "All"


@dataclass(frozen=True, slots=True)
class DocField:
    """One field of a doctype. `options` is the linked doctype, the child doctype or the choices."""

    fieldname: str
    fieldtype: str = "Data"
    options: str = ""
    label: str = ""
    reqd: bool = False
    unique: bool = False
    permlevel: int = 0
    default: str | None = None
    length: int = 0
    allow_on_submit: bool = False
    search_index: bool = False

    @property
    def title(self) -> str:
        """The label that messages use: given, or derived from the field name."""
        return self.label or self.fieldname.replace("_", " ").title()

    @property
    def choices(self) -> tuple[str, ...]:
        """The allowed values of a Select; an empty first line means that nothing is allowed too."""
        return tuple(self.options.split("\n")) if self.options else ()


@dataclass(frozen=True, slots=True)
class DocPerm:
    """What one role may do. Rights default to no: the site's REST default of yes is a trap."""

    role: str
    read: bool = True
    write: bool = False
    create: bool = False
    delete: bool = False
    submit: bool = False
    cancel: bool = False
    permlevel: int = 0


def full_access(role: str, *, permlevel: int = 0) -> DocPerm:
    """Every right for `role`."""
    return DocPerm(
        role,
        read=True,
        write=True,
        create=True,
        delete=True,
        submit=True,
        cancel=True,
        permlevel=permlevel,
    )


@dataclass(frozen=True, slots=True)
class DocType:
    """One doctype.

    `naming` is Frappe's autoname text: a series (`LOC-.#####`, `ACC-SINV-.YYYY.-.#####`),
    `naming_series:` (the document's own field of that name), `field:<fieldname>`,
    `title:<fieldname>` (as `field:`, with " - 1" after a taken name, what Customer does),
    `format:<text with {fieldname}>`, `prompt`, `UUID` or `hash`.
    """

    name: str
    fields: tuple[DocField, ...] = ()
    naming: str = "hash"
    is_child: bool = False
    is_submittable: bool = False
    permissions: tuple[DocPerm, ...] = (full_access(SYSTEM_MANAGER),)
    track_changes: bool = True
    module: str = CUSTOM_MODULE


def doctype_to_json(doctype: DocType) -> Row:
    """The stored form of a doctype; `doctype_from_json` reads it back."""
    return {
        "name": doctype.name,
        "naming": doctype.naming,
        "is_child": doctype.is_child,
        "is_submittable": doctype.is_submittable,
        "track_changes": doctype.track_changes,
        "module": doctype.module,
        "fields": [_slots(item) for item in doctype.fields],
        "permissions": [_slots(item) for item in doctype.permissions],
    }


def doctype_from_json(stored: Row) -> DocType:
    """Read what `doctype_to_json` wrote."""
    rest = {key: value for key, value in stored.items() if key not in {"fields", "permissions"}}
    return DocType(
        fields=tuple(DocField(**item) for item in stored["fields"]),
        permissions=tuple(DocPerm(**item) for item in stored["permissions"]),
        **rest,
    )


def field_from_row(row: Row) -> DocField:
    """A field from a DocField or Custom Field row, whose switches are 0 and 1."""
    flags = ("reqd", "unique", "allow_on_submit", "search_index")
    return DocField(
        fieldname=str(row["fieldname"]),
        fieldtype=str(row["fieldtype"] or "Data"),
        options=str(row["options"] or ""),
        label=str(row["label"] or ""),
        permlevel=int(row["permlevel"] or 0),
        default=None if row["default"] is None else str(row["default"]),
        length=int(row["length"] or 0),
        **{flag: bool(int(row[flag] or 0)) for flag in flags},
    )


def _slots(item: DocField | DocPerm) -> Row:
    return {part.name: getattr(item, part.name) for part in fields(item)}
