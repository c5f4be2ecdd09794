"""Methods of a document that a caller may run: submit, cancel."""

from __future__ import annotations

from server_sync.embedded_erp.calls import Call
from server_sync.embedded_erp.docstatus import CANCELLED, SUBMITTED
from server_sync.embedded_erp.documents import Document, load
from server_sync.embedded_erp.errors import ErpError
from server_sync.embedded_erp.meta import Row
from server_sync.embedded_erp.permissions import check_document
from server_sync.embedded_erp.saving import save

_STATUS_OF = {"submit": SUBMITTED, "cancel": CANCELLED}


def run(call: Call, doctype: str, name: str, method: str, sent: Row | None = None) -> Document:
    """Run `method` on a document. Raises ErpError 403 for one that is not whitelisted.

    `sent` is the rest of the document, for `frappe.client.submit` which takes all of it.
    """
    form = call.site.form(doctype)
    document = load(call, form, name)
    if method not in _STATUS_OF:
        text = f"Method {method} is not whitelisted"
        raise ErpError(403, "PermissionError", text, title="Method Not Allowed")
    check_document(call, form, "submit" if method == "submit" else "cancel")
    return save(call, document, {**(sent or {}), "docstatus": _STATUS_OF[method]})
