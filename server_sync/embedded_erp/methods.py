"""The whitelisted methods of `/api/method/<name>`, by table."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from server_sync.embedded_erp import bulk, docactions, files, payments
from server_sync.embedded_erp.calls import Call, Reply, Request, json_argument
from server_sync.embedded_erp.deleting import delete
from server_sync.embedded_erp.documents import Document, find, load, read, render
from server_sync.embedded_erp.errors import ErpError, message, not_found, refused
from server_sync.embedded_erp.granting import RIGHTS
from server_sync.embedded_erp.listing import count_documents, list_documents, parse_arguments
from server_sync.embedded_erp.meta import Row, Value
from server_sync.embedded_erp.permission_manager import add_permission
from server_sync.embedded_erp.permissions import Right, check_list, may
from server_sync.embedded_erp.printing import download_pdf
from server_sync.embedded_erp.renaming import rename
from server_sync.embedded_erp.saving import append_to_parent, insert, set_row, update
from server_sync.embedded_erp.sessions import login_reply
from server_sync.embedded_erp.shapes import success

Method = Callable[[Call, Row], Value]
DIALECT = "16.0.0"
"""The version whose dialect is answered in."""
_APPS = frozenset({"frappe", "erpnext"})
_PUBLIC = frozenset({"ping", "frappe.ping", "login"})


def run_method(call: Call, request: Request, name: str) -> Reply:
    """Run a whitelisted method. Raises ErpError 403 or 417 for any other name."""
    if name == "login":
        return login_reply(call.site.sessions, request, call.site.utc())
    if name == "upload_file":
        return success(call, {"message": files.upload(call, request)})
    if name == "frappe.utils.print_format.download_pdf":
        return download_pdf(call, request)
    method = METHODS.get(name)
    if method is None:
        raise _unknown(name)
    if call.is_guest and name not in _PUBLIC:
        raise _not_whitelisted(name)
    return success(call, {"message": method(call, request.arguments)})


def _unknown(name: str) -> ErpError:
    app = name.partition(".")[0]
    if app in _APPS:
        return _not_whitelisted(name)
    missing = f"App {app} is not installed"
    error = refused(f"Failed to get method for command {name} with {missing}")
    shown = {**message(missing, indicator="red"), "raise_exception": 1}
    error.announced = [shown]
    return error


def _not_whitelisted(name: str) -> ErpError:
    function = f"Function <strong>{name}</strong> is not whitelisted."
    advice = "You are not permitted to access this resource. Login to access"
    return ErpError(
        403,
        "PermissionError",
        f"<details><summary>{advice}</summary>{function}</details>",
        title="Method Not Allowed",
    )


def _need(sent: Row, name: str) -> Value:
    """An argument that the method cannot do without."""
    if name not in sent:
        text = f"TypeError: missing 1 required positional argument: '{name}'"
        raise ErpError(500, "TypeError", throws=False, exception_text=text)
    return sent[name]


def _text(sent: Row, name: str) -> str:
    return str(_need(sent, name))


def _ping(_call: Call, _sent: Row) -> Value:
    return "pong"


def _logged_user(call: Call, _sent: Row) -> Value:
    return call.user.email


def _time_zone(call: Call, _sent: Row) -> Value:
    return {"time_zone": call.site.settings.time_zone}


def _versions(_call: Call, _sent: Row) -> Value:
    return {app: {"title": f"embedded {app}", "version": DIALECT} for app in ("frappe", "erpnext")}


def _has_permission(call: Call, sent: Row) -> Value:
    form, right = call.site.form(_text(sent, "doctype")), str(sent.get("perm_type") or "read")
    if right not in RIGHTS:
        raise refused(f"{right} is not a right")
    return {"has_permission": may(call.user, form, cast("Right", right))}


def _get_list(call: Call, sent: Row) -> Value:
    return list_documents(call, _text(sent, "doctype"), parse_arguments(sent))


def _get_count(call: Call, sent: Row) -> Value:
    return count_documents(call, _text(sent, "doctype"), sent)


def _get(call: Call, sent: Row) -> Value:
    doctype = _text(sent, "doctype")
    if sent.get("name"):
        return _rendered(read(call, doctype, str(sent["name"])))
    found = list_documents(call, doctype, parse_arguments({**sent, "fields": ["name"], "limit": 1}))
    if not found:
        raise not_found(doctype, "")
    return _rendered(read(call, doctype, str(found[0]["name"])))


def _get_value(call: Call, sent: Row) -> Value:
    fields = json_argument(sent.get("fieldname", "name"))
    wanted = fields if isinstance(fields, list) else [fields]
    filters = json_argument(sent.get("filters"))
    named = {"name": filters} if isinstance(filters, str) else filters
    arguments = parse_arguments({**sent, "fields": wanted, "filters": named, "limit": 1})
    found = list_documents(call, _text(sent, "doctype"), arguments)
    return found[0] if found else {}


def _insert(call: Call, sent: Row) -> Value:
    """Insert a document; a child document appends a row to its parent, which is answered."""
    doc: Row = json_argument(_need(sent, "doc"))
    form = call.site.form(str(doc["doctype"]))
    if form.is_child and doc.get("parent") and doc.get("parenttype"):
        return _rendered(append_to_parent(call, form, doc))
    return _rendered(insert(call, form.name, doc))


def _insert_many(call: Call, sent: Row) -> Value:
    return bulk.insert_many(call, json_argument(_need(sent, "docs")))


def _bulk_update(call: Call, sent: Row) -> Value:
    return bulk.bulk_update(call, json_argument(_need(sent, "docs")))


def _set_value(call: Call, sent: Row) -> Value:
    """Change fields of a document, or of one child row, which saves and answers the parent."""
    form, name = call.site.form(_text(sent, "doctype")), _text(sent, "name")
    fieldname = json_argument(_need(sent, "fieldname"))
    values: Row = fieldname if isinstance(fieldname, dict) else {fieldname: sent.get("value")}
    if not form.is_child:
        return _rendered(update(call, form.name, name, values))
    row = load(call, form, name)
    return _rendered(set_row(call, row, values))


def _save(call: Call, sent: Row) -> Value:
    doc: Row = json_argument(_need(sent, "doc"))
    return _rendered(update(call, str(doc["doctype"]), str(doc["name"]), doc))


def _submit(call: Call, sent: Row) -> Value:
    doc: Row = json_argument(_need(sent, "doc"))
    doctype = str(doc["doctype"])
    name = str(doc.get("name") or "")
    if not name or find(call.site, call.site.form(doctype), name) is None:
        return _rendered(insert(call, doctype, {**doc, "docstatus": 1}))
    return _rendered(docactions.run(call, doctype, name, "submit", doc))


def _cancel(call: Call, sent: Row) -> Value:
    document = docactions.run(call, _text(sent, "doctype"), _text(sent, "name"), "cancel")
    return _rendered(document)


def _delete(call: Call, sent: Row) -> Value:
    delete(call, _text(sent, "doctype"), _text(sent, "name"))


def _rename(call: Call, sent: Row) -> Value:
    return rename(call, _text(sent, "doctype"), _text(sent, "old_name"), _text(sent, "new_name"))


def _payment_entry(call: Call, sent: Row) -> Value:
    check_list(call, call.site.form(_text(sent, "dt")))
    return payments.template(call, _text(sent, "dt"), _text(sent, "dn"))


def _rendered(document: Document) -> Row:
    return render(document, nulls=True)


METHODS: dict[str, Method] = {
    "ping": _ping,
    "frappe.ping": _ping,
    "frappe.auth.get_logged_user": _logged_user,
    "frappe.client.get_time_zone": _time_zone,
    "frappe.client.has_permission": _has_permission,
    "frappe.client.get_list": _get_list,
    "frappe.client.get_count": _get_count,
    "frappe.client.get": _get,
    "frappe.client.get_value": _get_value,
    "frappe.client.insert": _insert,
    "frappe.client.insert_many": _insert_many,
    "frappe.client.bulk_update": _bulk_update,
    "frappe.client.set_value": _set_value,
    "frappe.client.save": _save,
    "frappe.client.submit": _submit,
    "frappe.client.cancel": _cancel,
    "frappe.client.delete": _delete,
    "frappe.client.rename_doc": _rename,
    "frappe.core.page.permission_manager.permission_manager.add": add_permission,
    "frappe.utils.change_log.get_versions": _versions,
    "erpnext.accounts.doctype.payment_entry.payment_entry.get_payment_entry": _payment_entry,
}
