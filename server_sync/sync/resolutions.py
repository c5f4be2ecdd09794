"""Settling a review: keep what is, note that it was seen, or have the kept work done after all.

`apply` runs the operation that was parked, or the value that lost, against the document as it is
now, with the rights of who decides. It ends in a document change and work for the ERP like any
operation, and the technician's outbox hears that the office has it.
"""

import json
import uuid
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from pydantic import ValidationError
from sqlalchemy import bindparam, insert, select

from field_core import merge, operations
from field_core.authorship import Author, signed
from field_core.canon import Body, Json
from field_core.capabilities import refusal
from field_core.device_time import Stamp
from field_core.doctypes import spec_of
from field_core.instants import ms_to_text
from field_core.operations import Attach, Create, Operation, Set, Transition
from field_core.problems import Problem, ProblemError
from server_sync.accounts import people
from server_sync.store.documents import Doc
from server_sync.store.schema import blob_ref
from server_sync.store.transaction import ErpWork, Transaction
from server_sync.sync.caller import Caller
from server_sync.sync.remerge import value_at
from server_sync.sync.reviews import DOCTYPE, stamp_resolution

_NAMESPACE: Final = uuid.UUID("b1f1a5f0-4f0e-5f39-9f1b-2f1f0f0c6a77")
_REASON: Final = "review"


class Resolution(StrEnum):
    """What a person decides about a review."""

    KEEP = "keep"
    APPLY = "apply"
    ACKNOWLEDGE = "acknowledge"


@dataclass(frozen=True, slots=True)
class _Kept:
    """What a review kept: the operation to run, and whose outcome follows it."""

    operation: Operation
    device: str
    n: int
    who: str | None
    """Who did it: a technician, or an account."""


def resolve(transaction: Transaction, key: str, resolution: Resolution, caller: Caller) -> Body:
    """Close a review; the same decision again changes nothing. Returns its body.

    Raises ProblemError `unknown-document`, `changed-since` when it was settled otherwise, or why
    what it kept cannot be applied; then it stays open.
    """
    review = transaction.get(key)
    if review is None or review.doctype != DOCTYPE or review.body is None:
        raise ProblemError("unknown-document")
    if review.body.get("state") != "open":
        if review.body.get("resolution") == resolution:
            return review.body
        raise ProblemError("changed-since")
    if resolution is Resolution.APPLY:
        problem = apply_kept(transaction, review, caller)
        if problem:
            raise ProblemError(problem.code, **problem.details)
    transaction.put(
        review.with_body({**review.body, "state": "closed", "resolution": resolution.value})
    )
    stamp_resolution(transaction, key, by=caller.name)
    closed = transaction.get(key)
    assert closed is not None, "a review that was just put is there"
    return closed.body or {}


def apply_kept(transaction: Transaction, review: Doc, caller: Caller) -> Problem | None:
    """Do what a review kept; return why it cannot be done, or None when it is."""
    kept = _read(review, _author(transaction, review.body or {}))
    if isinstance(kept, Problem):
        return kept
    document = transaction.get(kept.operation.key)
    if isinstance(kept.operation, Create):
        document = document or Doc(kept.operation.key, kept.operation.doctype)
    if document is None or (document.rev and document.body is None):
        return Problem("document-removed" if document else "unknown-document")
    operation = _forced(kept.operation, document.body, caller)
    body = document.body or {}
    spec = spec_of(document.doctype)
    problem = refusal(operation, spec=spec, held=caller.held, status=body.get("status"))
    if problem:
        return problem
    when = _when(review, transaction.now_ms)
    result = merge.apply(operation, document.body, spec=spec, when=when)
    if result.verdict.is_kept_for_review or result.losers:
        return result.problem or Problem("changed-since")
    _take(transaction, document, result.body, operation, kept, when)
    return None


