"""Putting the demo company into an ERP, whatever names that ERP hands out."""

from collections.abc import Awaitable, Callable, Mapping
from inspect import isawaitable
from typing import Final

from field_core.canon import Body, Json
from field_core.doctypes import Spec, spec_of
from server_sync.demo.company import Company

Insert = Callable[[str, Body], Awaitable[Mapping[str, Json]] | Mapping[str, Json]]
"""Takes a doctype and a form; returns the stored document, of which `name` is read."""
Update = Callable[[str, str, Body], Awaitable[object] | object]
"""Takes a doctype, a name and the fields to set."""
Names = Mapping[str, Mapping[str, str]]
"""By doctype: the name in the `Company`, and the name that the ERP gave."""

_DYNAMIC: Final = {"party": "party_type", "reference_name": "reference_doctype"}
"""ERPNext's dynamic links: the field, and the one that says which doctype it points at."""


async def load(company: Company, insert: Insert, *, update: Update | None = None) -> Names:
    """Insert every document in an order in which links point backwards; return the names.

    A few links go both ways (contract and subscription, contract and termination invoice). The
    later half is set with `update` after everything is there, and left out without it.
    """
    names: dict[str, dict[str, str]] = {doctype: {} for doctype in company.documents}
    late: list[tuple[str, str, Body]] = []
    for doctype, documents in company.documents.items():
        for document in documents:
            form, missing = _resolve(spec_of(doctype), document, names)
            stored = insert(doctype, form)
            answer = await stored if isawaitable(stored) else stored
            name = names[doctype][str(document["name"])] = str(answer["name"])
            late += [(doctype, name, missing)] if missing else []
    if update is not None:
        await _set_late(update, late, names)
    return names


async def _set_late(update: Update, late: list[tuple[str, str, Body]], names: Names) -> None:
    for doctype, name, missing in late:
        form, still_missing = _resolve(spec_of(doctype), missing, names)
        assert not still_missing, f"{doctype} {name} links to documents that do not exist"
        done = update(doctype, name, form)
        if isawaitable(done):
            await done


def _resolve(spec: Spec, document: Body, names: Names) -> tuple[Body, Body]:
    """Return a form with the ERP's names in it, and the links that point at nothing yet."""
    form: Body = {}
    missing: Body = {}
    for field, value in document.items():
        if field == "name":
            continue
        if field in spec.tables and isinstance(value, list):
            form[field] = [_row(spec.tables[field], row, names) for row in value]
            continue
        known = names.get(_target(spec, field, document))
        if known is None:
            form[field] = value
        elif str(value) in known:
            form[field] = known[str(value)]
        else:
            missing[field] = value
    return form, missing


def _row(spec: Spec, row: Json, names: Names) -> Json:
    assert isinstance(row, dict), "a child row is an object"
    form, missing = _resolve(spec, row, names)
    assert not missing, f"a row of {spec.doctype} links to a later document: {missing}"
    return form


def _target(spec: Spec, field: str, document: Body) -> str:
    """Return the doctype that a field links to, or nothing."""
    if field in _DYNAMIC:
        return str(document.get(_DYNAMIC[field], ""))
    return spec.links.get(field, "")
