"""What was done, in plain words: from an operation and the document it is about to a sentence.

No field name, key or hash ever reaches a person; what no text names is called by what it is part
of.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from field_app.saying import Both, Choice, Field, Listed, Part, Sentence, Size
from field_app.sync.acts.acting import rows_of
from field_app.sync.said_rows import row_added
from field_app.sync.said_values import device_of, quoted, value_of
from field_core.canon import Body, Json
from field_core.doctypes import spec_of
from field_core.signing import WITHDRAWN
from field_core.status import JobStatus, is_closed, parse

FIELDS_MAX: Final = 3
"""Fields that one line names; an edit of more is told by those and three dots."""
_JOB: Final = "Dispatch Job"
_DEVICE: Final = "Service Equipment"


def sentence_of(operation: Body, doctype: str, document: Body | None) -> Sentence:
    """Say what one operation did; `document` is what it did it to, as it is shown here."""
    make = _MAKERS.get(str(operation.get("kind")))
    return make(operation, doctype, document or {}) if make else Sentence("said.unknown")


# --- moves, files, documents


def _moved(operation: Body, _doctype: str, _document: Body) -> Sentence:
    here, to = parse(operation.get("from")), parse(operation.get("to"))
    reason = operation.get("reason")
    if to is None:
        return Sentence("said.unknown")
    if here and is_closed(here) and not is_closed(to):
        return Sentence("said.reopened", {"reason": str(reason or "")})
    if to is JobStatus.INCOMPLETE:
        return Sentence("said.move.Incomplete", {"reason": str(reason or "")})
    return Sentence(f"said.move.{to}")


def _attached(operation: Body, _doctype: str, _document: Body) -> Sentence:
    size = operation.get("size")
    parts: dict[str, Part] = {"size": Size(size if isinstance(size, int) else 0)}
    item = operation.get("item")
    caption = item.get("caption") if isinstance(item, dict) else None
    match operation.get("role"):
        case "photo" if caption:
            return Sentence("said.photo.captioned", {**parts, "caption": str(caption)})
        case "photo":
            return Sentence("said.photo", parts)
        case "signature":
            return Sentence("said.signature.image", parts)
        case "record":
            return Sentence("said.signature.record", parts)
        case _:
            return Sentence("said.file", parts)


def _added(operation: Body, _doctype: str, _document: Body) -> Sentence:
    item = operation.get("item")
    return row_added(str(operation.get("list")), item if isinstance(item, dict) else {})


def _removed(operation: Body, doctype: str, document: Body) -> Sentence:
    reason = str(operation.get("reason") or "")
    return Sentence("said.removed", {"what": _named(doctype, document), "reason": reason})


def _created(operation: Body, doctype: str, _document: Body) -> Sentence:
    body = operation.get("body")
    made: Body = body if isinstance(body, dict) else {}
    match doctype:
        case "Service Equipment":
            return Sentence("said.device.added", {"device": device_of(made)})
        case "Issue" | "Dispatch Job":
            return Sentence(f"said.created.{doctype}", {"subject": str(made.get("subject") or "")})
        case _:
            return Sentence("said.created", {"what": _named(doctype, made)})


def _named(doctype: str, document: Body) -> Part:
    """Name a document by what it is."""
    if doctype == _DEVICE:
        return device_of(document)
    known = doctype if spec_of(doctype).model else "other"
    return Sentence(f"doctype.{known}")


# --- edits


def _edits(operation: Body) -> dict[str, Json]:
    """Return the new values by path."""
    fields: Any = operation.get("fields")
    pairs = fields.items() if isinstance(fields, dict) else ()
    return {path: edit[1] for path, edit in pairs if isinstance(edit, list | tuple)}


def _edited(operation: Body, doctype: str, document: Body) -> Sentence:
    """Say an edit; one that was only proposed is told by the one value that was read."""
    path = operation.get("yields_to")
    if not isinstance(path, str):
        return _edit(operation, doctype, document)
    read = {path: _edits(operation).get(path)}
    return Sentence("said.suggested", {"what": _fields(read, doctype)})


def _edit(operation: Body, doctype: str, document: Body) -> Sentence:
    """Say an edit: of a step, of a row, of a signature, of a device, or field by field."""
    edits = _edits(operation)
    tables = {path.partition(".")[0] for path in edits if "." in path}
    if len(tables) == 1 and all("." in path for path in edits):
        return _row_edited(tables.pop(), edits, doctype, document)
    if doctype == _JOB and "signed_by" in edits:
        return Sentence("said.signed", {"by": str(edits["signed_by"] or "")})
    if doctype == _DEVICE:
        return _device_edited(edits, document)
    if doctype == "Sync Review":
        return Sentence("said.review", {"how": Choice(str(edits.get("resolution") or "keep"))})
    return Sentence("said.edited", {"fields": _fields(edits, doctype)})


def _device_edited(edits: Mapping[str, Json], document: Body) -> Sentence:
    device = device_of(document)
    if edits.get("status") == "To Return":
        reason = str(edits.get("removal_reason") or "")
        return Sentence("said.device.removed", {"device": device, "reason": reason})
    if edits.get("service_location"):
        return Sentence("said.device.moved", {"device": device})
    return Sentence("said.device.edited", {"device": device, "fields": _fields(edits, _DEVICE)})


def _fields(edits: Mapping[str, Json], doctype: str) -> Part:
    spec = spec_of(doctype)
    named: list[Part] = [
        Sentence(
            "said.field",
            {
                "field": Field(path.rpartition(".")[2] if spec.column(path) else ""),
                "value": value_of(spec.column(path), value),
            },
        )
        for path, value in [*edits.items()][:FIELDS_MAX]
    ]
    return Listed([*named, *(["…"] if len(edits) > FIELDS_MAX else [])])


def _row_edited(table: str, edits: Mapping[str, Json], doctype: str, document: Body) -> Sentence:
    values = {path.rpartition(".")[2]: value for path, value in edits.items()}
    row_id = next(iter(edits)).partition(".")[2].rpartition(".")[0]
    rows = rows_of(document, table)
    number, row = next(
        ((n, row) for n, row in enumerate(rows, 1) if str(row.get("id")) == row_id), (0, {})
    )
    match table:
        case "checklist":
            return _step(number, row, values)
        case "materials" if set(values) == {"qty"}:
            what = quoted(row, "description", "item")
            if not values["qty"]:
                return Sentence("said.material.none", {"what": what})
            return Sentence("said.material.qty", {"what": what, "qty": _amount(values["qty"])})
        case "readings" if set(values.values()) == {WITHDRAWN}:
            return Sentence("said.readings.withdrawn")
        case "time_entries" if "ended_at" in values and row.get("started_at"):
            return Sentence(
                "said.time.ended",
                {
                    "activity": Choice(str(row.get("activity") or "Work")),
                    "at": value_of(
                        spec_of(doctype).column("time_entries.x.ended_at"), values["ended_at"]
                    ),
                },
            )
        case _:
            fields = _fields(edits, doctype)
            known = table if table in spec_of(doctype).tables else "other"
            return Sentence(f"said.row.{known}", {"fields": fields})


def _amount(value: Json) -> Part:
    return value if isinstance(value, int | float) else str(value)


def _step(number: int, row: Body, values: Mapping[str, Json]) -> Sentence:
    """Say what became of a step; the number is the one that the person saw."""
    column = spec_of(_JOB).column("checklist.x.value")
    parts: dict[str, Part] = {"number": number or "?", "label": quoted(row, "label_fr", "step")}
    if row.get("label_fr") or row.get("label_en"):
        parts["label"] = _both(row)
    if values.get("skip_reason"):
        return Sentence("said.step.skipped", {**parts, "reason": str(values["skip_reason"])})
    if values.get("done") is False:
        return Sentence("said.step.undone", parts)
    answer = values.get("value")
    if answer is not None and answer != "" and answer is not True:
        unit = str(row.get("unit") or "")
        value = value_of(column, answer)
        return Sentence("said.step.value", {**parts, "value": value, "unit": unit})
    if values.get("done"):
        return Sentence("said.step.done", parts)
    if values.get("note"):
        return Sentence("said.step.note", {**parts, "note": str(values["note"])})
    return Sentence("said.step.changed", parts)


def _both(row: Body) -> Part:
    fr, en = str(row.get("label_fr") or ""), str(row.get("label_en") or "")
    return Both(fr or en, en or fr)


_MAKERS: Final[Mapping[str, Callable[[Body, str, Body], Sentence]]] = {
    "transition": _moved,
    "append": _added,
    "attach": _attached,
    "create": _created,
    "remove": _removed,
    "set": _edited,
}
