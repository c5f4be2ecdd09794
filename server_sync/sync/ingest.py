"""Taking in what the ERP says: its document, with the operations it has not got yet on top.

The same `replay` idea as on a device: body = the ERP's word + what still waits to be written there.
A poll, a sweep, a webhook and the read-back after a write all end here, so an echo of our own
write changes nothing.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import bindparam, select, update

from field_core import merge, operations
from field_core.canon import Body
from field_core.doctypes import spec_of
from field_core.problems import Problem
from server_sync.store.documents import Doc
from server_sync.store.schema import erp_out
from server_sync.store.transaction import Transaction
from server_sync.sync import reviews
from server_sync.sync.push import Caller

WAITING: Final = "waiting"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A document as the ERP has it, in our form (see `erp.codec`)."""

    key: str
    doctype: str
    name: str
    body: Body
    modified: str


def take_in(transaction: Transaction, incoming: Incoming) -> bool:
    """Bring our document up to the ERP's; return whether anything was news."""
    _displace(transaction, incoming)
    have = transaction.get(incoming.key)
    if have and have.erp_body == incoming.body and have.erp_name == incoming.name:
        if have.erp_modified != incoming.modified:
            transaction.put(replace(have, erp_modified=incoming.modified))
        return False
    have = have or Doc(incoming.key, incoming.doctype)
    fresh = replace(have, erp_name=incoming.name, erp_body=incoming.body,
                    erp_modified=incoming.modified)
    transaction.put(fresh.with_body(rebuilt(transaction, fresh)))
    return True


def _displace(transaction: Transaction, incoming: Incoming) -> None:
    """Another document under this name is gone: ERPNext hands series numbers out again."""
    holder = transaction.named(incoming.doctype, incoming.name)
    if holder and holder.key != incoming.key:
        vanish(transaction, holder.key)


def rebuilt(transaction: Transaction, document: Doc) -> Body | None:
    """Return the ERP's body with our waiting operations and server-only fields on top."""
    body: Body | None = document.erp_body
    spec = spec_of(document.doctype)
    if body is not None and document.body:
        local = {n: document.body[n] for n, c in spec.columns.items()
                 if c.local and n in document.body}
        body = {**body, **local}
    for row in waiting(transaction, document.key):
        operation = operations.parse(json.loads(row.operation))
        result = merge.apply(operation, body, spec=spec, when=row.at)
        for loser in result.losers:
            reviews.keep_loser(transaction, loser, operation=operation, caller=actor_of(row),
                               document=document, at=row.at)
        body = result.body
    return body


def waiting(transaction: Transaction, key: str) -> Iterator[Any]:
    """Return the operations on a document that the ERP has not got yet, oldest first."""
    return iter(transaction.connection.execute(_WAITING, {"k": key}).all())


def actor_of(row: Any) -> Caller:
    """Return who did what waits in an `erp_out` row."""
    return Caller(account=row.by_technician or "", device=row.device,
                  technician=row.by_technician, audience="", held=frozenset())


def vanish(transaction: Transaction, key: str) -> None:
    """The ERP no longer has this document: it is removed here, and what waited is parked."""
    document = transaction.get(key)
    if document is None or document.body is None:
        return
    park_waiting(transaction, document, "document-removed")
    transaction.put(replace(document, body=None, erp_body=None, erp_modified=None))


def park_waiting(transaction: Transaction, document: Doc, code: str,
                 details: Body | None = None, *, only: Callable[[Any], bool] = bool) -> None:
    """Put waiting operations of a document before a person, and tell their devices."""
    for row in filter(only, waiting(transaction, document.key)):
        reviews.keep_operation(
            transaction, json.loads(row.operation), problem=Problem(code, details or {}),
            caller=actor_of(row), at=row.at, n=row.n)
        transaction.settle(row.device, row.n, "review", problem=code, details=details)
        transaction.connection.execute(_STATE, {"b_id": row.id, "state": "review"})


def settle_stored(transaction: Transaction, ids: list[int]) -> None:
    """Note that the ERP has these operations, and tell their devices."""
    for row in transaction.connection.execute(_BY_IDS, {"i": ids}).all():
        transaction.settle(row.device, row.n, "stored")
        transaction.connection.execute(_STATE, {"b_id": row.id, "state": "stored"})


_WAITING = select(erp_out).where(
    erp_out.c.key == bindparam("k"), erp_out.c.state == WAITING).order_by(erp_out.c.id)
_BY_IDS = select(erp_out).where(
    erp_out.c.id.in_(bindparam("i", expanding=True)), erp_out.c.state == WAITING)
_STATE = update(erp_out).where(erp_out.c.id == bindparam("b_id")).values(state=bindparam("state"))
