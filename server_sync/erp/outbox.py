"""The work that waits for the ERP, claimed so that no two processes write the same document.

A claim is a lease (`claimed_ms` is when it ends): a process that dies leaves its claims to run
out; one that was only paused finds out when it renews. Claims and renewals are made one at a
time: under the writer's lock on SQLite, under an advisory lock on PostgreSQL, since two processes
that each lock some rows of one document would both have it.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, or_, select, text, update

from server_sync.store.schema import erp_out

LEASE_MS: Final = 120_000
"""Longer than the longest single call and the age at which a lease is renewed, together."""
RENEWED_AFTER_MS: Final = 30_000
"""A lease that is older is renewed before the next call to the ERP."""
CLAIMING_LOCK: Final = 7_310_534
"""Any fixed number beside the store's: the advisory lock under which claims are made."""
RELEASED: Final = 1
"""A lease that has run out, of work that was tried before; 0 is work nobody touched."""
WAITING: Final = "waiting"


def claim(connection: Connection, *, now_ms: int, limit: int) -> list[tuple[str, bool]]:
    """Lease the documents whose turn it is, oldest work first.

    Returns keys, each with whether the work was tried before: then it may be in the ERP already.
    """
    _one_at_a_time(connection)
    due = list(connection.execute(_DUE, {"now": now_ms, "limit": limit}))
    if due:
        lease(connection, [key for key, _ in due], now_ms=now_ms)
    return [(key, bool(claimed)) for key, claimed in due]


def lease(connection: Connection, keys: Sequence[str], *, now_ms: int) -> None:
    """Start or renew the leases of some documents' work."""
    connection.execute(_LEASE, {"b_keys": keys, "until": now_ms + LEASE_MS})


def renew(connection: Connection, key: str, *, until_ms: int, now_ms: int) -> bool:
    """Renew a lease that ends at `until_ms`; False when somebody else has the document by now."""
    _one_at_a_time(connection)
    if connection.execute(_HELD, {"k": key}).scalar_one() != until_ms:
        return False
    lease(connection, [key], now_ms=now_ms)
    return True


def _one_at_a_time(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:k)"), {"k": CLAIMING_LOCK})


def release_all(connection: Connection) -> None:
    """End every lease: only when no other process can be at work."""
    connection.execute(
        update(erp_out).where(erp_out.c.claimed_ms > RELEASED).values(claimed_ms=RELEASED)
    )


def postpone(
    connection: Connection,
    ids: Sequence[int],
    *,
    until_ms: int,
    next_ms: int,
    error: str,
    failed: bool,
) -> None:
    """Give work back, to be tried again at `next_ms`; work under another's lease stays as it is.

    until_ms: when our lease ends. failed: the ERP said no sense, count it.
    """
    given = {"b_ids": ids, "ours": until_ms, "next": next_ms, "why": error, "more": int(failed)}
    connection.execute(_POSTPONE, given)


def wake(connection: Connection, error: str) -> None:
    """Make work due that waited for what has just happened."""
    connection.execute(_WAKE, {"b_why": error})


def wake_key(connection: Connection, key: str) -> None:
    """Make a document's work due."""
    connection.execute(_WAKE_KEY, {"b_key": key})


def depth(connection: Connection) -> tuple[int, str | None]:
    """Return how many operations wait, and since when the oldest one does."""
    row = connection.execute(_DEPTH).one()
    return int(row[0]), row[1]


def rows_of(connection: Connection, keys: Sequence[str]) -> list[Any]:
    """Return what waits on these documents, oldest first."""
    return list(connection.execute(_ROWS, {"k": keys}))


_DUE = (
    select(erp_out.c.key, func.max(erp_out.c.claimed_ms))
    .where(erp_out.c.state == WAITING)
    .group_by(erp_out.c.key)
    .having(
        func.min(erp_out.c.next_ms) <= bindparam("now"),
        func.max(erp_out.c.claimed_ms) <= bindparam("now"),
    )
    .order_by(func.min(erp_out.c.id))
    .limit(bindparam("limit"))
)
_HELD = select(func.max(erp_out.c.claimed_ms)).where(
    erp_out.c.key == bindparam("k"), erp_out.c.state == WAITING
)
_LEASE = (
    update(erp_out)
    .where(erp_out.c.key.in_(bindparam("b_keys", expanding=True)), erp_out.c.state == WAITING)
    .values(claimed_ms=bindparam("until"))
)
_POSTPONE = (
    update(erp_out)
    .where(
        erp_out.c.id.in_(bindparam("b_ids", expanding=True)),
        or_(erp_out.c.claimed_ms <= RELEASED, erp_out.c.claimed_ms == bindparam("ours")),
    )
    .values(
        claimed_ms=RELEASED,
        next_ms=bindparam("next"),
        error=bindparam("why"),
        tries=erp_out.c.tries + bindparam("more"),
    )
)
_WAKE = (
    update(erp_out)
    .where(erp_out.c.state == WAITING, erp_out.c.error == bindparam("b_why"))
    .values(next_ms=0)
)
_WAKE_KEY = (
    update(erp_out)
    .where(erp_out.c.state == WAITING, erp_out.c.key == bindparam("b_key"))
    .values(next_ms=0)
)
_ROWS = (
    select(erp_out)
    .where(erp_out.c.key.in_(bindparam("k", expanding=True)), erp_out.c.state == WAITING)
    .order_by(erp_out.c.id)
)
_DEPTH = select(func.count(), func.min(erp_out.c.at)).where(erp_out.c.state == WAITING)
