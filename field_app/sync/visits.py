"""What came before and after at a job's location, how the job moved, and what was done here."""

import json
from typing import Final

from field_app.ports import JobHistory, MoveRow, Visit
from field_app.sync import waiting
from field_app.sync.acts.acting import rows_of
from field_app.sync.at_job import facts_of, job_body
from field_app.sync.labels import label_of, maybe_text, text_of
from field_app.sync.replica import Replica
from field_core import status
from field_core.canon import Body

DONE_MAX: Final = 60
"""Acts on one job that are listed; a long day has some thirty."""
VISITS_MAX: Final = 50
"""A device holds two weeks of one location's jobs; an office more than it will read."""


def job_history(replica: Replica, key: str) -> JobHistory | None:
    """Return what else is known of a job and its location."""
    body = job_body(replica, key)
    if body is None:
        return None
    facts = facts_of(replica, key, body)
    return JobHistory(
        facts=facts,
        visits=[
            _visit(other, seen, body, facts.who(maybe_text(seen, "assigned_technician")))
            for other, seen in _others_at(replica, key, facts.location)
        ],
        moves=_moves(replica, key, body),
        done=waiting.done_on(replica, key, count=DONE_MAX),
    )


def _others_at(replica: Replica, key: str, location: str | None) -> list[tuple[str, Body]]:
    if location is None:
        return []
    rows = replica.db.conn.execute(
        "SELECT key, body FROM dispatch_job WHERE service_location = ? AND key != ? "
        "ORDER BY scheduled_date IS NULL DESC, scheduled_date DESC, scheduled_time DESC LIMIT ?",
        (location, key, VISITS_MAX),
    )
    return [(other, json.loads(text)) for other, text in rows]


def _visit(key: str, seen: Body, job: Body, technician: str) -> Visit:
    stands = status.parse(seen.get("status"))
    is_closed = stands is not None and status.is_closed(stands)
    notes = rows_of(seen, "notes")
    return Visit(
        key=key,
        label=label_of(key, seen.get("name")),
        subject=text_of(seen, "subject"),
        status=text_of(seen, "status"),
        day=maybe_text(seen, "scheduled_date"),
        time=text_of(seen, "scheduled_time")[:5] or None,
        technician=technician,
        is_past=is_closed or _when(seen) < _when(job),
        last_note=maybe_text(notes[-1], "text") if notes else None,
    )


def _when(job: Body) -> tuple[bool, str, str]:
    """Order jobs by their window; one without a date is still to come."""
    day = text_of(job, "scheduled_date")
    return not day, day, text_of(job, "scheduled_time")


def _moves(replica: Replica, key: str, body: Body) -> list[MoveRow]:
    """Return the moves, newest first; an operation's id is the id of its row in the log."""
    received = dict(
        replica.db.conn.execute(
            "SELECT id, settled_ms FROM outbox WHERE key = ? AND kind = 'transition'", (key,)
        ).fetchall()
    )
    return [
        MoveRow(
            id=text_of(row, "id"),
            from_status=text_of(row, "from_status"),
            to_status=text_of(row, "to_status"),
            at=maybe_text(row, "at"),
            by=maybe_text(row, "by"),
            reason=maybe_text(row, "reason"),
            received_ms=received.get(text_of(row, "id")),
        )
        for row in reversed(rows_of(body, "status_log"))
    ]
