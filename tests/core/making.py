"""Small factories: an operation or a job with only what the test is about spelled out."""

from field_core.canon import Body, Json
from field_core.device_time import Stamp
from field_core.doctypes import spec_of
from field_core.merge import Result, apply
from field_core.operations import (
    Append,
    Attach,
    Create,
    Operation,
    Remove,
    Set,
    Transition,
)

KEY = "0197a000-0000-7000-8000-000000000001"
OP_ID = "0197a000-0000-7000-8000-0000000000aa"
SHA = "ab" * 32
NOON = "2026-04-27T16:00:00.000000Z"
JOB = spec_of("Dispatch Job")


def op_id(n: int) -> str:
    return f"0197a000-0000-7000-8000-{n:012x}"


def stamp(wall_ms: int = 1_777_000_000_000, mono_ms: int = 5_000, boot: str = "boot-1") -> Stamp:
    return Stamp(wall_ms, mono_ms, boot)


def edit(fields: dict[str, tuple[Json, Json]], *, n: int = 1) -> Set:
    return Set(id=op_id(n), n=n, key=KEY, at=stamp(), fields=fields)


def moving(to: str, *, seen: str = "On Site", reason: str | None = None, n: int = 1) -> Transition:
    return Transition(
        id=op_id(n),
        n=n,
        key=KEY,
        at=stamp(),
        from_status=seen,
        to_status=to,
        reason=reason,
        by="DT-00007",
    )


def adding(table: str, item_id: str, item: Body, *, n: int = 1) -> Append:
    return Append(
        id=op_id(n), n=n, key=KEY, at=stamp(), list_name=table, item_id=item_id, item=item
    )


def photo(item_id: str | None = "p1", *, n: int = 1, item: Body | None = None) -> Attach:
    return Attach(
        id=op_id(n),
        n=n,
        key=KEY,
        at=stamp(),
        sha256=SHA,
        size=20_000,
        mime="image/jpeg",
        role="photo",
        list_name="photos",
        item_id=item_id,
        item=item or {},
    )


def signature(*, was: str | None = None, field: str | None = "signature", n: int = 1) -> Attach:
    return Attach(
        id=op_id(n),
        n=n,
        key=KEY,
        at=stamp(),
        sha256=SHA,
        size=4_000,
        mime="image/png",
        role="signature",
        field=field,
        item={"was": was},
    )


def creating(doctype: str, body: Body, *, n: int = 1) -> Create:
    return Create(id=op_id(n), n=n, key=KEY, at=stamp(), doctype=doctype, body=body)


def removing(*, n: int = 1) -> Remove:
    return Remove(id=op_id(n), n=n, key=KEY, at=stamp(), reason="made twice")


def job(**fields: Json) -> Body:
    return {"subject": "Install", "status": "On Site", **fields}


def applied(operation: Operation, body: Body | None) -> Result:
    """Apply an operation to a job at noon."""
    return apply(operation, body, spec=JOB, when=NOON)
