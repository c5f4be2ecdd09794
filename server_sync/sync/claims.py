"""Offers: the first acceptance that the server receives has the job; a later one is told why not.

Winning is two more operations, made by the server from the acceptance, so that the assignment
reaches the ERP and survives its polls like any work that waits for it.
"""

import uuid
from collections.abc import Sequence
from typing import Final

from field_core import status
from field_core.canon import Body
from field_core.offers import ACCEPT, TABLE, is_offered
from field_core.operations import Append, Operation, Set, Transition
from field_core.problems import Problem

LOST: Final = frozenset({"offer-taken", "offer-over"})
"""Refusals that leave a person nothing to decide: somebody has the job, or nobody offers it."""
_NAMESPACE: Final = uuid.UUID("3d9f6c7e-0b7a-5f0e-8f0a-6f2e1c9a4b10")


def refusal(
    operation: Operation, job: Body, *, technician: str | None, when: str
) -> Problem | None:
    """Return why an answer to an offer is not taken; `when` is when it was given.

    An acceptance made before the offer ended counts although it comes in later: what decides
    between two is who is received first.
    """
    assigned = job.get("assigned_technician")
    is_anothers = bool(assigned) and assigned != technician
    if not isinstance(operation, Append) or operation.list_name != TABLE:
        is_lost = is_anothers and bool(job.get("offered_until")) and _is_claim(operation)
        return Problem("offer-taken") if is_lost else None
    if technician is None or operation.item.get("technician") != technician:
        return Problem("not-allowed")
    if not _is_claim(operation) or assigned == technician:
        return None
    if is_anothers:
        return Problem("offer-taken")
    return None if is_offered(job, now=when) else Problem("offer-over")


def following(
    operation: Operation, job: Body, *, technician: str | None, when: str
) -> Sequence[Operation]:
    """Return what an acceptance brings about on the job as it was: the assignment, the state."""
    if technician is None or not _is_claim(operation) or not is_offered(job, now=when):
        return ()
    assigned = Set(
        id=_derived(operation, "assigned"),
        n=1,
        key=operation.key,
        at=operation.at,
        fields={"assigned_technician": (None, technician)},
    )
    current = status.parse(job.get("status"))
    accepted = status.JobStatus.ACCEPTED
    if isinstance(operation, Transition) or not current or not status.move(current, accepted):
        return (assigned,)
    moved = Transition(
        id=_derived(operation, "accepted"),
        n=1,
        key=operation.key,
        at=operation.at,
        from_status=current.value,
        to_status=accepted.value,
        by=technician,
    )
    return (assigned, moved)


def _is_claim(operation: Operation) -> bool:
    """Tell whether an operation accepts: the answer to an offer, or the move that says so."""
    match operation:
        case Append():
            return operation.list_name == TABLE and operation.item.get("answer") == ACCEPT
        case Transition():
            return operation.to_status == status.JobStatus.ACCEPTED
        case _:
            return False


def _derived(operation: Operation, what: str) -> str:
    """The same acceptance brings about the same operations, however often it is read."""
    return str(uuid.uuid5(_NAMESPACE, f"{operation.id}|{what}"))
