"""Limits on who asks how often: GCRA, one row a subject, which survives a restart.

A subject is a keyed hash: neither addresses nor telephone numbers stand in the table.
"""

import hmac
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from server_sync.store.schema import pay_limit


@dataclass(frozen=True, slots=True)
class Limit:
    """So many within a period; one more comes free each `period / count`."""

    name: str
    count: int
    period_ms: int


def subject_of(limit: Limit, who: str, *, secret: bytes) -> str:
    """Return what a limit is counted under."""
    return hmac.digest(secret, f"gf-limit/{limit.name}/{who}".encode(), "sha256").hex()[:32]


def spend(connection: Connection, limit: Limit, subject: str, *, now_ms: int) -> int:
    """Take one of an allowance; return 0, or the milliseconds to wait (nothing is taken then)."""
    row = connection.execute(
        select(pay_limit.c.full_ms).where(pay_limit.c.subject == subject).with_for_update()
    ).first()
    each_ms = limit.period_ms // limit.count
    full_ms = max(row.full_ms if row else 0, now_ms) + each_ms
    wait_ms: int = full_ms - now_ms - limit.period_ms
    if wait_ms > 0:
        return wait_ms
    if row is None:
        connection.execute(insert(pay_limit), {"subject": subject, "full_ms": full_ms})
    else:
        connection.execute(
            update(pay_limit).where(pay_limit.c.subject == subject).values(full_ms=full_ms)
        )
    return 0


def wait(connection: Connection, limit: Limit, subject: str, *, now_ms: int) -> int:
    """Return the milliseconds to wait before one more is allowed; takes nothing."""
    full_ms = (
        connection.execute(
            select(pay_limit.c.full_ms).where(pay_limit.c.subject == subject)
        ).scalar()
        or 0
    )
    each_ms = limit.period_ms // limit.count
    return max(0, max(full_ms, now_ms) + each_ms - now_ms - limit.period_ms)


def sweep(connection: Connection, *, now_ms: int) -> None:
    """Drop what is whole again."""
    connection.execute(delete(pay_limit).where(pay_limit.c.full_ms < now_ms))
