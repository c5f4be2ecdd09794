"""Withdrawing operations that nobody was offered yet, as if they had never been done.

Only what never left this device may go without a trace, and only when nothing done since stands
on it. Numbers close up, since the server takes them without gaps.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from field_app.sync import view
from field_app.sync.replica import Replica
from field_core.canon import Body, dump


class _Row(NamedTuple):
    id: str
    device: str
    n: int
    key: str
    kind: str
    operation: Body
    group_id: str | None
    is_free: bool
    """Neither offered nor answered."""


def withdraw(replica: Replica, ids: Sequence[str]) -> bool:
    """Take an act's operations out of outbox and view; False when that is not possible any more."""
    with replica.db.atomic():
        rows = _rows(replica)
        gone = [row for row in rows if row.id in ids]
        if len(gone) != len(ids) or not gone or not all(row.is_free for row in gone):
            return False
        later = [row for row in rows if row.id not in ids and row.n > gone[0].n]
        if _is_group_cut(gone, rows) or _is_built_upon(gone, later):
            return False
        _take_out(replica, gone, later)
        _drop_blobs(replica, gone)
        view.rebuild(replica.db, {row.key for row in gone}, replica.outbox)
    return True


def _rows(replica: Replica) -> list[_Row]:
    """Return what is unanswered, in order of number; what is answered is no longer ours alone."""
    rows = replica.db.conn.execute(
        "SELECT id, device, n, key, kind, operation, group_id, offered = 0 AND seq = 0 "
        "FROM outbox WHERE verdict IS NULL ORDER BY n"
    )
    return [
        _Row(i, device, n, key, kind, json.loads(text), group, bool(is_free))
        for i, device, n, key, kind, text, group, is_free in rows
    ]


def _is_group_cut(gone: Iterable[_Row], rows: Iterable[_Row]) -> bool:
    groups = {row.group_id for row in gone if row.group_id}
    ids = {row.id for row in gone}
    return any(row.group_id in groups and row.id not in ids for row in rows)


def _is_built_upon(gone: Iterable[_Row], later: Sequence[_Row]) -> bool:
    """Tell whether something done since names what would go: a row, a document, a field."""
    return any(_names(other, row) for row in gone for other in later)


def _names(other: _Row, gone: _Row) -> bool:
    if gone.kind == "create":
        return gone.key in dump(other.operation)
    if other.key != gone.key:
        return False
    match gone.kind:
        case "set":
            return other.kind == "set" and not _fields(gone).isdisjoint(_fields(other))
        case "transition":
            return other.kind == "transition"
        case _:
            return _mark(gone) in dump(other.operation)


def _fields(row: _Row) -> set[str]:
    fields: Any = row.operation.get("fields")
    return {*fields}


def _mark(row: _Row) -> str:
    """Return what a later operation would name a row or a file by."""
    return str(row.operation.get("item_id") or row.operation.get("sha256") or row.id)


def _take_out(replica: Replica, gone: Sequence[_Row], later: Sequence[_Row]) -> None:
    run, first = replica.db.conn.execute, gone[0].n
    replica.db.conn.executemany("DELETE FROM outbox WHERE id = ?", [(row.id,) for row in gone])
    for n, row in enumerate(sorted(later, key=lambda r: r.n), start=first):
        run(
            "UPDATE outbox SET n = ?, operation = ? WHERE id = ?",
            (n, dump({**row.operation, "n": n}), row.id),
        )
    run(
        "UPDATE meta SET value = ? WHERE name = 'last_n' AND CAST(value AS INTEGER) >= ?",
        (str(first - 1), first),
    )


def _drop_blobs(replica: Replica, gone: Iterable[_Row]) -> None:
    """A photo that is referred to nowhere any more need not go up; its file is cleaned later."""
    for row in gone:
        sha256 = row.operation.get("sha256")
        if row.kind == "attach":
            replica.db.conn.execute(
                "DELETE FROM blob WHERE sha256 = ?1 AND verified_ms IS NULL AND NOT EXISTS "
                "(SELECT 1 FROM outbox WHERE kind = 'attach' AND "
                "json_extract(operation, '$.sha256') = ?1)",
                (sha256,),
            )
