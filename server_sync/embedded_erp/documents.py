"""A document in memory: reading it from its tables, showing it to a caller."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import itemgetter

from server_sync.embedded_erp.calls import Call
from server_sync.embedded_erp.errors import not_found
from server_sync.embedded_erp.forms import Form
from server_sync.embedded_erp.meta import STANDARD_COLUMNS, Row, Value
from server_sync.embedded_erp.permissions import check_document, hidden_fields
from server_sync.embedded_erp.site import Site
from server_sync.embedded_erp.values import mariadb_time

UNSAVED = "__unsaved"
IS_LOCAL = "__islocal"
_MARKS = (UNSAVED,)
_IDX = itemgetter(STANDARD_COLUMNS.index("idx"))


@dataclass
class Document:
    """One document. `before` and `tables_before` are as read; None and empty for a new one.

    `touched` names the child tables that the caller sent.
    """

    form: Form
    values: Row
    tables: dict[str, list[Row]]
    before: Row | None = None
    tables_before: dict[str, list[Row]] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.values["name"])

    @property
    def docstatus(self) -> int:
        """0 draft, 1 submitted, 2 cancelled."""
        return int(self.values["docstatus"] or 0)

    def set(self, **values: object) -> None:
        """Set the fields that this doctype has and ignore the others."""
        for name, value in values.items():
            if name in self.form.column_set:
                self.values[name] = value


def find(site: Site, form: Form, name: str) -> Document | None:
    """The stored document, None when there is none."""
    found = site.db.execute(form.select_whole, (name,)).fetchone()
    if found is None:
        return None
    values = shown(form, found)
    has_rows = found[len(form.columns) :]
    tables = {
        fieldname: rows_of(site, child, str(values["name"]), form.name, fieldname) if held else []
        for (fieldname, child), held in zip(form.children.items(), has_rows, strict=True)
    }
    return Document(form, values, tables, dict(values), dict(tables))


def load(call: Call, form: Form, name: str) -> Document:
    """The stored document. Raises ErpError 404."""
    document = find(call.site, form, name)
    if document is None:
        raise not_found(form.name, name)
    return document


def read(call: Call, doctype: str, name: str) -> Document:
    """The document for a reader: permission checked, fields of higher levels emptied."""
    form = call.site.form(doctype)
    check_document(call, form, "read")
    document = load(call, form, name)
    hide(call, document)
    return document


def hide(call: Call, document: Document) -> None:
    """Empty the fields that the user may not read."""
    for fieldname in hidden_fields(call.user, document.form, "read"):
        document.values[fieldname] = None


def rows_of(site: Site, form: Form, parent: str, parenttype: str, fieldname: str) -> list[Row]:
    """The rows of one child table, in order."""
    found = site.db.execute(form.select_rows, (parent, parenttype, fieldname)).fetchall()
    found.sort(key=_IDX)  # a few rows: SQLite's own sort of wide ones costs more
    return [shown(form, values) for values in found]


def shown(form: Form, values: tuple[Value, ...]) -> Row:
    """A stored row as the database driver hands it over; `values` begin with the columns."""
    row = dict(zip(form.columns, values, strict=False))
    for column in form.bare_times:
        row[column] = mariadb_time(row[column])
    return row


def render(document: Document, *, nulls: bool) -> Row:
    """The document as JSON: columns, doctype, child tables. API v1 leaves nulls out."""
    body = _rendered_row(document.form, document.values, nulls=nulls)
    for fieldname, form in document.form.children.items():
        body[fieldname] = [
            _rendered_row(form, row, nulls=nulls) for row in document.tables[fieldname]
        ]
    return body


def _rendered_row(form: Form, row: Row, *, nulls: bool) -> Row:
    body = {
        column: value
        for column in form.columns
        if (value := row[column]) is not None or nulls or column in form.numbers
    }
    for column, echo in form.echoes.items():
        body[column] = echo(row[column])
    body["doctype"] = form.name
    for mark in _MARKS:
        if mark in row:
            body[mark] = row[mark]
    return body
