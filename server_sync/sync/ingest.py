"""Taking in what the ERP says: its document, with the operations it has not got yet on top.

The same `replay` idea as on a device: body = the ERP's word + what still waits to be written there.
A poll, a sweep, a webhook and the read-back after a write all end here, so an echo of our own
write changes nothing.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Row, bindparam, select, update

from field_core import operations
from field_core.canon import Body
from field_core.doctypes import spec_of
from field_core.merge import Loser
from field_core.problems import Problem
from server_sync.store.documents import Doc
from server_sync.store.schema import erp_out
from server_sync.store.transaction import Transaction
from server_sync.sync import reviews
from server_sync.sync.caller import Caller
from server_sync.sync.remerge import Resolve, Work, merge_again

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
    have = _alone_in_name(transaction, incoming)
    if have and have.erp_body == incoming.body and have.erp_name == incoming.name:
        if have.erp_modified != incoming.modified:
            transaction.put(replace(have, erp_modified=incoming.modified))
        return False
    _take(transaction, have, incoming)
    return True


def take_back(transaction: Transaction, incoming: Incoming) -> None:
    """Take the ERP's document in even if it is the one we know: what waited may be settled now."""
    _take(transaction, _alone_in_name(transaction, incoming), incoming)


def _take(transaction: Transaction, have: Doc | None, incoming: Incoming) -> None:
    told = replace(
        have or Doc(incoming.key, incoming.doctype, body=incoming.body),
        erp_name=incoming.name,
        erp_body=incoming.body,
        erp_modified=incoming.modified,
    )
    if have is None:  # nobody can have worked on it yet
        transaction.put(told)
    else:
        put_rebuilt(transaction, told)


def put_rebuilt(transaction: Transaction, document: Doc) -> None:
    """Stage a document with its body worked out anew; 5 and 5.0 are not news to anybody."""
    body = rebuilt(transaction, document)
    transaction.put(document.with_body(document.body if document.body == body else body))


def _alone_in_name(transaction: Transaction, incoming: Incoming) -> Doc | None:
    """Return ours; another one of the name is gone, as ERPNext hands series numbers out again."""
    have = transaction.get(incoming.key)
    if have and have.body is not None and have.erp_name == incoming.name:
        return have
    holder = transaction.named(incoming.doctype, incoming.name)
    if holder and holder.key != incoming.key:
        vanish(transaction, holder.key)
    return have


def rebuilt(transaction: Transaction, document: Doc) -> Body | None:
    """Return the ERP's body with our waiting operations and server-only fields on top."""
    body: Body | None = document.erp_body
    spec = spec_of(document.doctype)
    if body is not None and document.body:
        local = {
            n: document.body[n] for n, c in spec.columns.items() if c.local and n in document.body
        }
        body = {**body, **local}
    work = [
        Work(row, operations.parse(json.loads(row.operation)))
        for row in waiting(transaction, document.key)
    ]
    if not work:
        return body
    merged = merge_again(body, work, spec=spec, resolve=names_of(transaction))
    keep_losers(transaction, merged.losers, document)
    return merged.body


def keep_losers(
    transaction: Transaction, losers: Iterable[tuple[Work, Loser]], document: Doc
) -> None:
    """Keep what waiting operations lost, or won over, when they met the ERP's word."""
    for work, loser in losers:
        reviews.keep_loser(
            transaction,
            loser,
            operation=work.operation,
            caller=actor_of(work.row),
            document=document,
            at=work.row.at,
        )


def names_of(transaction: Transaction) -> Resolve:
    """Return the look-up from a document's key to the name the ERP gave it."""

    def resolve(doctype: str, key: str) -> str | None:
        found = transaction.get(key)
        return found.erp_name if found and found.doctype == doctype else None

    return resolve


def waiting(transaction: Transaction, key: str) -> Iterator[Any]:
    """Return the operations on a document that the ERP has not got yet, oldest first."""
    return iter(transaction.connection.execute(_WAITING, {"k": key}).all())


def actor_of(row: Row[Any]) -> Caller:
    """Return who did what waits in an `erp_out` row: an account is an address, a name is none."""
    who = row.by_technician or ""
    return Caller(
        account=who,
        device=row.device,
        technician=None if "@" in who else who or None,
        audience="",
        held=frozenset(),
    )


def vanish(transaction: Transaction, key: str) -> None:
    """The ERP no longer has this document: it is removed here, and what waited is parked."""
    document = transaction.get(key)
    if document is None or document.body is None:
        return
    park_waiting(transaction, document, "document-removed")
    transaction.put(replace(document, body=None, erp_body=None, erp_modified=None))


def park_waiting(
    transaction: Transaction,
    document: Doc,
    code: str,
    details: Body | None = None,
    *,
    only: Callable[[Any], bool] = bool,
) -> None:
    """Put waiting operations of a document before a person, and tell their devices."""
    for row in filter(only, waiting(transaction, document.key)):
        reviews.keep_operation(
            transaction,
            json.loads(row.operation),
            problem=Problem(code, details or {}),
            caller=actor_of(row),
            at=row.at,
            n=row.n,
        )
        put_aside(transaction, row, code, details or {})


def put_aside(transaction: Transaction, row: Row[Any], code: str, details: Body) -> None:
    """Take an operation out of the way to the ERP: a person decides; its device is told."""
    transaction.settle(row.device, row.n, "review", problem=code, details=details)
    transaction.connection.execute(_REVIEWED, {"b_id": row.id})


def settle_stored(transaction: Transaction, ids: list[int]) -> None:
    """Note that the ERP has these operations, and tell their devices."""
    for row in transaction.connection.execute(_STORED, {"b_ids": ids}) if ids else ():
        transaction.settle(row.device, row.n, "stored")


_WAITING = (
    select(erp_out)
    .where(erp_out.c.key == bindparam("k"), erp_out.c.state == WAITING)
    .order_by(erp_out.c.id)
)
_STORED = (
    update(erp_out)
    .where(erp_out.c.id.in_(bindparam("b_ids", expanding=True)), erp_out.c.state == WAITING)
    .values(state="stored")
    .returning(erp_out.c.device, erp_out.c.n)
)
_REVIEWED = update(erp_out).where(erp_out.c.id == bindparam("b_id")).values(state="review")
