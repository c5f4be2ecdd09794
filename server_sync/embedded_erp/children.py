"""Child tables in a payload. The dangerous part of the API, imitated trap by trap.

A table that is sent replaces the stored one whole. A row without a name is new. A row with a name
keeps it and loses every field that is not sent. A row with a name nobody knows is echoed, and the
UPDATE that should store it finds no row: it is lost. With `__islocal` the sent name is stored.
"""

from __future__ import annotations

from server_sync.embedded_erp.calls import Call
from server_sync.embedded_erp.defaults import fill_defaults
from server_sync.embedded_erp.documents import IS_LOCAL, UNSAVED, Document
from server_sync.embedded_erp.forms import Form
from server_sync.embedded_erp.meta import Row, Value
from server_sync.embedded_erp.rows import insert_row, update_row

_NEW = "__new"


def replace_table(call: Call, document: Document, fieldname: str, sent: Value) -> None:
    """Put the rows of a payload into the document."""
    form = document.form.children[fieldname]
    items = [item for item in sent if isinstance(item, dict)] if isinstance(sent, list) else []
    document.tables[fieldname] = [
        _row(call, document, form, fieldname, item, position)
        for position, item in enumerate(items, start=1)
    ]
    document.touched.add(fieldname)


def _row(
    call: Call, document: Document, form: Form, fieldname: str, item: Row, position: int
) -> Row:
    row: Row = {column: item.get(column) for column in form.columns}
    row["idx"] = item.get("idx") or position
    row |= {"parent": document.values["name"], "parenttype": document.form.name}
    row["parentfield"] = fieldname
    row["docstatus"] = document.values["docstatus"]
    if document.before is None:
        row["name"] = None
    if not row["name"] or item.get(IS_LOCAL):
        row[_NEW] = True
        fill_defaults(call, form, row)
    if not item.get("name") or item.get(IS_LOCAL):
        row[UNSAVED] = 1
    return row


def complete_rows(call: Call, document: Document) -> None:
    """Give new rows names, and every row its parent, owner and stamps."""
    values = document.values
    for fieldname in document.form.tables:
        for position, row in enumerate(document.tables[fieldname], start=1):
            if not row["idx"]:
                row["idx"] = position
                document.touched.add(fieldname)
            row["name"] = row["name"] or call.site.new_hash()
            row["parent"] = values["name"]
            row["docstatus"] = values["docstatus"]
            row["owner"] = row["owner"] or values["owner"]
            row["creation"] = row["creation"] or values["creation"]
            row["modified"], row["modified_by"] = values["modified"], values["modified_by"]


def store_rows(call: Call, document: Document, *, docstatus_changed: bool) -> None:
    """Write the child tables of an existing document: replaced ones row by row, others stamped."""
    values = document.values
    for fieldname, form in document.form.children.items():
        if fieldname in document.touched or docstatus_changed:
            _store_table(call, document, form, fieldname)
        elif document.tables[fieldname]:
            place = (values["name"], document.form.name, fieldname)
            call.site.db.execute(
                form.stamp_rows, (values["modified"], values["modified_by"], *place)
            )


def insert_rows(call: Call, document: Document) -> None:
    """Write the child tables of a new document."""
    for fieldname, form in document.form.children.items():
        for row in document.tables[fieldname]:
            row.pop(_NEW, None)
            insert_row(call, form, row)


def append_row(call: Call, document: Document, fieldname: str, item: Row) -> Row:
    """Add a row at the end of a child table of a loaded document; returns it."""
    form = document.form.children[fieldname]
    position = len(document.tables[fieldname]) + 1
    row = _row(call, document, form, fieldname, item, position)
    document.tables[fieldname] = [*document.tables[fieldname], row]
    document.touched.add(fieldname)
    return row


def _store_table(call: Call, document: Document, form: Form, fieldname: str) -> None:
    rows = document.tables[fieldname]
    kept = [row["name"] for row in rows if not row.get(_NEW)]
    marks = ", ".join("?" for _ in kept)
    call.site.db.execute(
        f"{form.delete_rows} AND name NOT IN ({marks})",
        (document.values["name"], document.form.name, fieldname, *kept),
    )
    for row in rows:
        write = insert_row if row.pop(_NEW, False) else update_row
        write(call, form, row)
