"""A data set on a server: loaded, changed and moved through the store, as the office would."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from benchmarks.sync_phases.dataset import body_of, key_of, rows
from benchmarks.sync_phases.people import PASSWORD, email_of
from field_core.canon import Body
from field_core.capabilities import Role
from server_sync.accounts import Person
from server_sync.compose import Server
from server_sync.scope import EVERYBODY
from server_sync.store.documents import Doc
from server_sync.store.schema import erp_out
from server_sync.store.transaction import Transaction
from server_sync.sync import ingest

PER_TRANSACTION: Final = 200
"""What one poll of an ERP brings at most."""


def load(server: Server, data: Path) -> list[str]:
    """Put `base.jsonl` on a server, with an account for each technician; return those."""
    listed = {who for row in rows(data, "base.jsonl") for who in row["scope"]}
    technicians = sorted(listed - {EVERYBODY})
    for who in technicians:
        person = Person(email_of(who), who, (Role.TECHNICIAN,), who)
        server.accounts.add(person, password=PASSWORD)
    put(server, rows(data, "base.jsonl"))
    return technicians


def put(server: Server, documents: Iterable[dict[str, Any]]) -> int:
    """Write documents of the data set as if the ERP had told them; return how many."""
    done = 0
    for batch in _batches(documents):
        server.store.transact(lambda tx, batch=batch: _put(tx, batch))  # type: ignore[misc]  # the batch of this turn, bound now
        done += len(batch)
    return done


def _batches(documents: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    source = iter(documents)
    while batch := list(islice(source, PER_TRANSACTION)):
        yield batch


def _put(transaction: Transaction, batch: list[dict[str, Any]]) -> None:
    transaction.prefetch(key_of(row["doctype"], row["name"]) for row in batch)
    for row in batch:
        key = key_of(row["doctype"], row["name"])
        have = transaction.get(key) or Doc(key, row["doctype"])
        transaction.put(replace(have.with_body(body_of(row)), erp_name=row["name"]))


def apply_delta(server: Server, data: Path) -> int:
    """Change documents as `delta.jsonl` says; return how many."""
    return put(server, rows(data, "delta.jsonl"))


def apply_moves(server: Server, data: Path) -> int:
    """Give jobs to who `moves.jsonl` names, or to nobody; return how many."""
    moves = list(rows(data, "moves.jsonl"))

    def work(transaction: Transaction) -> None:
        for move in moves:
            document = transaction.get(key_of(move["doctype"], move["name"]))
            assert document is not None, "moves name documents of the base"
            scope: Body = {"scope": [move["to"]] if move["to"] else []}
            transaction.put(document.with_body({**(document.body or {}), **scope}))

    server.store.transact(work)
    return len(moves)


def settle(server: Server) -> int:
    """Let the office have all that waits for it, as a write-back does in seconds; return how many.

    This server has no ERP, and a device keeps a photo until the office has it.
    """

    def work(transaction: Transaction) -> int:
        ids = transaction.connection.execute(
            select(erp_out.c.id).where(erp_out.c.state == "waiting")
        ).all()
        ingest.settle_stored(transaction, [row.id for row in ids])
        return len(ids)

    return server.store.transact(work)
