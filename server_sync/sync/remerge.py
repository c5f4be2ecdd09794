"""Merging what still waits for the ERP over the ERP's own word, again and again.

The same operations meet the ERP's document many times: at every poll, before a write, after a
write whose answer was lost. So whatever the ERP already has of them must be recognised, or our own
writes would be taken for clashes. Two rules do that. Where the ERP holds the value that one of the
waiting operations gave a field, that operation and the earlier ones have been stored there. And a
value counts as held when it is what the ERP makes of ours: Frappe has no empty numbers, rewrites
text that holds HTML, and turns line ends.
"""

import html
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from field_core import merge
from field_core.canon import Body, Json, canonical
from field_core.doctypes import Spec
from field_core.fields import Column, Kind
from field_core.ids import is_uuid
from field_core.operations import Append, Attach, Create, Operation, Set, Transition, Verdict
from field_core.problems import Problem

EMPTY_WHEN_ZERO: Final = frozenset(
    {"latitude", "longitude", "signal_dbm", "min_value", "max_value"}
)
"""Numbers that are never zero in the field. Frappe's number columns cannot be empty: an address
without a position is at (0, 0) there, and must not be in the Gulf of Guinea on a map here."""

UUID_LENGTH: Final = 36

Resolve = Callable[[str, str], str | None]
"""From a doctype and the key of a document to the name the ERP gave it, if it has one by now."""


@dataclass(frozen=True, slots=True)
class Work:
    """One operation that waits: its row in `erp_out` and what it says."""

    row: Any
    operation: Operation


@dataclass(slots=True)
class Remerged:
    """The document with the waiting work on top, what lost on the way, and what no longer fits."""

    body: Body | None
    losers: list[tuple[Work, merge.Loser]] = field(default_factory=list)
    parked: list[tuple[Work, Problem]] = field(default_factory=list)


def unresolved(_doctype: str, _key: str) -> str | None:
    """Know no names: links keep the keys they hold."""
    return None


def merge_again(
    body: Body | None,
    work: Sequence[Work],
    *,
    spec: Spec,
    resolve: Resolve = unresolved,
    earlier: Body | None = None,
) -> Remerged:
    """Apply waiting operations, oldest first, to the ERP's word; `body` is not changed.

    earlier: the document as the ERP stored some of this work, where somebody saved over it since.
    """
    normalised = [Work(one.row, _normalised(one.operation, spec, resolve)) for one in work]
    left = [one for one in normalised if not _has_row(earlier, one.operation)]
    stored = _stored_up_to([one for one in (body, earlier) if one is not None], left)
    merged = Remerged(body)
    for position, one in enumerate(left):
        _merge_one(merged, one, spec, stored, position)
    return merged


def _merge_one(
    merged: Remerged, one: Work, spec: Spec, stored: dict[str, int], position: int
) -> None:
    operation, body = one.operation, merged.body
    if isinstance(operation, Create) and body is not None:
        return
    if isinstance(operation, Transition) and position <= stored.get("status", -1):
        merged.body = _with_move_logged(operation, body, spec, one.row.at)
        return
    if isinstance(operation, Set):
        left = {p: e for p, e in operation.fields.items() if position > stored.get(p, -1)}
        if not left:
            return
        operation = operation.model_copy(update={"fields": left})
    if (
        isinstance(operation, Attach)
        and operation.field
        and position <= stored.get(operation.field, -1)
    ):
        return
    if _has_row(body, operation):
        return
    result = merge.apply(operation, body, spec=spec, when=one.row.at)
    merged.losers += [(one, loser) for loser in result.losers]
    if result.verdict is Verdict.PARKED:
        merged.parked.append((one, result.problem or Problem("changed-since")))
        return
    merged.body = result.body


def _has_row(body: Body | None, operation: Operation) -> bool:
    """A row that is there was stored, whatever the ERP or somebody in the office made of it."""
    if not isinstance(operation, (Append, Attach)):
        return False
    rows = (body or {}).get(operation.list_name or "")
    identity = operation.item_id or operation.id
    return isinstance(rows, list) and any(
        isinstance(row, dict) and row.get("id") == identity for row in rows
    )


def _with_move_logged(
    operation: Transition, body: Body | None, spec: Spec, when: str
) -> Body | None:
    """The ERP has the state but perhaps not the line in the log: replay the move for that alone."""
    if body is None:
        return None
    before: Body = {**body, "status": operation.from_status}
    result = merge.apply(operation, before, spec=spec, when=when)
    if result.verdict is not Verdict.APPLIED or result.body is None:
        return body
    return {**result.body, "status": body.get("status")}


def _stored_up_to(bodies: Sequence[Body], work: Sequence[Work]) -> dict[str, int]:
    """For each field path: the last operation whose value the ERP holds or held there."""
    found: dict[str, int] = {}
    for position in range(len(work) - 1, -1, -1):
        for path, now in _edits(work[position].operation):
            if path not in found and any(is_same(now, value_at(body, path)) for body in bodies):
                found[path] = position
    return found


def _edits(operation: Operation) -> Iterable[tuple[str, Json]]:
    match operation:
        case Set():
            return [(path, edit[1]) for path, edit in operation.fields.items()]
        case Transition():
            return [("status", operation.to_status)]
        case Attach() if operation.field:
            return [(operation.field, operation.sha256)]
        case _:
            return ()


