"""Versions and deletions: the rows Frappe keeps about what changed and what went."""

from __future__ import annotations

import json

from server_sync.embedded_erp.calls import Call
from server_sync.embedded_erp.documents import Document, render
from server_sync.embedded_erp.forms import Form
from server_sync.embedded_erp.meta import TIME_TYPES, Row, Value
from server_sync.embedded_erp.rows import insert_row

_dump = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
_BOOKKEEPING = frozenset({"modified", "modified_by", "creation", "owner", "idx", "docstatus"})
_NOTHING: dict[str, list[Value]] = {"added": [], "changed": [], "removed": [], "row_changed": []}


def write_version(call: Call, document: Document) -> None:
    """One Version row for a save that changed something; none for a save that did not."""
    if not document.form.doctype.track_changes:
        return
    diff = difference(document)
    if diff is None:
        return
    data = _dump({**diff, "data_import": None, "updater_reference": None})
    add_row(call, "Version", ref_doctype=document.form.name, docname=document.name, data=data)


def difference(document: Document) -> dict[str, list[Value]] | None:
    """What changed, as Frappe's `get_diff` lists it; None when nothing did."""
    before = document.before
    assert before is not None, "a difference needs a stored document"
    changed = _changed_fields(document.form, before, document.values)
    if before["docstatus"] != document.values["docstatus"]:
        changed.append(["docstatus", before["docstatus"], document.values["docstatus"]])
    found = {**{key: list(value) for key, value in _NOTHING.items()}, "changed": changed}
    for fieldname in document.touched:
        _compare_rows(document, fieldname, found)
    return found if any(found.values()) else None


def _changed_fields(form: Form, before: Row, after: Row) -> list[Value]:
    changed: list[Value] = []
    for name, item in form.fields.items():
        was, now = before[name], after[name]
        if was == now or (not was and not now):
            continue
        if form.stored(name, was) == form.stored(name, now):
            continue
        dated = item.fieldtype in TIME_TYPES
        changed.append([name, was, form.stored(name, now) if dated else now])
    return changed


def _compare_rows(document: Document, fieldname: str, found: dict[str, list[Value]]) -> None:
    form = document.form.children[fieldname]
    was = {row["name"]: row for row in document.tables_before.get(fieldname, [])}
    now = {row["name"]: row for row in document.tables[fieldname]}
    for position, (name, row) in enumerate(now.items()):
        if name not in was:
            found["added"].append([fieldname, row])
        elif changed := _changed_fields(form, was[name], row):
            found["row_changed"].append([fieldname, position, name, changed])
    found["removed"] += [[fieldname, row] for name, row in was.items() if name not in now]


def write_deletion(call: Call, document: Document) -> None:
    """The Deleted Document row: who, when, and everything that was in it."""
    data = json.dumps(render(document, nulls=True), indent=1, sort_keys=True, ensure_ascii=False)
    add_row(
        call,
        "Deleted Document",
        deleted_doctype=document.form.name,
        deleted_name=document.name,
        data=data,
    )


def add_row(call: Call, doctype: str, **values: Value) -> str:
    """Insert a framework document without checks; returns its name."""
    form = call.site.form(doctype)
    row: Row = dict.fromkeys(form.columns)
    now, user = call.now(), call.user.email
    row |= {"name": call.site.new_hash(), "owner": user, "modified_by": user}
    row |= {"creation": now, "modified": now, **values}
    insert_row(call, form, row)
    return str(row["name"])