def _take(
    transaction: Transaction,
    document: Doc,
    after: Body | None,
    operation: Operation,
    kept: _Kept,
    when: str,
) -> None:
    if isinstance(operation, Attach):
        refer(transaction, operation.sha256, operation.key, operation.role)
    is_work = after != document.body and spec_of(document.doctype).is_in_erp
    if after != document.body:
        transaction.put(document.with_body(after))
    if is_work:
        transaction.add_erp_work(
            ErpWork(
                document.key,
                kept.device,
                kept.n,
                operation.id,
                operations.to_json(operation),
                when,
                kept.who,
            )
        )
    transaction.settle(kept.device, kept.n, "waiting" if is_work else "stored")


def _author(transaction: Transaction, body: Body) -> Author:
    """Return who did what a review kept."""
    technician, by = body.get("technician"), body.get("by")
    account = by if isinstance(by, str) else ""
    person = people.find(transaction.connection, account)
    return Author(
        technician if isinstance(technician, str) else None,
        person.full_name if person else "",
        account,
    )


def _read(review: Doc, author: Author) -> _Kept | Problem:
    """Return what a review kept, as an operation of whoever did it."""
    body = review.body or {}
    who = author.technician or author.account or None
    text = body.get("operation")
    if isinstance(text, str):
        try:
            operation = operations.parse(json.loads(text))
        except (ValidationError, ValueError):
            return Problem("bad-request", {"reason": "operation"})
        if who:
            operation = signed(operation, author)
        return _Kept(operation, str(body.get("device") or ""), operation.n, who)
    operation_lost = _from_lost(review.key, body)
    if operation_lost is None:
        return Problem("invalid-value", {"field": "resolution"})
    return _Kept(operation_lost, f"review:{review.key}", 1, who)


def _from_lost(key: str, body: Body) -> Operation | None:
    """Make an operation of a value that lost; its id follows from the review: made once."""
    field, target = body.get("field"), body.get("document_key")
    if not isinstance(field, str) or not isinstance(target, str):
        return None
    lost = _json(body.get("lost"))
    made: dict[str, Any] = {
        "id": str(uuid.uuid5(_NAMESPACE, key)),
        "n": 1,
        "key": target,
        "at": Stamp(0, 0, ""),
    }
    if field == "status":
        made |= {"kind": "transition", "from": "", "to": str(lost), "reason": _REASON}
    elif isinstance(lost, dict) and field.count(".") == 1:
        row = {name: value for name, value in lost.items() if name != "id"}
        made |= {
            "kind": "append",
            "list": field.partition(".")[0],
            "item_id": made["id"],
            "item": row,
        }
    else:
        made |= {"kind": "set", "fields": {field: (None, lost)}}
    return operations.parse(made)


def _forced(operation: Operation, body: Body | None, caller: Caller) -> Operation:
    """Return the operation as if it had been made on the document as it is now.

    A move that lost names nobody: it is made by who decides that it be made.
    """
    now = body or {}
    match operation:
        case Set():
            fields = {
                path: (value_at(now, path), edit[1]) for path, edit in operation.fields.items()
            }
            return operation.model_copy(update={"fields": fields})
        case Transition():
            return operation.model_copy(
                update={
                    "from_status": str(now.get("status") or ""),
                    "reason": operation.reason or _REASON,
                    "by": operation.by or caller.signature,
                }
            )
        case Attach() if not operation.list_name:
            was = now.get(operation.field or operation.role)
            return operation.model_copy(update={"item": {**operation.item, "was": was}})
        case _:
            return operation


def _when(review: Doc, now_ms: int) -> str:
    at = (review.body or {}).get("at")
    return at if isinstance(at, str) else ms_to_text(now_ms)


def _json(text: Json) -> Json:
    parsed: Json = json.loads(text) if isinstance(text, str) else None
    return parsed


def refer(transaction: Transaction, sha256: str, key: str, role: str) -> None:
    """Note that a document refers to a blob: it is kept, and who holds the document may see it."""
    if transaction.connection.execute(_HAS_BLOB_REF, {"h": sha256, "k": key}).first() is None:
        transaction.connection.execute(_ADD_BLOB_REF, {"sha256": sha256, "key": key, "role": role})


_ADD_BLOB_REF: Final = insert(blob_ref)
_HAS_BLOB_REF: Final = select(blob_ref.c.role).where(
    blob_ref.c.sha256 == bindparam("h"), blob_ref.c.key == bindparam("k")
)
