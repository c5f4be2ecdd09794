"""Offered jobs: who may still have one, and what a technician answered to it.

An answer is a row of the job's `responses`. On a device it is a request; the first acceptance that
the server receives has the job.
"""

from typing import Final

from field_core import status
from field_core.canon import Body, Json
from field_core.instants import from_text

ACCEPT: Final = "Accept"
DECLINE: Final = "Decline"
TABLE: Final = "responses"


def is_offered(job: Body, *, now: str) -> bool:
    """Tell whether a job is still to be had by whoever takes it first; `now` is an instant."""
    until = job.get("offered_until")
    if job.get("assigned_technician") or not isinstance(until, str) or _is_closed(job):
        return False
    try:
        return from_text(until) >= from_text(now)
    except ValueError:  # a time that nobody can read ends nothing
        return True


def _is_closed(job: Body) -> bool:
    found = status.parse(job.get("status"))
    return found is not None and status.is_closed(found)


def answer_of(job: Body, technician: Json) -> str | None:
    """Return what a technician last answered to an offer, if they did."""
    rows = job.get(TABLE)
    answers = [
        str(row.get("answer"))
        for row in (rows if isinstance(rows, list) else ())
        if isinstance(row, dict) and technician and row.get("technician") == technician
    ]
    return answers[-1] if answers else None
