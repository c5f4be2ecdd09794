"""Moving a job in the status table when others may have moved it since.

A move is taken when it is legal from where the job stands now; one that the job is past changes
nothing; any other waits for a person. A job that ended is reopened only by someone who saw it so.
"""

from collections.abc import Iterator

from field_core import status
from field_core.canon import Body, Json, canonical_body, put
from field_core.operations import Transition, Verdict
from field_core.problems import Problem
from field_core.results import Loser, Result, parked


def move_job(operation: Transition, body: Body, when: str) -> Result:
    """Say what a move does to a job as it is now; see `merge.apply` for the arguments."""
    current, to = status.parse(body.get("status")), status.parse(operation.to_status)
    if current is None or to is None:
        return parked(body, _illegal(body.get("status"), operation.to_status))
    if _is_logged(operation, body):
        return Result(body, Verdict.APPLIED)
    move = status.move(current, to)
    if move and _means_to_leave(operation, current):
        return _take(operation, body, move, when)
    if status.is_past(current, to):
        return _passed(operation, body, current, to)
    return parked(body, Problem("changed-since") if move else _illegal(current, to))


def _is_logged(operation: Transition, body: Body) -> bool:
    """Tell whether this very move was made before, whatever came after it."""
    return any(row.get("id") == operation.id for row in _log(body))


def _log(body: Body) -> list[Body]:
    rows = body.get("status_log")
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _replaced(body: Body, after: Body) -> Iterator[Loser]:
    """Yield a reason that stood in the job and stands nowhere any more."""
    before = body.get("closed_reason")
    if before not in (None, *_reasons(after)):
        yield Loser("closed_reason", before, after.get("closed_reason"), before, is_open=False)


def _means_to_leave(operation: Transition, current: status.JobStatus) -> bool:
    """Tell whether a move out of a closed state was made by someone who saw the job closed.

    A pause for lunch, made offline while a colleague completed the job, carries a reason too and
    must not reopen it.
    """
    seen = status.parse(operation.from_status)
    return not status.is_closed(current) or (seen is not None and status.is_closed(seen))


def _take(operation: Transition, body: Body, move: status.Move, when: str) -> Result:
    if move.needs_reason and not operation.reason:
        return parked(body, Problem("reason-needed"))
    after = _moved(operation, body, when)
    return Result(after, Verdict.APPLIED, tuple(_replaced(body, after)))


def _passed(
    operation: Transition, body: Body, current: status.JobStatus, to: status.JobStatus
) -> Result:
    """Change nothing, and keep what came too late: the state, and the words that came with it."""
    words = tuple(_unheard(operation, body, to))
    if current is to:
        return Result(body, Verdict.MERGED if words else Verdict.APPLIED, words)
    state = Loser("status", operation.from_status, str(current), str(to), is_open=False)
    return Result(body, Verdict.SUPERSEDED, (state, *words))


def _unheard(operation: Transition, body: Body, to: status.JobStatus) -> Iterator[Loser]:
    """Yield the reason of a move that was not made; that of an ending is worth reading."""
    if operation.reason and operation.reason not in _reasons(body):
        kept = body.get("closed_reason")
        is_open = status.is_closed(to)
        yield Loser("closed_reason", None, kept, operation.reason, is_open=is_open)


def _reasons(body: Body) -> list[Json]:
    """Return every reason that a job holds."""
    return [body.get("closed_reason"), *(row.get("reason") for row in _log(body))]


def _illegal(current: Json, to: Json) -> Problem:
    return Problem("illegal-transition", {"current": current, "to": to})


def _moved(operation: Transition, body: Body, when: str) -> Body:
    """Return the job in its new state, with the move in its log and the stamps that follow."""
    to = operation.to_status
    row: Body = {
        "id": operation.id,
        "from_status": body["status"],
        "to_status": to,
        "at": when,
        "by": operation.by,
        "reason": operation.reason,
    }
    after: Body = {**body, "status": to, "status_log": [*_log(body), canonical_body(row)]}
    if to == status.JobStatus.ON_SITE and not body.get("started_at"):
        after["started_at"] = when
    if to in (status.JobStatus.COMPLETED, status.JobStatus.INCOMPLETE):
        after["completed_at"] = when
        put(after, "closed_reason", operation.reason)
    return after
