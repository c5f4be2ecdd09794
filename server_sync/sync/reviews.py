"""Keeping what lost: reviews are documents, so they reach supervisor and technician by the feed."""

import json
from typing import Final

from sqlalchemy import Connection, bindparam, func, select

from field_core.canon import Body, Json, canonical_body, dump
from field_core.ids import review_key
from field_core.instants import ms_to_text
from field_core.merge import Loser
from field_core.operations import Operation, Set
from field_core.problems import Problem
from field_core.secrets import without_secrets
from server_sync.scope import OFFICE
from server_sync.store.documents import Doc
from server_sync.store.schema import doc
from server_sync.store.transaction import Transaction
from server_sync.sync.authors import author_of
from server_sync.sync.caller import Caller

DOCTYPE = "Sync Review"
OCR_DISAGREEMENT = "ocr-disagreement"
"""What was read of a label and nobody took: the value beside it stands (T-09)."""


def keep_loser(
    transaction: Transaction,
    loser: Loser,
    *,
    operation: Operation,
    caller: Caller,
    document: Doc | None,
    at: str,
) -> None:
    """Keep a value that was not taken; each value that the same edit meets is kept once."""
    lost = _json(loser.lost)
    key = review_key(operation.id, loser.field)
    kept_before = transaction.get(key)
    if kept_before and kept_before.body and kept_before.body.get("lost") != lost:
        key = review_key(f"{operation.id}|{lost}", loser.field)
    _keep(
        transaction,
        key,
        document,
        caller,
        {
            "reason": OCR_DISAGREEMENT if _is_suggestion(operation) else "conflict",
            "field": loser.field,
            "was": _json(loser.was),
            "kept": _json(loser.kept),
            "lost": lost,
            "at": at,
            "state": "open" if loser.is_open else "closed",
            **author_of(transaction, operation.key, loser.field, loser.kept),
        },
    )


def _is_suggestion(operation: Operation) -> bool:
    return isinstance(operation, Set) and operation.yields_to is not None


def keep_operation(
    transaction: Transaction,
    raw: object,
    *,
    problem: Problem,
    caller: Caller,
    at: str,
    n: int,
    is_settled: bool = False,
) -> str:
    """Keep a whole operation that was parked or refused; return the key of its review.

    is_settled: nobody has anything to decide; it is kept all the same.
    """
    op_id = raw.get("id") if isinstance(raw, dict) else None
    key = raw.get("key") if isinstance(raw, dict) else None
    document = transaction.get(key) if isinstance(key, str) and key else None
    unique = op_id if isinstance(op_id, str) else f"{caller.device}:{n}"
    kept = without_secrets(raw) if isinstance(raw, dict) else {"raw": str(raw)}
    review = review_key(unique, "")
    _keep(
        transaction,
        review,
        document,
        caller,
        {
            "reason": problem.code,
            **_said(problem),
            "operation": dump(kept),
            "at": at,
            "state": "closed" if is_settled else "open",
            "document_key": key if isinstance(key, str) else None,
        },
    )
    return review


def _said(problem: Problem) -> dict[str, Json]:
    """Return the ERP's own message, for whoever decides."""
    message = problem.details.get("message")
    return {"message": message} if isinstance(message, str) and message else {}


def keep_dropped(
    transaction: Transaction,
    *,
    operation: Operation,
    field: str,
    kept: Json,
    lost: Json,
    caller: Caller,
    document: Doc | None,
    at: str,
) -> None:
    """Keep a value that the ERP accepted and did not store."""
    _keep(
        transaction,
        review_key(operation.id, f"{field}|dropped"),
        document,
        caller,
        {
            "reason": "erp-refused",
            "field": field,
            "kept": _json(kept),
            "lost": _json(lost),
            "at": at,
            "state": "open",
        },
    )


def keep_late_work(transaction: Transaction, document: Doc, *, caller: Caller, at: str) -> None:
    """Tell the supervisor, once a job and technician, that work came after the job was closed."""
    key = review_key(f"{document.key}|{caller.name}", "late-work")
    if transaction.get(key) is None:
        _keep(
            transaction, key, document, caller, {"reason": "late-work", "at": at, "state": "open"}
        )


def _keep(
    transaction: Transaction,
    key: str,
    document: Doc | None,
    caller: Caller,
    facts: dict[str, Json],
) -> None:
    if transaction.get(key) is not None:  # the same loss, met again by a retry
        return
    about: dict[str, Json] = {}
    if document:
        about = {
            "document_key": document.key,
            "document_doctype": document.doctype,
            "document_name": document.erp_name,
        }
    body = canonical_body(
        {
            **facts,
            **{n: v for n, v in about.items() if v is not None},
            "technician": caller.technician,
            "by": caller.name,
            "device": caller.device,
            "received_at": ms_to_text(transaction.now_ms),
        }
    )
    transaction.put(Doc(key, DOCTYPE).with_body(body))


def _json(value: Json) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)


def stamp_resolution(transaction: Transaction, key: str, *, by: str) -> None:
    """Note who closed a review, and when."""
    review = transaction.get(key)
    assert review is not None, "a review that was just changed is there"
    body: Body = {
        **(review.body or {}),
        "resolved_by": by,
        "resolved_at": ms_to_text(transaction.now_ms),
    }
    transaction.put(review.with_body(body))


def is_create_waiting(transaction: Transaction, key: str) -> bool:
    """Tell whether a create of this document waits for a person."""
    return any(
        r.body.get("document_key") == key and '"kind":"create"' in str(r.body.get("operation"))
        for r in transaction.mentioning(DOCTYPE, key)
        if r.body.get("state") == "open"
    )


def concerning(connection: Connection, caller: Caller, *, state: str) -> list[tuple[str, Body]]:
    """Return reviews in a state, key and body: all of them to the office, a technician's own."""
    rows = connection.execute(_ALL, {"d": DOCTYPE})
    found: list[tuple[str, Body]] = [(row.key, json.loads(row.body)) for row in rows]
    return [
        (key, body)
        for key, body in found
        if body.get("state") == state
        and (
            caller.audience == OFFICE
            or (caller.technician is not None and body.get("technician") == caller.technician)
        )
    ]


def count_open(connection: Connection) -> int:
    """Return how many reviews wait for a person."""
    return int(connection.execute(_OPEN, {"d": DOCTYPE}).scalar_one())


_ALL: Final = select(doc.c.key, doc.c.body).where(
    doc.c.doctype == bindparam("d"), doc.c.body.is_not(None)
)
_OPEN: Final = (
    select(func.count())
    .select_from(doc)
    .where(doc.c.doctype == bindparam("d"), doc.c.body.like('%"state":"open"%'))
)
