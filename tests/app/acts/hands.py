"""What the tests of acts look at: a document as shown, what was recorded, what is offered."""

from typing import Any

from field_app.ports import NewEquipment
from field_app.sync.replica import Replica
from field_core.operations import Append, Operation
from field_core.problems import Problem
from tests.app.making import key

PICTURE = b"\xff\xd8\xff\xe0 a picture"
ONT = NewEquipment("ONT", mac_address="A4:2B:B0:1C:9F:3E")


def body(replica: Replica, doc_key: str = key(1)) -> dict[str, Any]:
    held = replica.document(doc_key)
    assert held is not None
    return held.body


def rows(replica: Replica, table: str, doc_key: str = key(1)) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = body(replica, doc_key).get(table) or []
    return found


def one(made: Operation | Problem) -> Operation:
    """Return what an act of one part recorded."""
    assert not isinstance(made, Problem)
    return made


def row_id(made: Operation | Problem) -> str:
    assert isinstance(made, Append)
    return made.item_id


def kinds(replica: Replica) -> list[tuple[str, str | None]]:
    return [(e.kind, e.group_id) for e in sorted(replica.outbox.entries(), key=lambda e: e.n)]


def numbers(replica: Replica) -> list[int]:
    return sorted(entry.n for entry in replica.outbox.entries())


def offer(replica: Replica) -> None:
    """Have everything leave the device, with no answer yet."""
    replica.offer(100)
