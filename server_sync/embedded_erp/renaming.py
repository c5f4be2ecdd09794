"""Renaming a document: links are rewritten, and no `modified` moves anywhere."""

# ruff: noqa: S608 - table and column names come from doctype definitions; values are bound.

from __future__ import annotations

from server_sync.embedded_erp.calls import Call
from server_sync.embedded_erp.documents import load
from server_sync.embedded_erp.errors import message, refused
from server_sync.embedded_erp.forms import quoted
from server_sync.embedded_erp.permissions import check_document

_FOLLOWERS = (
    ("File", "attached_to_doctype", "attached_to_name"),
    ("Version", "ref_doctype", "docname"),
)
"""What hangs on a document by its name without being a link: Frappe takes it along."""


def rename(call: Call, doctype: str, old: str, new: str) -> str:
    """Rename; returns the new name. Raises ErpError 404, 403 or 417. Leaves no trace in history."""
    form = call.site.form(doctype)
    document = load(call, form, old)
    check_document(call, form, "write")
    db = call.site.db
    if db.value(f"SELECT 1 FROM {form.table} WHERE name = ? AND name <> ?", (new, old)):
        raise refused(f"Another {doctype} with name {new} exists, select another name")
    db.execute(f"UPDATE {form.table} SET name = ? WHERE name = ?", (new, document.name))
    for fieldname, child in form.children.items():
        db.execute(
            f"UPDATE {child.table} SET parent = ?"
            " WHERE parent = ? AND parenttype = ? AND parentfield = ?",
            (new, document.name, doctype, fieldname),
        )
    for link in call.site.forms.links_to(doctype):
        table, column = call.site.form(link.holder).table, quoted(link.field.fieldname)
        db.execute(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (new, document.name))
    for kind, doctype_column, name_column in _FOLLOWERS:
        db.execute(
            f"UPDATE {call.site.form(kind).table} SET {name_column} = ?"
            f" WHERE {name_column} = ? AND {doctype_column} = ?",
            (new, document.name, doctype),
        )
    text = f"Document renamed from <strong>{old}</strong> to <strong>{new}</strong>"
    call.messages.append({**message(text, indicator="green"), "alert": 1})
    return new
