"""The job status table: every legal move, who may make it, and which need a reason.

The code looks a move up here, the documentation draws this table, and a test walks it. A
technician is never blocked: from any open state work can be started, paused, finished or closed
incomplete. Completed and Incomplete are left only by a named reopening, Cancelled not at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class JobStatus(StrEnum):
    """Where a job stands; the first seven are ERPNext's own words at the target."""

    OPEN = "Open"
    SCHEDULED = "Scheduled"
    DISPATCHED = "Dispatched"
    ACCEPTED = "Accepted"
    EN_ROUTE = "En Route"
    ON_SITE = "On Site"
    PAUSED = "Paused"
    COMPLETED = "Completed"
    INCOMPLETE = "Incomplete"
    CANCELLED = "Cancelled"


class Actor(StrEnum):
    """Who may make a move."""

    OFFICE = "office"
    TECHNICIAN = "technician"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Move:
    """One legal move."""

    event: str
    actor: Actor
    needs_reason: bool = False


_S = JobStatus
_PLANNED: Final = (_S.OPEN, _S.SCHEDULED, _S.DISPATCHED, _S.ACCEPTED)
_WORKING: Final = (_S.EN_ROUTE, _S.ON_SITE, _S.PAUSED)
_CLOSED: Final = (_S.COMPLETED, _S.INCOMPLETE)

TRANSITIONS: Final[Mapping[tuple[JobStatus, JobStatus], Move]] = {
    (_S.OPEN, _S.SCHEDULED): Move("schedule", Actor.OFFICE),
    (_S.OPEN, _S.DISPATCHED): Move("dispatch", Actor.OFFICE),
    (_S.SCHEDULED, _S.DISPATCHED): Move("dispatch", Actor.OFFICE),
    **{(a, _S.OPEN): Move("unschedule", Actor.OFFICE) for a in _PLANNED[1:]},
    (_S.DISPATCHED, _S.SCHEDULED): Move("withdraw", Actor.OFFICE),
    (_S.ACCEPTED, _S.SCHEDULED): Move("withdraw", Actor.OFFICE),
    **{(a, _S.ACCEPTED): Move("accept", Actor.TECHNICIAN) for a in _PLANNED[:3]},
    **{(a, _S.EN_ROUTE): Move("travel", Actor.TECHNICIAN) for a in _PLANNED},
    **{(a, _S.ON_SITE): Move("arrive", Actor.TECHNICIAN) for a in (*_PLANNED, _S.EN_ROUTE)},
    (_S.PAUSED, _S.ON_SITE): Move("resume", Actor.TECHNICIAN),
    (_S.PAUSED, _S.EN_ROUTE): Move("travel", Actor.TECHNICIAN),
    **{
        (a, _S.PAUSED): Move("pause", Actor.TECHNICIAN)
        for a in (*_PLANNED, _S.EN_ROUTE, _S.ON_SITE)
    },
    **{(a, _S.COMPLETED): Move("complete", Actor.TECHNICIAN) for a in (*_PLANNED, *_WORKING)},
    **{
        (a, _S.INCOMPLETE): Move("close-incomplete", Actor.TECHNICIAN, needs_reason=True)
        for a in (*_PLANNED, *_WORKING)
    },
    **{(a, _S.CANCELLED): Move("cancel", Actor.OFFICE) for a in (*_PLANNED, *_WORKING)},
    **{
        (a, b): Move("reopen", Actor.BOTH, needs_reason=True)
        for a in _CLOSED
        for b in (_S.ON_SITE, _S.PAUSED, _S.SCHEDULED)
    },
    (_S.INCOMPLETE, _S.COMPLETED): Move("complete", Actor.TECHNICIAN, needs_reason=True),
}

_PROGRESS: Final[Mapping[JobStatus, int]] = {
    _S.OPEN: 0,
    _S.SCHEDULED: 1,
    _S.DISPATCHED: 2,
    _S.ACCEPTED: 3,
    _S.EN_ROUTE: 4,
    _S.ON_SITE: 5,
    _S.PAUSED: 5,
    _S.INCOMPLETE: 6,
    _S.COMPLETED: 7,
}


_BY_TEXT: Final[Mapping[str, JobStatus]] = {status.value: status for status in JobStatus}


def parse(text: object) -> JobStatus | None:
    """Return the status that a document's text names, or None when it names none of ours."""
    return _BY_TEXT.get(text) if isinstance(text, str) else None


def move(current: JobStatus, to: JobStatus) -> Move | None:
    """Return the legal move between two states, if there is one."""
    return TRANSITIONS.get((current, to))


def is_past(current: JobStatus, to: JobStatus) -> bool:
    """Tell whether a job in `current` has moved past `to`: a late repeat changes nothing."""
    if JobStatus.CANCELLED in (current, to):
        return current is to
    return _PROGRESS[current] >= _PROGRESS[to]


def is_closed(status: JobStatus) -> bool:
    """Tell whether work on the job has ended."""
    return status in (*_CLOSED, JobStatus.CANCELLED)


def as_markdown() -> str:
    """Draw the table for the documentation, one line a move."""
    rows = [
        f"| {a} | {b} | {m.event} | {m.actor} | {'yes' if m.needs_reason else ''} |"
        for (a, b), m in TRANSITIONS.items()
    ]
    return "\n".join(("| from | to | event | who | reason |", "|---|---|---|---|---|", *rows))
