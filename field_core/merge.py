"""Three-way merge without history: what an operation does to a document as it is now.

The operation says what the value was and what it became. If the current value is what it was, the
new one is taken; if it already is the new one, nothing happens; else the field's policy decides
and the losing value is returned, to be kept. Pure: same arguments, same result, on the device
(to show pending work) and on the server (to decide).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, assert_never

from field_core import status
from field_core.canon import Body, Json, canonical, canonical_body
from field_core.doctypes.registry import Spec
from field_core.fields import Policy
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


@dataclass(frozen=True, slots=True)
class Loser:
    """A value that was not taken, and what was kept instead."""

    field: str
    was: Json
    kept: Json
    lost: Json
    is_open: bool = True
    """Whether a person should look at it; False where the loss is plain bookkeeping."""


@dataclass(frozen=True, slots=True)
class Result:
    """The document afterwards (None: removed or never made), the verdict, and what lost."""

    body: Body | None
    verdict: Verdict
    losers: tuple[Loser, ...] = ()
    problem: Problem | None = None


def apply(operation: Operation, body: Body | None, *, spec: Spec, when: str) -> Result:
    """Say what `operation` does to `body`.

    body: the canonical current document, or None when there is none; never changed in place.
    when: the corrected instant of the act, as text (see `instants`).
    """
    if isinstance(operation, Create):
        return _create(operation, body)
    if body is None:
        return _parked(None, Problem("unknown-document"))
    match operation:
        case Set():
            return _set(operation, body, spec)
        case Transition():
            return _transition(operation, body, when)
        case Append():
            return _append(operation.list_name, {**operation.item, "id": operation.item_id}, body)
        case Attach():
            return _attach(operation, body, spec)
        case Remove():
            return Result(None, Verdict.APPLIED)
        case _:
            assert_never(operation)


def _parked(body: Body | None, problem: Problem) -> Result:
    return Result(body, Verdict.PARKED, problem=problem)


def _create(operation: Create, body: Body | None) -> Result:
    made = canonical_body(operation.body)
    if body is None:
        return Result(made, Verdict.APPLIED)
    if all(body.get(name) == value for name, value in made.items()):
        return Result(body, Verdict.APPLIED)
    return _parked(body, Problem("document-exists"))


# --- set -----------------------------------------------------------------------------------


def _set(operation: Set, body: Body, spec: Spec) -> Result:
    after, losers, verdict = dict(body), [], Verdict.APPLIED
    for path, (was, now) in operation.fields.items():
        place = _locate(after, path)
        if place is None:
            return _parked(body, Problem("row-missing", {"field": path}))
        holder, name = place
        outcome = merge_value(
            spec.policy(path), canonical(was), canonical(now), holder.get(name), path
        )
        _put(holder, name, outcome.kept)
        losers += outcome.losers
        verdict = _worse(verdict, outcome.verdict)
    return Result(after, verdict, tuple(losers))


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


def _put(holder: Body, name: str, value: Json) -> None:
    if value is None:
        holder.pop(name, None)
    else:
        holder[name] = value


_RANK: Final = {Verdict.APPLIED: 0, Verdict.MERGED: 1, Verdict.SUPERSEDED: 2}


def _worse(one: Verdict, other: Verdict) -> Verdict:
    """Fold the verdicts of several fields: some taken and some lost is `merged`."""
    if one is other:
        return one
    if Verdict.SUPERSEDED in (one, other) and Verdict.APPLIED in (one, other):
        return Verdict.MERGED
    return min(one, other, key=lambda v: abs(_RANK[v] - 1))


@dataclass(frozen=True, slots=True)
class Value:
    """The value kept for one field, the verdict on the edit, and what lost."""

    kept: Json
    verdict: Verdict
    losers: tuple[Loser, ...] = ()


def merge_value(policy: Policy, was: Json, now: Json, current: Json, field: str) -> Value:
    """Merge one edit `was` → `now` into `current`."""
    if _same(current, was) or _same(current, now):
        return Value(now, Verdict.APPLIED)
    if policy is Policy.DEVICE:
        return Value(now, Verdict.MERGED, (Loser(field, was, now, current),))
    combine = _COMBINE.get(policy)
    combined = combine(now, current) if combine else None
    if combined is not None:
        return Value(combined, Verdict.MERGED)
    return Value(current, Verdict.SUPERSEDED, (Loser(field, was, current, now),))


def _same(one: Json, other: Json) -> bool:
    """Compare as JSON does: 1 is 1.0, but a check mark is not a number."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _pick(better: Callable[[Json, Json], bool]) -> Callable[[Json, Json], Json]:
    def pick(now: Json, current: Json) -> Json:
        if now is None or current is None:
            return current if now is None else now
        if type(now) is not type(current) or isinstance(now, (list, dict)):
            return None
        return now if better(now, current) else current

    return pick


