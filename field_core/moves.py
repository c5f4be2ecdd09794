"""Moving a job in the status table when others may have moved it since.

A move is taken when it is legal from where the job stands now; one that the job is past changes
nothing; any other waits for a person. A job that ended is reopened only by someone who saw it so.
"""

from collections.abc import Iterator
from typing import Final

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
        return _passed(operation, body, current, to, when)
    return parked(body, Problem("changed-since") if move else _illegal(current, to))


def _is_logged(operation: Transition, body: Body) -> bool:
    """Tell whether this very move was made before, whatever came after it."""
    return any(row.get("id") == operation.id for row in _log(body))


def _log(body: Body) -> list[Body]:
    rows = body.get("status_log")
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _replaced(body: Body, after: Body) -> Iterator[Loser]:
    """Yield what stood in the job and stands nowhere any more, neither there nor in its log."""
    for field, name in _LOGGED_AS.items():
        before, now = body.get(field), after.get(field)
        if before not in (None, now, *(row.get(name) for row in _log(after))):
            yield Loser(field, before, now, before, is_open=False)


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
    operation: Transition,
    body: Body,
    current: status.JobStatus,
    to: status.JobStatus,
    when: str,
) -> Result:
    """Move nothing, and keep what came too late: the state, and the words that came with it."""
    words = tuple(_unheard(operation, body, to))
    if current is to:
        after = _told(operation, body, to, when)
        return Result(after, Verdict.MERGED if words else Verdict.APPLIED, words)
    state = Loser("status", operation.from_status, str(current), str(to), is_open=False)
    return Result(body, Verdict.SUPERSEDED, (state, *words))


def _told(operation: Transition, body: Body, to: status.JobStatus, when: str) -> Body:
    """Log the move when nothing tells how the job came to where it is.

    A server that was put back to a backup finds in the ERP the state that this very move gave the
    job, and no line of it: the state was written and the line was not yet. When and by whom it was
    done stands nowhere else.
    """
    log, seen = _log(body), status.parse(operation.from_status)
    is_told = bool(log) and log[-1].get("to_status") == to
    if is_told or seen is None or status.move(seen, to) is None:
        return body
    return {**body, "status_log": [*log, _line(operation, seen, when)]}


def _line(operation: Transition, before: Json, when: str) -> Body:
    return canonical_body(
        {
            "id": operation.id,
            "from_status": before,
            "to_status": operation.to_status,
            "at": when,
            "by": operation.by,
            "reason": operation.reason,
        }
    )


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
    log: Json = [*_log(body), _line(operation, body["status"], when)]
    after: Body = {**body, "status": to, "status_log": log}
    if to == status.JobStatus.ON_SITE and not body.get("started_at"):
        after["started_at"] = when
    if to in (status.JobStatus.COMPLETED, status.JobStatus.INCOMPLETE):
        after["completed_at"] = when
        put(after, "closed_reason", operation.reason)
    elif to == status.JobStatus.CANCELLED:
        after["cancelled_at"] = when
        put(after, "cancelled_by", operation.by)
    else:
        for stamp in _ENDING:
            put(after, stamp, None)
    return after


_ENDING: Final = ("completed_at", "cancelled_at", "cancelled_by")
"""What a job says of its end; one that is open again, whoever opened it, has none."""
_LOGGED_AS: Final = {
    "closed_reason": "reason",
    "completed_at": "at",
    "cancelled_at": "at",
    "cancelled_by": "by",
}
"""Where the log holds what a move may take out of the job."""
