"""Devices: one row each, with a generation that counts its refresh tokens."""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from field_core.canon import Json
from server_sync.accounts.people import Person, person_of
from server_sync.store.schema import account, device

NEVER_USED: Final = 2
"""A new session skips a generation, so that the token before it is not taken for a lost answer."""


class DeviceStatus(StrEnum):
    """How a device is treated."""

    ACTIVE = "active"
    DRAINING = "drain"
    WIPED = "wiped"


@dataclass(frozen=True, slots=True)
class DeviceAsked:
    """What a device says of itself when it signs in."""

    name: str
    platform: str = ""
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is calling, from which device, and how that device stands."""

    device: str
    person: Person
    status: DeviceStatus
    generation: int = 0
    renewed_ms: int = 0


def find(connection: Connection, device_id: str, *, lock: bool = False) -> Identity | None:
    """Return a device with its person."""
    query = _IDENTITY_LOCKED if lock else _IDENTITY
    row = connection.execute(query, {"d": device_id}).first()
    return _identity(row) if row else None


def _identity(row: Row[*tuple[Any, ...]]) -> Identity:
    status = DeviceStatus(row.status)
    if row.is_disabled and status is DeviceStatus.ACTIVE:
        status = DeviceStatus.DRAINING
    return Identity(row.id, person_of(row), status, row.generation, row.renewed_ms)


def start(
    connection: Connection, device_id: str, email: str, asked: DeviceAsked, *, now_ms: int
) -> int:
    """Write a device at the start of a session; return its generation."""
    found = connection.execute(_GENERATION, {"d": device_id}).scalar()
    values = {
        "name": asked.name,
        "platform": asked.platform,
        "renewed_ms": now_ms,
        "generation": 1 if found is None else found + NEVER_USED,
    }
    if found is None:
        connection.execute(
            _INSERT,
            {
                "id": device_id,
                "account": email,
                "last_n": 0,
                "status": DeviceStatus.ACTIVE.value,
                "proto": 1,
                "schema_app": 1,
                "seen_ms": 0,
                "skew_ms": 0,
                **values,
            },
        )
    else:
        connection.execute(_UPDATE, {"b_d": device_id, **values})
    return int(values["generation"])


def described(connection: Connection, device_id: str) -> tuple[str, str]:
    """Return the name and platform a device gave."""
    name, platform = connection.execute(_DESCRIBED, {"d": device_id}).one()
    return name, platform


def renew(connection: Connection, device_id: str, *, generation: int, now_ms: int) -> None:
    """Note the generation whose token was given out, and when."""
    connection.execute(_UPDATE, {"b_d": device_id, "generation": generation, "renewed_ms": now_ms})


def set_status(connection: Connection, device_id: str, status: DeviceStatus) -> bool:
    """Change how a device is treated; False when there is none. A wiped one stays wiped."""
    changed = connection.execute(
        update(device)
        .where(device.c.id == device_id, device.c.status != DeviceStatus.WIPED.value)
        .values(status=status.value)
    )
    return changed.rowcount > 0 or find(connection, device_id) is not None


def drain_all(connection: Connection, email: str) -> None:
    """Let every device of a person empty its outbox and no more."""
    connection.execute(
        update(device)
        .where(device.c.account == email, device.c.status == DeviceStatus.ACTIVE.value)
        .values(status=DeviceStatus.DRAINING.value)
    )


def listed(connection: Connection) -> list[dict[str, Json]]:
    """Return every device with what the office needs to know of it."""
    return [
        {
            "id": row.id,
            "account": row.account,
            "full_name": row.full_name,
            "technician": row.technician,
            "name": row.name,
            "platform": row.platform,
            "status": row.status,
            "last_n": row.last_n,
            "seen_ms": row.seen_ms,
            "skew_ms": row.skew_ms,
            "proto": row.proto,
            "schema_app": row.schema_app,
            "heads": json.loads(row.heads) if row.heads else None,
            "heads_ms": row.heads_ms,
        }
        for row in connection.execute(_LIST)
    ]


def people_seen(connection: Connection, *, since_ms: int) -> list[Person]:
    """Return whose active devices were heard from."""
    return [
        person_of(row)
        for row in connection.execute(
            select(account)
            .select_from(_JOINED)
            .where(device.c.seen_ms >= since_ms, device.c.status == DeviceStatus.ACTIVE.value)
            .distinct()
        )
    ]


_JOINED: Final = device.join(account, account.c.email == device.c.account)
_IDENTITY: Final = (
    select(device.c.id, device.c.status, device.c.generation, device.c.renewed_ms, account)
    .select_from(_JOINED)
    .where(device.c.id == bindparam("d"))
)
_IDENTITY_LOCKED: Final = _IDENTITY.with_for_update(of=device)
_GENERATION: Final = (
    select(device.c.generation).where(device.c.id == bindparam("d")).with_for_update()
)
_DESCRIBED: Final = select(device.c.name, device.c.platform).where(device.c.id == bindparam("d"))
_INSERT: Final = insert(device)
_UPDATE: Final = update(device).where(device.c.id == bindparam("b_d"))
_LIST: Final = (
    select(device, account.c.full_name, account.c.technician)
    .select_from(_JOINED)
    .order_by(device.c.seen_ms.desc(), device.c.id)
)
