"""What a contact tells of the device itself: when, how its clock stands, what it still holds."""

import json
from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection, bindparam, select, update

from field_core.wire import HeadFact, SyncRequest
from server_sync.store.schema import device
from server_sync.store.store import Store

SEEN_EVERY_MS: Final = 60_000
"""How often an idle device's contact is noted: a poll is a read, or 200 phones would write."""
HEADS_MAX: Final = 16
"""Facts a device may tell of itself: three times what the app tells today."""
FACT_CHARACTERS_MAX: Final = 64
"""A version with its build; longer texts are no facts."""


def note_seen(store: Store, request: SyncRequest, device_id: str) -> int:
    """Return a device's last number; note the contact when the last note is old.

    What the device tells of itself is noted at once: it is told only when it has changed.
    """
    with store.read() as connection:
        row = connection.execute(_CONTACT, {"d": device_id}).one()
    now = store.now_ms()
    if request.heads or now - row.seen_ms >= SEEN_EVERY_MS:
        store.database.run(lambda c: note(c, request, device_id, now_ms=now))
    return int(row.last_n)


def note(connection: Connection, request: SyncRequest, device_id: str, *, now_ms: int) -> None:
    """Write a contact down; what the device told of itself before stays until it tells anew."""
    told: dict[str, object] = {}
    if request.heads:
        told = {"heads": json.dumps(_facts(request.heads)), "heads_ms": now_ms}
    connection.execute(
        _SEEN,
        {
            "b_d": device_id,
            "seen_ms": now_ms,
            "skew_ms": _within(request.now.wall_ms - now_ms, bits=62),
            "proto": _within(request.proto, bits=30),
            "schema_app": _within(request.schema_app, bits=30),
            **told,
        },
    )


def _facts(heads: Mapping[str, HeadFact]) -> dict[str, HeadFact]:
    """Keep of what a device says no more than the office can read."""
    return {
        name[:FACT_CHARACTERS_MAX]: (
            fact[:FACT_CHARACTERS_MAX] if isinstance(fact, str) else _within(fact, bits=62)
        )
        for name, fact in [*heads.items()][:HEADS_MAX]
    }


def _within(number: int, *, bits: int) -> int:
    """Keep a number from outside within what a column holds."""
    return max(-(1 << bits), min(number, 1 << bits))


_CONTACT: Final = select(device.c.last_n, device.c.seen_ms).where(device.c.id == bindparam("d"))
_SEEN: Final = update(device).where(device.c.id == bindparam("b_d"))
