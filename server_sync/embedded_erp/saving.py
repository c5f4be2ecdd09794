"""Inserting and updating documents, in the order of steps of Frappe's `Document`."""

from __future__ import annotations

from server_sync.embedded_erp.calls import Call, Event
from server_sync.embedded_erp.checks import check_links, check_values
from server_sync.embedded_erp.children import (
    append_row,
    complete_rows,
    insert_rows,
    replace_table,
    store_rows,
)
from server_sync.embedded_erp.controllers import controller_of
from server_sync.embedded_erp.defaults import fill_defaults
from server_sync.embedded_erp.docstatus import Step, check_step, check_unchanged_after_submit
from server_sync.embedded_erp.documents import Document, load, render
from server_sync.embedded_erp.errors import no_such_route, refused, row_is_locked
from server_sync.embedded_erp.file_content import posted_content
from server_sync.embedded_erp.forms import Form
from server_sync.embedded_erp.history import write_version
from server_sync.embedded_erp.meta import Row
from server_sync.embedded_erp.naming import new_name
from server_sync.embedded_erp.permissions import check_document, hidden_fields
from server_sync.embedded_erp.rows import insert_row, update_columns
from server_sync.embedded_erp.secrets_store import keep_secrets

_PLACE = frozenset({"parent", "parenttype", "parentfield"})


def insert(call: Call, doctype: str, payload: Row) -> Document:
    """Insert a document; the caller commits. Raises ErpError 403, 409, 417 or 500."""
    form = call.site.form(doctype)
    check_document(call, form, "create")
    document = _blank(call, form, payload)
    call.content = call.content if call.content is not None else posted_content(form.name, payload)
    _apply(call, document, payload)
    fill_defaults(call, form, document.values)
    document.values["name"] = new_name(call, document, payload)
    check_links(call, document)
    _complete_and_check(call, document)
    keep_secrets(call, document)
    insert_row(call, form, document.values)
    insert_rows(call, document)
    controller_of(doctype).on_update(call, document)
    _tell(call, document, "after_insert", "on_update")
    if document.docstatus == 1:
        _submitted(call, document)
    return document


def update(call: Call, doctype: str, name: str, payload: Row) -> Document:
    """Change a document, partially for scalars, wholesale for child tables."""
    form = call.site.form(doctype)
    document = load(call, form, name)
    check_document(call, form, "write")
    if form.is_child:
        set_row(call, document, payload)
        return load(call, form, name)
    if str(payload.get("name", document.name)) != document.name:
        raise no_such_route()
    return save(call, document, payload)


def set_row(call: Call, row: Document, values: Row) -> Document:
    """Change one child row through its parent, which is saved and returned."""
    form = call.site.form(str(row.values["parenttype"]))
    parent = load(call, form, str(row.values["parent"]))
    check_document(call, form, "write")
    fieldname = str(row.values["parentfield"])
    changes = {key: value for key, value in values.items() if key in row.form.fields}
    parent.tables[fieldname] = [
        {**other, **changes} if other["name"] == row.name else other
        for other in parent.tables[fieldname]
    ]
    parent.touched.add(fieldname)
    return save(call, parent, {})


def append_to_parent(call: Call, form: Form, item: Row) -> Document:
    """Add one child row at the end of its parent's table; the parent is saved and returned."""
    parent_form = call.site.form(str(item["parenttype"]))
    parent = load(call, parent_form, str(item["parent"]))
    check_document(call, parent_form, "write")
    fieldname = str(item.get("parentfield"))
    if parent_form.tables.get(fieldname) != form.name:
        raise refused(f"{fieldname} is not a table of {parent_form.name}")
    append_row(call, parent, fieldname, item)
    return save(call, parent, {})


