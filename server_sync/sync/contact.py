"""What a contact tells of the device itself: when, how its clock stands, what it still holds."""

import json
from collections.abc import Mapping
from typing import Final, NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from field_core.wire import HeadFact, SyncRequest
from server_sync.store.schema import device

SEEN_EVERY_MS: Final = 60_000
"""How often an idle device's contact is noted: a poll is a read, or 200 phones would write."""
HEADS_MAX: Final = 16
"""Facts a device may tell of itself: three times what the app tells today."""
FACT_CHARACTERS_MAX: Final = 64
"""A version with its build; longer texts are no facts."""


class Contact(NamedTuple):
    """The number of a device's last operation, and when it was last heard of, as noted."""

    last_n: int
    seen_ms: int


def last_contact(connection: Connection, device_id: str) -> Contact:
    """Return what was noted of a device."""
    return Contact(*connection.execute(_CONTACT, {"d": device_id}).one())


def is_due(last: Contact, request: SyncRequest, *, now_ms: int) -> bool:
    """Tell whether a contact without operations is noted: rarely, unless it tells something.

    What the device tells of itself is noted at once: it is told only when it has changed.
    """
    return bool(request.heads) or now_ms - last.seen_ms >= SEEN_EVERY_MS


def note(connection: Connection, request: SyncRequest, device_id: str, *, now_ms: int) -> None:
    """Write a contact down."""
    connection.execute(_SEEN, {"b_d": device_id, **facts(request, now_ms=now_ms)})


def facts(request: SyncRequest, *, now_ms: int) -> dict[str, object]:
    """Return what a contact tells, by column; what the device told of itself before stays."""
    told: dict[str, object] = {}
    if request.heads:
        told = {"heads": json.dumps(_heads(request.heads)), "heads_ms": now_ms}
    return {
        "seen_ms": now_ms,
        "skew_ms": _within(request.now.wall_ms - now_ms, bits=62),
        "proto": _within(request.proto, bits=30),
        "schema_app": _within(request.schema_app, bits=30),
        **told,
    }


def _heads(heads: Mapping[str, HeadFact]) -> dict[str, HeadFact]:
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
