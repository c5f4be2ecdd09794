"""Whether the server holds what a device recorded: every fact there, and there once."""

from collections.abc import Iterable, Sequence
from typing import Any

from benchmarks.sync_phases.facts import Fact
from field_core.canon import Body
from server_sync.compose import Server
from server_sync.store.transaction import Transaction


def check(server: Server, facts: Sequence[Fact]) -> list[str]:
    """Return what is missing, doubled or different on the server, in words; empty: all is well."""

    def work(transaction: Transaction) -> list[str]:
        bodies: dict[str, Body] = {}
        for fact in facts:
            found = transaction.get(fact.key)
            bodies[fact.key] = (found.body if found else None) or {}
        return [fault for fact in facts for fault in _faults(fact, bodies[fact.key])]

    return server.store.transact(work)


def _faults(fact: Fact, body: Body) -> Iterable[str]:
    place = f"{fact.key} {fact.table} {fact.row} {fact.field}"
    if fact.table is None:
        if body.get(str(fact.field)) != fact.value:
            yield f"{place}: {body.get(str(fact.field))}"
        return
    rows: Any = body.get(fact.table) or []
    found = [row for row in rows if row.get("id") == fact.row]
    if len(found) != 1:
        yield f"{place}: there {len(found)} times"
    elif fact.field and found[0].get(fact.field) != fact.value:
        yield f"{place}: {found[0].get(fact.field)}"
