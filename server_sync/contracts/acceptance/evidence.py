"""Evidence of who agreed to what: rows only added, each with the hash of the one before.

Québec's law on information technology (LCCJTI, s. 5, 38, 39) and C.c.Q. 2827 take any process that
identifies the person, shows intent and keeps the document's integrity. A changed or missing row
breaks the chain from there on, which `first_break` finds.
"""

import hashlib
from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection, insert, select

from field_core.canon import Json, dump
from server_sync.store.schema import evidence

START: Final = "0" * 64


def add(connection: Connection, body: Mapping[str, Json], *, now_ms: int) -> str:
    """Add a row and return its hash. The caller holds the writing transaction."""
    before = connection.execute(
        select(evidence.c.hash).order_by(evidence.c.id.desc()).limit(1).with_for_update()
    ).scalar()
    text = dump(dict(body))
    made = _hash(before or START, text)
    connection.execute(
        insert(evidence),
        {"prev_hash": before or START, "hash": made, "body": text, "at_ms": now_ms},
    )
    return made


def first_break(connection: Connection) -> int | None:
    """Return the id of the first row that does not follow from the one before; None if all do."""
    before = START
    for row in connection.execute(select(evidence).order_by(evidence.c.id)):
        if row.prev_hash != before or row.hash != _hash(before, row.body):
            return int(row.id)
        before = row.hash
    return None


def _hash(before: str, text: str) -> str:
    return hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()
