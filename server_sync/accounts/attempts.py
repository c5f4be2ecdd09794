"""Wrong tries: ten in a row close the door for a minute, whoever may be behind it."""

from typing import Final

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from field_core.problems import ProblemError
from server_sync.store.schema import attempt

FAILURES_MAX: Final = 10
LOCK_MS: Final = 60_000
"""Guessing slows to fourteen thousand tries a day; a person who mistyped waits a minute."""
FORGOTTEN_AFTER_MS: Final = 24 * 3600 * 1000


def check(connection: Connection, subject: str, *, now_ms: int) -> None:
    """Raise ProblemError `rate-limited` while the door is closed."""
    until = connection.execute(_LOCKED_UNTIL, {"s": subject}).scalar() or 0
    if until > now_ms:
        raise ProblemError("rate-limited", after_s=(until - now_ms + 999) // 1000)


def fail(connection: Connection, subject: str, *, now_ms: int) -> None:
    """Count a wrong try."""
    row = connection.execute(
        select(attempt).where(attempt.c.subject == subject).with_for_update()
    ).first()
    failures = (row.failures if row else 0) + 1
    is_locked = failures >= FAILURES_MAX
    values = {
        "failures": 0 if is_locked else failures,
        "locked_until_ms": now_ms + LOCK_MS if is_locked else 0,
        "at_ms": now_ms,
    }
    if row is None:
        connection.execute(insert(attempt), {"subject": subject, **values})
    else:
        connection.execute(update(attempt).where(attempt.c.subject == subject).values(values))


def forget(connection: Connection, subject: str) -> None:
    """Start counting anew after a right one."""
    connection.execute(_FORGET, {"s": subject})


def sweep(connection: Connection, *, now_ms: int) -> None:
    """Drop what nobody tried for a day."""
    connection.execute(delete(attempt).where(attempt.c.at_ms < now_ms - FORGOTTEN_AFTER_MS))


_LOCKED_UNTIL: Final = select(attempt.c.locked_until_ms).where(attempt.c.subject == bindparam("s"))
_FORGET: Final = delete(attempt).where(attempt.c.subject == bindparam("s"))