def value_at(body: Body, path: str) -> Json:
    """Return the value of `field` or `table.row.field`, None when there is none."""
    head, _, rest = path.partition(".")
    if not rest:
        return body.get(head)
    row_id, _, name = rest.rpartition(".")
    rows = body.get(head)
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, dict) and str(row.get("id")) == row_id:
            return row.get(name)
    return None


# --- what the ERP makes of a value


def is_same(sent: Json, held: Json) -> bool:
    """Tell whether the ERP's value is what it makes of ours."""
    if sent == held:
        return True
    if isinstance(sent, list) and isinstance(held, list):
        return len(sent) == len(held) and all(map(is_same, sent, held))
    if isinstance(sent, dict) and isinstance(held, dict):
        return all(is_same(value, held.get(name)) for name, value in sent.items())
    if isinstance(sent, str) and isinstance(held, str):
        return plain(held) in {plain(sent), plain(defused(sent))}
    return isinstance(held, str) and isinstance(sent, (int, float)) and as_text(sent) == held


_SILENT: Final = re.compile(r"<(script|style)\b.*?(</\1\s*>|$)", re.IGNORECASE | re.DOTALL)
_TAG: Final = re.compile(r"</?[a-zA-Z!][^>]*>?")


def plain(text: str) -> str:
    """Return a text without what Frappe's sanitiser removes or rewrites."""
    if "<" not in text and "&" not in text and "\r" not in text:
        return text
    bare = _TAG.sub("", _SILENT.sub("", text))
    return html.unescape(bare).replace("\r\n", "\n").replace("\r", "\n")


def defused(text: str) -> str:
    """Return a text in which Frappe sees no tag: it would throw `<ONT>` away, and `< ONT>` stays.

    What its own editor wrote, and JSON, it knows and leaves alone.
    """
    if "<" not in text or text.startswith(_EDITOR) or _is_json(text):
        return text
    return _OPENING.sub("< ", text)


_OPENING: Final = re.compile(r"<(?=[a-zA-Z/!?])")
_EDITOR: Final = '<div class="ql-editor'


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def as_text(value: float) -> str:
    """Write a number or a check mark as a text column keeps it."""
    if isinstance(value, bool):
        return str(int(value))
    return str(int(value)) if float(value).is_integer() else repr(value)


def normal(name: str, column: Column | None, value: Json, resolve: Resolve = unresolved) -> Json:
    """Return a value as the ERP's document would show it in our form.

    Absent check marks are off, absent numbers are zero (but see EMPTY_WHEN_ZERO), empty texts are
    absent, and a link to a document made offline is the name that the ERP gave it.
    """
    if column is None:
        return canonical(value)
    match column.kind:
        case Kind.CHECK:
            return bool(value)
        case Kind.INT | Kind.FLOAT | Kind.CURRENCY:
            return normal_number(name, column.kind, value)
        case Kind.LINK if isinstance(value, str) and len(value) == UUID_LENGTH and is_uuid(value):
            return resolve(column.options, value) or value
        case _:
            return None if value == "" else canonical(value)


def normal_number(name: str, kind: Kind, value: Json) -> Json:
    """Return a number of the column's kind; text that is none stays, to be refused."""
    if value is None or value == 0:
        return None if name in EMPTY_WHEN_ZERO else (0 if kind is Kind.INT else 0.0)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    return int(value) if kind is Kind.INT else float(value)


def _normalised(operation: Operation, spec: Spec, resolve: Resolve) -> Operation:
    match operation:
        case Set():
            edits = {
                path: (_normal_at(spec, path, was, resolve), _normal_at(spec, path, now, resolve))
                for path, (was, now) in operation.fields.items()
            }
            return operation.model_copy(update={"fields": edits})
        case Append() if operation.list_name in spec.tables:
            item = _normal_row(spec.tables[operation.list_name], operation.item, resolve)
            return operation.model_copy(update={"item": item})
        case Attach() if operation.list_name in spec.tables:
            item = _normal_row(spec.tables[operation.list_name or ""], operation.item, resolve)
            return operation.model_copy(update={"item": item})
        case Create():
            return operation.model_copy(update={"body": normal_body(spec, operation.body, resolve)})
        case _:
            return operation


def _normal_at(spec: Spec, path: str, value: Json, resolve: Resolve) -> Json:
    if path in spec.tables:
        return normal_table(spec.tables[path], value, resolve)
    return normal(path.rpartition(".")[2], spec.column(path), value, resolve)


def normal_table(inner: Spec, value: Json, resolve: Resolve) -> Json:
    """Return the rows of a table in normal form; anything that is no table stays as it is."""
    if not isinstance(value, list):
        return value
    return [_normal_row(inner, row, resolve) if isinstance(row, dict) else row for row in value]


def _normal_row(inner: Spec, row: Body, resolve: Resolve) -> Body:
    return {
        name: value
        for name, item in row.items()
        if (value := normal(name, inner.columns.get(name), item, resolve)) is not None
    }


def normal_body(spec: Spec, body: Body, resolve: Resolve = unresolved) -> Body:
    """Return a whole document in normal form; nothing is added that was absent."""
    made = _normal_row(spec, {n: v for n, v in body.items() if n not in spec.tables}, resolve)
    for name, inner in spec.tables.items():
        if name in body:
            made[name] = normal_table(inner, body[name], resolve)
    return made
