"""How far what was done here to a job's rows and devices has come, for the chip beside each."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from field_app.ports import SendState
from field_app.sync.outbox import Entry
from field_app.sync.queries import state_of
from field_app.sync.replica import Replica
from field_core.canon import Body

_WORST_FIRST: Final = (
    SendState.NEEDS_YOU,
    SendState.NEEDS_REVIEW,
    SendState.ON_DEVICE,
    SendState.RECEIVED,
    SendState.IN_OFFICE,
    SendState.CLOSED,
)
"""What a person has to know of several operations on one thing."""


def row_states(replica: Replica, keys: Iterable[str]) -> Mapping[str, SendState]:
    """Return the state of each row, by its id, and of each document, by its key.

    A value of a document that lost against a colleague's waits for the office even when the
    operation itself was taken (T-16).
    """
    wanted = json.dumps([*keys])
    found: dict[str, SendState] = {}
    for entry in _entries(replica, wanted):
        state = state_of(entry)
        for name in _touched(entry):
            found[name] = _worse(found.get(name), state)
    for key in _under_review(replica, wanted):
        found[key] = _worse(found.get(key), SendState.NEEDS_REVIEW)
    return found


def _worse(one: SendState | None, other: SendState) -> SendState:
    return other if one is None else min(one, other, key=_WORST_FIRST.index)


def _entries(replica: Replica, keys: str) -> Iterator[Entry]:
    rows = replica.db.conn.execute(
        "SELECT id, device, n, key, doctype, kind, operation, at, made_ms, group_id, verdict, "
        "seq, problem, details, office, settled_ms FROM outbox "
        "WHERE key IN (SELECT value FROM json_each(?))",
        (keys,),
    )
    for row in rows:
        values: list[Any] = [*row]
        values[6] = json.loads(values[6])
        values[13] = None  # nobody reads the details of a chip
        yield Entry(*values)


def _touched(entry: Entry) -> set[str]:
    """Return the ids of rows, or the key of the document, that an operation was about."""
    operation: Body = entry.operation
    match entry.kind:
        case "append" | "attach":
            return {str(operation.get("item_id") or entry.id)}
        case "transition":
            return {entry.id}
        case "set":
            fields: Any = operation.get("fields") or {}
            return {_row_of(path) or entry.key for path in fields}
        case _:
            return {entry.key}


def _row_of(path: str) -> str:
    """Return the row of `table.row.field`; a field of the document itself has none."""
    return path.partition(".")[2].rpartition(".")[0]


def _under_review(replica: Replica, keys: str) -> list[str]:
    rows = replica.db.conn.execute(
        "SELECT DISTINCT document_key FROM sync_review WHERE state = 'open' "
        "AND document_key IN (SELECT value FROM json_each(?))",
        (keys,),
    )
    return [row[0] for row in rows]
