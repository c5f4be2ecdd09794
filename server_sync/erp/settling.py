"""How a write ends in our store: each piece runs inside one transaction."""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Row, bindparam, select

from field_core.operations import Append, Attach, Create, Operation, Set, Transition
from field_core.problems import Problem
from server_sync.erp import outbox, seen
from server_sync.erp.codec import Codec
from server_sync.erp.intake import decode_for, note_and_take
from server_sync.erp.plan import Expected
from server_sync.erp.task import Task, Written
from server_sync.store.schema import outcome
from server_sync.store.transaction import Transaction
from server_sync.sync import ingest, reviews
from server_sync.sync.remerge import Work

FILE_AWAITED_MS: Final = 30 * 24 * 3_600_000
"""A phone may lie in a drawer for weeks with a photo on it; after a month a person is asked."""
_PHOTO_MISSING: Final = Problem("photo-missing")


def finish(
    transaction: Transaction, task: Task, written: Written, codec: Codec, *, blob_wait_ms: int
) -> None:
    """Settle the work, keep what lost, take in what was read back."""
    kept = {work.row.id: problem for work, problem in written.merged.parked}
    kept |= dict.fromkeys(_never_came(transaction, task, written.held_back), _PHOTO_MISSING)
    for id_, problem in kept.items():
        ingest.park_waiting(
            transaction, task.document, problem.code, dict(problem.details), only=_among({id_})
        )
    aside = {*kept, *written.held_back}
    aside |= _keep_dropped(transaction, task, written.dropped)
    ingest.settle_stored(transaction, [i for i in task.ids if i not in aside])
    ingest.keep_losers(transaction, written.merged.losers, task.document)
    # What was written tells which instant a repeated hour's text means; ours may have moved on.
    decoded = decode_for(
        transaction.connection, codec, task.spec, written.raw, held=written.merged.body
    )
    note_and_take(transaction, task.document.doctype, task.key, decoded, force=True)
    outbox.wake(transaction.connection, f"waits-for {task.key}")
    if waits := written.held_back - kept.keys():
        outbox.postpone(
            transaction.connection,
            list(waits),
            failed=False,
            next_ms=transaction.now_ms + blob_wait_ms,
            error="waits-for-file",
        )


def _among(ids: AbstractSet[int]) -> Callable[[Any], bool]:
    return lambda row: row.id in ids


def _never_came(transaction: Transaction, task: Task, held_back: AbstractSet[int]) -> set[int]:
    """Return the work whose file was awaited long enough: its phone was lost, or lost it."""
    before_ms = transaction.now_ms - FILE_AWAITED_MS
    rows = [one.row for one in task.work if one.row.id in held_back]
    return {row.id for row in rows if _taken_ms(transaction, row) < before_ms}


def _taken_ms(transaction: Transaction, row: Row[Any]) -> int:
    """Return when the server took an operation; 0 when that was too long ago to be known."""
    place = {"d": row.device, "n": row.n}
    return transaction.connection.execute(_TAKEN, place).scalar() or 0


def park(transaction: Transaction, task: Task, problem: Problem) -> None:
    """Put the work before a person, and show the document without it."""
    document = transaction.get(task.key) or task.document
    ids = set(task.ids)
    ingest.park_waiting(
        transaction, document, problem.code, dict(problem.details), only=_among(ids)
    )
    ingest.put_rebuilt(transaction, document)
    outbox.wake(transaction.connection, f"waits-for {task.key}")


def vanish(transaction: Transaction, task: Task) -> None:
    """The ERP deleted the document: what waited on it is kept for a person."""
    ingest.vanish(transaction, task.key)
    ingest.park_waiting(transaction, task.document, "document-removed")
    seen.forget(transaction.connection, task.key)


def finish_removal(transaction: Transaction, task: Task) -> None:
    """The ERP has the document no more: the work is settled, nothing is held of it."""
    ingest.settle_stored(transaction, task.ids)
    document = transaction.get(task.key) or task.document
    transaction.put(replace(document, body=None, erp_body=None, erp_modified=None))
    seen.forget(transaction.connection, task.key)


def _keep_dropped(transaction: Transaction, task: Task, lost: Sequence[Expected]) -> set[int]:
    """Keep values that the ERP silently ignored, each with the operation it came from."""
    aside: set[int] = set()
    for one in lost:
        work = _source(task.work, one.path)
        reviews.keep_dropped(
            transaction,
            operation=work.operation,
            field=one.path,
            kept=one.was,
            lost=one.now,
            caller=ingest.actor_of(work.row),
            document=task.document,
            at=work.row.at,
        )
        ingest.put_aside(
            transaction, work.row, "erp-refused", {"message": one.path, "field": one.path}
        )
        aside.add(work.row.id)
    return aside


def _source(work: Sequence[Work], path: str) -> Work:
    """Return the last operation that wrote a field; the last of all when none did by name."""
    return next((one for one in reversed(work) if _touches(one.operation, path)), work[-1])


def _touches(operation: Operation, path: str) -> bool:
    head, _, rest = path.partition(".")
    match operation:
        case Set():
            return path in operation.fields or head in operation.fields
        case Transition():
            return head in _MOVED and (head != "status_log" or rest.startswith(operation.id))
        case Append():
            return head == operation.list_name and rest.startswith(operation.item_id)
        case Attach():
            return path == operation.field or (
                head == operation.list_name and rest.startswith(operation.item_id or operation.id)
            )
        case _:
            return isinstance(operation, Create)


_TAKEN: Final = select(outcome.c.at_ms).where(
    outcome.c.device == bindparam("d"), outcome.c.n == bindparam("n")
)
_MOVED: Final = frozenset(
    {
        "status",
        "status_log",
        "started_at",
        "completed_at",
        "closed_reason",
        "cancelled_at",
        "cancelled_by",
    }
)