def _union(now: Json, current: Json) -> Json:
    if not isinstance(now, list) or not isinstance(current or [], list):
        return None
    have: list[Json] = list(current) if isinstance(current, list) else []
    return [*have, *(item for item in now if item not in have)]


_COMBINE: Final[Mapping[Policy, Callable[[Json, Json], Json]]] = {
    Policy.MAX: _pick(lambda now, current: now > current),  # type: ignore[operator]  # same scalar type, checked in _pick
    Policy.MIN: _pick(lambda now, current: now < current),  # type: ignore[operator]  # same scalar type, checked in _pick
    Policy.UNION: _union,
}


# --- status --------------------------------------------------------------------------------


def _transition(operation: Transition, body: Body, when: str) -> Result:
    current, to = status.parse(body.get("status")), status.parse(operation.to_status)
    if current is None or to is None:
        return _parked(body, _illegal(body.get("status"), operation.to_status))
    if current is to:
        return Result(body, Verdict.APPLIED)
    move = status.move(current, to)
    if move and (operation.reason or not move.needs_reason):
        return Result(_moved(operation, body, current, to, when), Verdict.APPLIED)
    if move:
        return _parked(body, Problem("reason-needed"))
    if status.is_past(current, to):
        loser = Loser("status", operation.from_status, current, to, is_open=False)
        return Result(body, Verdict.SUPERSEDED, (loser,))
    return _parked(body, _illegal(current, to))


def _illegal(current: Json, to: Json) -> Problem:
    return Problem("illegal-transition", {"current": current, "to": to})


def _moved(
    operation: Transition, body: Body, current: status.JobStatus, to: status.JobStatus, when: str
) -> Body:
    """Return the job in its new state, with the move in its log and the stamps that follow."""
    row = {"id": operation.id, "from_status": str(current), "to_status": str(to), "at": when,
           "by": operation.by, "reason": operation.reason}
    log = body.get("status_log")
    after: Body = {**body, "status": str(to),
                   "status_log": [*(log if isinstance(log, list) else []), canonical(row)]}
    if to is status.JobStatus.ON_SITE and not body.get("started_at"):
        after["started_at"] = when
    if to in (status.JobStatus.COMPLETED, status.JobStatus.INCOMPLETE):
        after["completed_at"] = when
        _put(after, "closed_reason", operation.reason)
    return after


# --- tables that grow ----------------------------------------------------------------------


def _append(table: str, item: Mapping[str, Json], body: Body) -> Result:
    row = canonical_body(item)
    rows = body.get(table)
    have: list[Json] = rows if isinstance(rows, list) else []
    for present in have:
        if isinstance(present, dict) and present.get("id") == row["id"]:
            return _present(table, present, row, body)
    return Result({**body, table: [*have, row]}, Verdict.APPLIED)


def _present(table: str, present: Body, row: Body, body: Body) -> Result:
    """A row with this id is there: harmless when it says the same (the ERP may have added to it)."""
    if all(present.get(name) == value for name, value in row.items()):
        return Result(body, Verdict.APPLIED)
    loser = Loser(f"{table}.{row['id']}", None, present, row)
    return Result(body, Verdict.SUPERSEDED, (loser,))


def _attach(operation: Attach, body: Body, spec: Spec) -> Result:
    if operation.list_name:
        row = {**operation.item, "id": operation.item_id or operation.id,
               "sha256": operation.sha256, "size": operation.size, "mime": operation.mime}
        return _append(operation.list_name, row, body)
    field = operation.field or operation.role
    was = operation.item.get("was")
    outcome = merge_value(spec.policy(field), was, operation.sha256, body.get(field), field)
    after = dict(body)
    _put(after, field, outcome.kept)
    return Result(after, outcome.verdict, outcome.losers)
