"""From what a site has and what it must have to a plan: nothing is removed, nothing is narrowed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from server_sync.embedded_erp.meta import TABLE_TYPES, DocField, DocType
from server_sync.erp.setup import print_format
from server_sync.erp.setup.copying import COPIED_TYPES, Mapped
from server_sync.erp.setup.fields import Comparison, compare_fields
from server_sync.erp.setup.plan import (
    Append,
    Copy,
    Finding,
    Insert,
    Method,
    Plan,
    Step,
    Update,
    Weight,
)
from server_sync.erp.setup.print_format import WantedFormat
from server_sync.erp.setup.site import Present, SiteState
from server_sync.erp.setup.wanted import (
    KEY_HEADER,
    RIGHTS,
    ROLES,
    SECTION,
    SYNC,
    WantedWebhook,
    custom_field_form,
    doctype_form,
    field_row,
    ours_on,
    own_doctypes,
    permission_row,
    permitted,
    rights_on,
    standard_doctypes,
)

Row = Mapping[str, Any]
ADD_PERMISSION: Final = "frappe.core.page.permission_manager.permission_manager.add"
_WEBHOOK_FIELDS: Final = (
    *("webhook_doctype", "webhook_docevent", "condition", "enabled", "request_url"),
    *("request_method", "request_structure", "webhook_json", "enable_security"),
)


def compare(
    state: SiteState,
    webhooks: Sequence[WantedWebhook],
    mapped: Sequence[Mapped] = (),
    formats: Sequence[WantedFormat] = (),
) -> Plan:
    """Return what is to be done. Links to doctypes that come later wait for the next plan."""
    findings: list[Finding] = []
    steps = [*_roles(state), *_doctypes(state, findings), *_rights(state), *_service_role(state)]
    steps += _copies(state, mapped, findings)
    steps += _webhooks(state, webhooks)
    steps += print_format.steps(state.formats, formats)
    return Plan(tuple(_joined(steps)), tuple(findings))


def _joined(steps: Sequence[Step]) -> Iterator[Step]:
    """Make one call of the changes to one DocType: the first would move the stamp of the second."""
    changes: dict[str, Step] = {}
    for step in steps:
        if isinstance(step.act, Update) and step.act.doctype == "DocType":
            name = step.act.name
            changes[name] = _both(changes[name], step) if name in changes else step
    for step in steps:
        if isinstance(step.act, Update) and step.act.doctype == "DocType":
            joined = changes.pop(step.act.name, None)
            if joined:
                yield joined
        else:
            yield step


def _both(first: Step, second: Step) -> Step:
    assert isinstance(first.act, Update), "it changes a DocType"
    assert isinstance(second.act, Update), "it changes a DocType"
    act = Update("DocType", first.act.name, {**first.act.form, **second.act.form})
    return Step(first.what, first.where, f"{first.detail}; rights of {second.detail}", act)


def _roles(state: SiteState) -> Iterator[Step]:
    for role in ROLES:
        if role not in state.roles:
            form = {"role_name": role, "desk_access": 1}
            yield Step("create role", role, "", Insert("Role", form))


def _service_role(state: SiteState) -> Iterator[Step]:
    if SYNC not in state.user_roles:
        act = Append(("User", state.user), "roles", "Has Role", {"role": SYNC})
        yield Step("give role", state.user, SYNC, act)


# --- doctypes


def _doctypes(state: SiteState, findings: list[Finding]) -> Iterator[Step]:
    there = set(state.doctypes)
    for doctype in own_doctypes():
        present = state.doctypes.get(doctype.name)
        if present is None:
            yield _creation(doctype, there)
            there.add(doctype.name)
        else:
            yield from _completion(doctype, doctype.fields, present, there, findings)
            findings += _other_shape(doctype, present)
    for doctype in standard_doctypes():
        present = state.doctypes.get(doctype.name)
        if present is None:
            says = "ERPNext's own doctype is not there: is ERPNext installed on this site?"
            findings.append(Finding(Weight.DECIDE, doctype.name, says))
            continue
        yield from _completion(doctype, ours_on(doctype), present, there, findings)


def _creation(doctype: DocType, there: set[str]) -> Step:
    fields = tuple(f for f in doctype.fields if _can_point(f, doctype.name, there))
    later = len(doctype.fields) - len(fields)
    naming = "child table" if doctype.is_child else doctype.naming
    detail = f"{naming}, {len(fields)} fields" + (f", {later} links later" if later else "")
    return Step(
        "create doctype", doctype.name, detail, Insert("DocType", doctype_form(doctype, fields))
    )


def _can_point(item: DocField, own: str, there: set[str]) -> bool:
    """ERPNext refuses a Link or Table to what it has not got: of a pair, one half comes later."""
    is_bound = item.fieldtype == "Link" or item.fieldtype in TABLE_TYPES
    return not is_bound or item.options == own or item.options in there


def _completion(
    doctype: DocType,
    wanted: Sequence[DocField],
    present: Present,
    there: set[str],
    findings: list[Finding],
) -> Iterator[Step]:
    is_ours = doctype.name in {one.name for one in own_doctypes()}
    made = compare_fields(doctype.name, wanted, present.fields(), written=is_ours)
    findings += made.findings
    made.missing = [f for f in made.missing if _can_point(f, doctype.name, there)]
    if present.is_custom:
        yield from _completed_document(doctype, made, present)
    else:
        yield from _customised(doctype, made, present)


def _completed_document(doctype: DocType, made: Comparison, present: Present) -> Iterator[Step]:
    """A doctype made on the site: its own document, every row complete as read, under its stamp.

    What is added is not mandatory: the documents that are there could not be saved any more.
    """
    custom = {str(row["fieldname"]) for row in present.custom_fields}
    yield from _custom_field_changes(doctype.name, made, present, custom)
    unique = {item.fieldname for item in made.not_unique} - custom
    choices = {name: new for name, new in made.choices.items() if name not in custom}
    if not (made.missing or unique or choices):
        return
    rows = [_changed(row, unique, choices) for row in present.raw.get("fields", ())]
    rows += [{**field_row(doctype, item), "reqd": 0} for item in made.missing]
    form = {"modified": present.raw["modified"], "fields": rows}
    words = [f"+ {item.fieldname}" for item in made.missing]
    words += [f"unique {name}" for name in sorted(unique)]
    words += [f"choices of {name}" for name in sorted(choices)]
    yield Step(
        "complete doctype", doctype.name, ", ".join(words), Update("DocType", doctype.name, form)
    )


def _changed(row: Row, unique: set[str], choices: Mapping[str, str]) -> Row:
    name = str(row["fieldname"])
    changes: dict[str, Any] = {"unique": 1} if name in unique else {}
    return {**row, **changes, **({"options": choices[name]} if name in choices else {})}


def _customised(doctype: DocType, made: Comparison, present: Present) -> Iterator[Step]:
    """A doctype that came with an app: Custom Fields beside it, Property Setters on it."""
    has_section = doctype.is_child or SECTION.fieldname in present.fields()
    before = [] if has_section or not made.missing else [SECTION]
    for item in (*before, *made.missing):
        form = custom_field_form(doctype, item)
        where = f"{doctype.name}.{item.fieldname}"
        yield Step("add field", where, item.fieldtype, Insert("Custom Field", form))
    custom = {str(row["fieldname"]) for row in present.custom_fields}
    yield from _custom_field_changes(doctype.name, made, present, custom)
    for item in made.not_unique:
        if item.fieldname not in custom:
            yield _setter(doctype.name, item.fieldname, "unique", "Check", "1")
    for name, options in made.choices.items():
        if name not in custom:
            yield _setter(doctype.name, name, "options", "Small Text", options)


def _custom_field_changes(
    doctype: str, made: Comparison, present: Present, custom: set[str]
) -> Iterator[Step]:
    names = {str(row["fieldname"]): str(row["name"]) for row in present.custom_fields}
    changes: dict[str, dict[str, Any]] = {}
    for item in made.not_unique:
        changes.setdefault(item.fieldname, {})["unique"] = 1
    for name, options in made.choices.items():
        changes.setdefault(name, {})["options"] = options
    for name, form in changes.items():
        if name in custom:
            detail = ", ".join(sorted(form))
            where = f"{doctype}.{name}"
            yield Step("change field", where, detail, Update("Custom Field", names[name], form))


def _setter(doctype: str, field: str, prop: str, kind: str, value: str) -> Step:
    form = {
        "doctype_or_field": "DocField",
        "doc_type": doctype,
        "field_name": field,
        "property": prop,
        "property_type": kind,
        "value": value,
    }
    where = f"{doctype}.{field}"
    return Step("set property", where, prop, Insert("Property Setter", form))


def _other_shape(doctype: DocType, present: Present) -> Iterator[Finding]:
    if bool(present.raw.get("istable")) != doctype.is_child:
        kinds = {True: "a child table", False: "a document"}
        says = f"is {kinds[not doctype.is_child]}, we need {kinds[doctype.is_child]}"
        yield Finding(Weight.DECIDE, doctype.name, says)
    naming = str(present.raw.get("autoname") or "hash")
    if not doctype.is_child and naming != doctype.naming:
        says = f"names are made by {naming}, not {doctype.naming}; that is kept"
        yield Finding(Weight.MAPPED, doctype.name, says)


# --- values under another name


def _copies(state: SiteState, mapped: Sequence[Mapped], findings: list[Finding]) -> Iterator[Step]:
    own = {one.name: one for one in (*own_doctypes(), *standard_doctypes())}
    for one in mapped:
        where = f"{one.doctype}.{one.ours}"
        doctype, present = own.get(one.doctype), state.doctypes.get(one.doctype)
        item = (
            next((f for f in doctype.fields if f.fieldname == one.ours), None) if doctype else None
        )
        if item is None or item.fieldtype not in COPIED_TYPES:
            says = "nothing is copied into this field: it is none of ours, or has no empty value"
            findings.append(Finding(Weight.DECIDE, where, says))
        elif present is None or one.theirs not in present.fields():
            says = f"the site has no {one.theirs} to copy"
            findings.append(Finding(Weight.DECIDE, where, says))
        elif (left := state.uncopied.get(one)) != 0:
            count = "" if left is None else f"{left} values "
            yield Step("copy values", where, f"{count}from {one.theirs}", Copy(one))


# --- rights


def _rights(state: SiteState) -> Iterator[Step]:
    own = [one for one in own_doctypes() if not one.is_child]
    for doctype in own:
        present = state.doctypes.get(doctype.name)
        if present is None:
            continue  # its creation brings them
        if present.is_custom and not state.custom_permissions.get(doctype.name):
            yield from _own_rights(doctype.name, present)
        else:
            yield from _custom_rights(state, doctype.name)
    for name in permitted():
        yield from _custom_rights(state, name)


def _own_rights(doctype: str, present: Present) -> Iterator[Step]:
    rows = [dict(row) for row in present.raw.get("permissions", ())]
    words = []
    for role, letters in _ours(doctype).items():
        wanted = permission_row(role, letters)
        held = _held(rows, role)
        if held is None:
            rows.append(wanted)
            words.append(f"+ {role}")
        elif _differ(held, wanted):
            rows[rows.index(dict(held))] |= wanted
            words.append(role)
    if words:
        form = {"modified": present.raw["modified"], "permissions": rows}
        act = Update("DocType", doctype, form)
        yield Step("set rights", doctype, ", ".join(words), act)


def _custom_rights(state: SiteState, doctype: str) -> Iterator[Step]:
    """Custom rights replace a doctype's own; the first ones copy those, so nobody loses any."""
    rows = state.custom_permissions.get(doctype, ())
    ours = _ours(doctype)
    if not rows and ours:
        role = next(iter(ours))
        body = {"parent": doctype, "role": role, "permlevel": 0}
        detail = ", ".join(ours)
        yield Step("begin rights", doctype, detail, Method(ADD_PERMISSION, body))
        return
    for role, letters in ours.items():
        wanted = permission_row(role, letters)
        held = _held(rows, role)
        where = f"{doctype}, {role}"
        if held is None:
            act = Insert("Custom DocPerm", {"parent": doctype, **wanted})
            yield Step("add rights", where, _words(wanted), act)
        elif _differ(held, wanted):
            change = Update("Custom DocPerm", str(held["name"]), wanted)
            yield Step("set rights", where, _words(wanted), change)


