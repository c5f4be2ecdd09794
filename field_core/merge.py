"""Three-way merge without history: what an operation does to a document as it is now.

The operation says what the value was and what it became. If the current value is what it was, the
new one is taken; if it already is the new one, nothing happens; else the field's policy decides
and the losing value is returned, to be kept. Pure: same arguments, same result, on the device
(to show pending work) and on the server (to decide).
"""

from collections.abc import Mapping
from typing import assert_never

from field_core.canon import Body, Json, canonical, canonical_body, put
from field_core.doctypes.registry import Spec
from field_core.moves import move_job
from field_core.operations import (
    Append,
    Attach,
    Create,
    Operation,
    Remove,
    Set,
    Transition,
    Verdict,
)
from field_core.problems import Problem
from field_core.results import Loser, Result, parked
from field_core.status import is_closed, parse
from field_core.values import Value, merge_value, same

__all__ = ["Loser", "Result", "Value", "apply", "merge_value"]


def apply(  # noqa: PLR0911 - one answer a kind
    operation: Operation, body: Body | None, *, spec: Spec, when: str
) -> Result:
    """Say what `operation` does to `body`.

    body: the canonical current document, or None when there is none; never changed in place.
    when: the corrected instant of the act, as text (see `instants`).
    """
    match operation:
        case Create():
            return _create(operation, body)
        case Remove():
            return Result(None, Verdict.APPLIED)
        case _ if body is None:
            return parked(None, Problem("unknown-document"))
        case Set() if operation.yields_to:
            return _suggest(operation, operation.yields_to, body, spec)
        case Set():
            return _edit_all(operation.fields, body, spec)
        case Transition():
            return move_job(operation, body, when)
        case Append():
            row = {**operation.item, "id": operation.item_id}
            return _append(operation.list_name, row, body, spec)
        case Attach():
            return _attach(operation, body, spec)
        case _:
            assert_never(operation)


def _create(operation: Create, body: Body | None) -> Result:
    made = canonical_body(operation.body)
    if body is None:
        return Result(made, Verdict.APPLIED)
    if all(same(body.get(name), value) for name, value in made.items()):
        return Result(body, Verdict.APPLIED)
    return parked(body, Problem("document-exists"))


# --- set -----------------------------------------------------------------------------------


def _edit_all(edits: Mapping[str, tuple[Json, Json]], body: Body, spec: Spec) -> Result:
    """Merge edits of several fields: all of them are judged, or the whole is parked."""
    after, outcomes = dict(body), []
    for path, (was, now) in edits.items():
        outcome = _edit(after, path, canonical(was), canonical(now), spec)
        if isinstance(outcome, Problem):
            return parked(body, outcome)
        outcomes.append(outcome)
    losers = tuple(loser for outcome in outcomes for loser in outcome.losers)
    return Result(after, _together({outcome.verdict for outcome in outcomes}), losers)


def _edit(after: Body, path: str, was: Json, now: Json, spec: Spec) -> Value | Problem:
    """Merge one edit into `after`, whose rows are copied before they change."""
    place = _locate(after, path)
    if place is None:
        return Problem("row-missing", {"field": path})
    if path in spec.tables and not _is_table(now):
        return Problem("invalid-value", {"field": path})
    holder, name = place
    outcome = merge_value(spec.policy(path), was, now, holder.get(name), path)
    put(holder, name, outcome.kept)
    return outcome


def _suggest(operation: Set, path: str, body: Body, spec: Spec) -> Result:
    """Take a suggestion where nothing stands and the work goes on; else keep it beside (SC-03)."""
    place = _locate(dict(body), path)
    if place is None:
        return parked(body, Problem("row-missing", {"field": path}))
    holder, name = place
    current, now = holder.get(name), canonical(operation.fields[path][1])
    if same(current, now):
        return Result(body, Verdict.APPLIED)
    if current not in (None, "") or operation.is_evidence or _is_closed(body, spec):
        return Result(body, Verdict.SUPERSEDED, (Loser(path, None, current, now),))
    stands = {other: holder.get(other.rpartition(".")[2]) for other in operation.fields}
    edits = {other: (stands[other], now) for other, (_, now) in operation.fields.items()}
    return _edit_all(edits, body, spec)


def _is_closed(body: Body, spec: Spec) -> bool:
    current = parse(body.get("status")) if spec.doctype == "Dispatch Job" else None
    return current is not None and is_closed(current)


def _is_table(value: Json) -> bool:
    """Tell whether a value can stand where rows are expected: each an object with an `id`."""
    rows = [] if value is None else value
    return isinstance(rows, list) and all(isinstance(row, dict) and row.get("id") for row in rows)


def _locate(body: Body, path: str) -> tuple[Body, str] | None:
    """Find the object that holds the last name of `path`, copying what will be written."""
    head, _, rest = path.partition(".")
    if not rest:
        return body, head
    row_id, _, name = rest.rpartition(".")
    rows = body.get(head)
    if not isinstance(rows, list):
        return None
    for index, row in enumerate(rows):
        if isinstance(row, dict) and str(row.get("id")) == row_id:
            copy = dict(row)
            body[head] = [*rows[:index], copy, *rows[index + 1 :]]
            return copy, name
    return None


def _together(verdicts: set[Verdict]) -> Verdict:
    """Fold the verdicts of several fields: taken in part is `merged`."""
    return verdicts.pop() if len(verdicts) == 1 else Verdict.MERGED


# --- tables that grow ----------------------------------------------------------------------


def _append(table: str, item: Mapping[str, Json], body: Body, spec: Spec) -> Result:
    row = canonical_body(item)
    have = body.get(table, [])
    if table in spec.columns or not isinstance(have, list):
        return parked(body, Problem("invalid-value", {"field": table}))
    for present in have:
        if isinstance(present, dict) and present.get("id") == row["id"]:
            return _present(table, present, row, body)
    return Result({**body, table: [*have, row]}, Verdict.APPLIED)


def _present(table: str, present: Body, row: Body, body: Body) -> Result:
    """A row with this id is there: harmless when it says the same (the ERP may have added)."""
    if all(same(present.get(name), value) for name, value in row.items()):
        return Result(body, Verdict.APPLIED)
    loser = Loser(f"{table}.{row['id']}", None, present, row)
    return Result(body, Verdict.SUPERSEDED, (loser,))


def _attach(operation: Attach, body: Body, spec: Spec) -> Result:
    if operation.list_name:
        row = {
            **operation.item,
            "id": operation.item_id or operation.id,
            "sha256": operation.sha256,
            "size": operation.size,
            "mime": operation.mime,
        }
        return _append(operation.list_name, row, body, spec)
    path = operation.field or operation.role
    return _edit_all({path: (operation.item.get("was"), operation.sha256)}, body, spec)
