"""Deleting a document: refused while others link to it, recorded, its number given back."""

# ruff: noqa: S608 - table and column names come from doctype definitions; values are bound.

from __future__ import annotations

from server_sync.embedded_erp.backlinks import check_not_linked
from server_sync.embedded_erp.calls import Call, Event
from server_sync.embedded_erp.controllers import controller_of
from server_sync.embedded_erp.docstatus import SUBMITTED
from server_sync.embedded_erp.documents import Document, find, render
from server_sync.embedded_erp.errors import no_such_route, refused, row_is_locked
from server_sync.embedded_erp.history import write_deletion
from server_sync.embedded_erp.naming import give_back
from server_sync.embedded_erp.permissions import check_document

_UNRECORDED = frozenset({"Version", "Deleted Document", "Webhook Request Log"})
_MANUAL = "https://docs.frappe.io/erpnext/user/manual/en/delete-submitted-document"


def delete(call: Call, doctype: str, name: str) -> None:
    """Delete. Raises ErpError 404, 403 or 417. A child row goes without its parent noticing."""
    form = call.site.form(doctype)
    document = find(call.site, form, name)
    if document is None:
        raise no_such_route()
    check_document(call, form, "delete")
    if (doctype, document.name) in call.site.held_rows:
        raise row_is_locked(doctype, call.site.flavour)
    if document.docstatus == SUBMITTED:
        raise refused(
            f"{doctype} {name}: Submitted Record cannot be deleted. You must "
            f"<a href='{_MANUAL}' target='_blank'> Cancel </a> it first."
        )
    check_not_linked(call, document)
    if call.site.webhooks.listens(doctype):
        shown = render(document, nulls=True)
        call.events.append(Event("on_trash", doctype, shown))
    remove(call, document)
    controller_of(doctype).after_delete(call, document)
    if not form.is_child and doctype not in _UNRECORDED:
        write_deletion(call, document)
    give_back(call, document)


def remove(call: Call, document: Document) -> None:
    """Take the rows away, nothing else: no check, no record."""
    for fieldname, child in document.form.children.items():
        if document.tables[fieldname]:
            call.site.db.execute(
                f"DELETE FROM {child.table} WHERE parent = ? AND parenttype = ?",
                (document.name, document.form.name),
            )
    call.site.db.execute(f"DELETE FROM {document.form.table} WHERE name = ?", (document.name,))