def _ours(doctype: str) -> dict[str, str]:
    return {role: letters for role, letters in rights_on(doctype).items() if role in ROLES}


def _held(rows: Sequence[Row], role: str) -> Row | None:
    found = [r for r in rows if r.get("role") == role and not int(r.get("permlevel") or 0)]
    return found[0] if found else None


def _differ(held: Row, wanted: Row) -> bool:
    return any(int(held.get(right) or 0) != wanted[right] for right in RIGHTS)


def _words(wanted: Row) -> str:
    return ", ".join(right for right in RIGHTS if wanted[right])


# --- webhooks


def _webhooks(state: SiteState, wanted: Sequence[WantedWebhook]) -> Iterator[Step]:
    there = {*state.doctypes, *(one.name for one in own_doctypes())}
    for one in wanted:
        if one.doctype not in there:
            continue
        held, form = state.webhooks.get(one.name), one.form()
        if held is None:
            act = Insert("Webhook", {"name": one.name, **form})
            yield Step("create webhook", one.name, one.url, act)
        elif _is_other(held, form, one.fingerprint):
            yield Step("set webhook", one.name, one.url, Update("Webhook", one.name, form))


def _is_other(held: Row, form: Row, fingerprint: str) -> bool:
    keys = [row.get("value") for row in held.get("webhook_headers", ()) if row["key"] == KEY_HEADER]
    return keys != [fingerprint] or any(
        (held.get(name) or "") != form[name] for name in _WEBHOOK_FIELDS
    )