def save(call: Call, document: Document, payload: Row) -> Document:
    """Apply `payload` to a loaded document and store it; `modified` moves even without a change."""
    form = document.form
    if (form.name, document.name) in call.site.held_rows:
        raise row_is_locked(form.name, call.site.flavour)
    before = document.before
    assert before is not None, "save wants a stored document"
    _apply(call, document, payload)
    document.values["modified"] = call.now()
    document.values["modified_by"] = call.user.email
    _check_latest(document, payload)
    step = check_step(call, document)
    check_links(call, document)
    _complete_and_check(call, document)
    if step is Step.UPDATE_AFTER_SUBMIT:
        check_unchanged_after_submit(call, document)
    keep_secrets(call, document)
    _store(call, document, before)
    controller_of(form.name).on_update(call, document)
    write_version(call, document)
    _after_save(call, document, step)
    return document


def _blank(call: Call, form: Form, payload: Row) -> Document:
    values: Row = dict.fromkeys(form.columns)
    now, user = call.now(), call.user.email
    values |= {"owner": user, "creation": now, "modified": now, "modified_by": user}
    values |= {"docstatus": int(payload.get("docstatus") or 0), "idx": 0}
    return Document(form, values, {fieldname: [] for fieldname in form.tables})


def _apply(call: Call, document: Document, payload: Row) -> None:
    """Take the known fields of a payload; fields of a higher permlevel are dropped silently."""
    form, values = document.form, document.values
    hidden = hidden_fields(call.user, form, "write") if form.guarded else ()
    new = document.before is None
    for key, value in payload.items():
        if key in form.tables:
            replace_table(call, document, key, value)
        elif key in form.fields:
            if key not in hidden:
                values[key] = value
        elif key == "docstatus" or (key in _PLACE and new and form.is_child):
            values[key] = value


def _check_latest(document: Document, payload: Row) -> None:
    """The optimistic lock: `modified`, when sent, must be the stored text to the character."""
    before = document.before
    if before is None or "modified" not in payload:
        return
    stored = before["modified"]
    if str(payload["modified"]) != stored:
        name, doctype = document.name, document.form.name
        raise refused(
            f"Error: {name} ({doctype}) has been modified after you have opened it "
            f"({stored}, {document.values['modified']}). "
            "Please refresh to get the latest document.",
            "TimestampMismatchError",
        )


def _complete_and_check(call: Call, document: Document) -> None:
    complete_rows(call, document)
    controller = controller_of(document.form.name)
    if controller.validates:
        controller.validate(call, document)
        complete_rows(call, document)
    check_values(document)


def _store(call: Call, document: Document, before: Row) -> None:
    """UPDATE the columns whose stored form changed, then the child tables."""
    form, values = document.form, document.values
    changed: Row = {}
    for column in form.columns:
        value = values[column]
        if value != before[column] or type(value) is not type(before[column]):
            changed[column] = form.stored(column, value)
    if changed:
        update_columns(call, form, values, changed)
    moved = values["docstatus"] != before["docstatus"]
    store_rows(call, document, docstatus_changed=moved)


def _after_save(call: Call, document: Document, step: Step) -> None:
    match step:
        case Step.SAVE:
            _tell(call, document, "on_update")
        case Step.SUBMIT:
            check_document(call, document.form, "submit")
            _tell(call, document, "on_update")
            _submitted(call, document)
        case Step.UPDATE_AFTER_SUBMIT:
            _tell(call, document, "on_update_after_submit")
        case Step.CANCEL:
            check_document(call, document.form, "cancel")
            controller_of(document.form.name).on_cancel(call, document)
            _tell(call, document, "on_cancel")
    _tell(call, document, "on_change")


def _submitted(call: Call, document: Document) -> None:
    controller_of(document.form.name).on_submit(call, document)
    _tell(call, document, "on_submit")


def _tell(call: Call, document: Document, *events: str) -> None:
    """Note events for webhooks; the document is rendered only when someone may listen."""
    if document.docstatus == 1 and document.form.name in call.site.faults.on_change_breaks:
        call.breaks_after_commit = True
    if not call.site.webhooks.listens(document.form.name):
        return
    shown = render(document, nulls=True)
    call.events.extend(Event(event, document.form.name, shown) for event in events)
