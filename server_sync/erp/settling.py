"""How a write ends in our store: each piece runs inside one transaction."""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, select

from field_core.problems import Problem
from server_sync.erp import outbox, seen
from server_sync.erp.intake import note_and_take
from server_sync.erp.losses import Expected
from server_sync.erp.sources import source
from server_sync.erp.task import Task, Written
from server_sync.store.schema import outcome
from server_sync.store.transaction import Transaction
from server_sync.sync import ingest, reviews

FILE_AWAITED_MS: Final = 30 * 24 * 3_600_000
"""A phone may lie in a drawer for weeks with a photo on it; after a month a person is asked."""
WAITS_FOR_FILE: Final = "waits-for-file"
_PHOTO_MISSING: Final = Problem("photo-missing")


def finish(
    transaction: Transaction, task: Task, written: Written, *, blob_wait_ms: int, until_ms: int
) -> None:
    """Settle the work, keep what lost, take in what was read back.

    blob_wait_ms: how long a file is not looked for that is still on a phone. until_ms: when our
    lease of the document ends.
    """
    kept = {work.row.id: problem for work, problem in written.merged.parked}
    given_up = never_came(
        transaction.connection, task, written.held_back, now_ms=transaction.now_ms
    )
    kept |= dict.fromkeys(given_up, _PHOTO_MISSING)
    for id_, problem in kept.items():
        ingest.park_waiting(
            transaction, task.document, problem.code, dict(problem.details), only=_among({id_})
        )
    aside = {*kept, *written.held_back}
    aside |= _keep_dropped(transaction, task, written.dropped)
    ingest.settle_stored(transaction, [i for i in task.ids if i not in aside])
    ingest.keep_losers(transaction, written.merged.losers, task.document)
    note_and_take(
        transaction,
        task.document.doctype,
        task.key,
        written.after,
        force=True,
        is_new=task.seen is None,
    )
    if task.creates:
        _wake_waiting(transaction, task)
    if waits := written.held_back - kept.keys():
        outbox.postpone(
            transaction.connection,
            list(waits),
            until_ms=until_ms,
            failed=False,
            next_ms=transaction.now_ms + blob_wait_ms,
            error=WAITS_FOR_FILE,
        )


def _among(ids: AbstractSet[int]) -> Callable[[Any], bool]:
    return lambda row: row.id in ids


def never_came(
    connection: Connection, task: Task, held_back: AbstractSet[int], *, now_ms: int
) -> set[int]:
    """Return the work whose file was awaited long enough: its phone was lost, or lost it."""
    before_ms = now_ms - FILE_AWAITED_MS
    rows = [one.row for one in task.work if one.row.id in held_back]
    return {row.id for row in rows if _taken_ms(connection, row) < before_ms}


def _taken_ms(connection: Connection, row: Row[Any]) -> int:
    """Return when the server took an operation; 0 when that was too long ago to be known."""
    return connection.execute(_TAKEN, {"d": row.device, "n": row.n}).scalar() or 0


def park(transaction: Transaction, task: Task, problem: Problem) -> None:
    """Put the work before a person, and show the document without it."""
    document = transaction.get(task.key) or task.document
    ids = set(task.ids)
    ingest.park_waiting(
        transaction, document, problem.code, dict(problem.details), only=_among(ids)
    )
    ingest.put_rebuilt(transaction, document)
    _wake_waiting(transaction, task)


def _wake_waiting(transaction: Transaction, task: Task) -> None:
    """Who links to the document need not wait longer: it has its name, or will never have one."""
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
        work = source(task.work, one.path)
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


_TAKEN: Final = select(outcome.c.at_ms).where(
    outcome.c.device == bindparam("d"), outcome.c.n == bindparam("n")
)
