"""What time alone changes: roots that enter or leave the window, and what was kept long enough.

Nothing here is urgent: each pass works in small transactions, and one that is cut off is simply
done by the next.
"""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection, and_, delete, exists, func, or_, select

from field_core.links import Link
from server_sync.scope import Asked, Known
from server_sync.store import documents
from server_sync.store.schema import erp_out, feed, outcome, scope_ref, tenure
from server_sync.store.store import Store, raise_floor

DAY_MS: Final = 24 * 3600 * 1000
OUTCOMES_KEPT_MS: Final = 90 * DAY_MS
"""A device keeps acknowledged operations for seven days; nobody asks after three months."""
TOMBSTONES_KEPT_MS: Final = 90 * DAY_MS
"""A phone that was away longer takes a snapshot, which is quicker anyway."""
TENURES_KEPT_MS: Final = 2 * TOMBSTONES_KEPT_MS
BATCH: Final = 50
"""Roots per transaction: some tens of milliseconds, so that no push waits noticeably."""
MOVING: Final = ("Dispatch Job", "Sync Review")
"""Roots whose audiences depend on the date."""


class _Stored:
    """The scope rule's reader outside a transaction: good enough to find candidates."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._of_doctype: dict[str, list[Known]] = {}

    def find(self, doctype: str, name_or_key: str) -> Known | None:  # noqa: ARG002 - the port
        """Not asked when audiences are worked out."""
        raise AssertionError("audiences follow from the root itself")

    def find_all(self, links: Iterable[Link]) -> Iterable[Known]:  # noqa: ARG002 - the port
        """Not asked when audiences are worked out."""
        raise AssertionError("audiences follow from the root itself")

    def pointing_at(self, *asked: Asked) -> Iterable[Known]:  # noqa: ARG002 - the port
        """Not asked when audiences are worked out."""
        raise AssertionError("audiences follow from the root itself")

    def of_doctype(self, doctype: str) -> Iterable[Known]:
        """Return every live document of a small doctype, read once."""
        if doctype not in self._of_doctype:
            self._of_doctype[doctype] = [
                found.known for found in documents.load_doctype(self._connection, doctype)
            ]
        return self._of_doctype[doctype]


def rescope(store: Store) -> int:
    """Work out again who holds the roots that the date has moved; return how many there were."""
    with store.read() as connection:
        moved = _moved(store, connection)
    for start in range(0, len(moved), BATCH):
        batch = moved[start : start + BATCH]
        store.transact(lambda tx, batch=batch: tx.rescope(batch))  # type: ignore[misc]  # the batch of this turn, bound now
    return len(moved)


def _moved(store: Store, connection: Connection) -> list[str]:
    """Return the roots whose audiences are not what they were when last worked out."""
    reader = _Stored(connection)
    had: dict[str, set[str]] = {}
    for row in connection.execute(_OWN_REFS):
        had.setdefault(row.root, set()).add(row.audience)
    return [
        found.key
        for doctype in MOVING
        for found in documents.load_doctype(connection, doctype)
        if store.rule.audiences(found.known, reader) != had.get(found.key, set())
    ]


def forget(store: Store) -> None:
    """Drop outcomes, tombstones and past stays that were kept long enough."""
    now = store.now_ms()
    store.database.run(lambda connection: _forget_outcomes(connection, now - OUTCOMES_KEPT_MS))
    store.database.run(lambda connection: _forget_tombstones(connection, now))


def _forget_outcomes(connection: Connection, before_ms: int) -> None:
    """Those of work that the ERP has not got stay until it has."""
    connection.execute(
        delete(outcome).where(
            outcome.c.at_ms < before_ms,
            or_(outcome.c.office.is_(None), outcome.c.office != "waiting"),
        )
    )
    connection.execute(
        delete(erp_out).where(
            erp_out.c.state != "waiting",
            ~exists().where(outcome.c.device == erp_out.c.device, outcome.c.n == erp_out.c.n),
        )
    )


def _forget_tombstones(connection: Connection, now_ms: int) -> None:
    left_long_ago = and_(
        feed.c.is_in.is_(False),
        ~exists().where(
            tenure.c.audience == feed.c.audience,
            tenure.c.key == feed.c.key,
            tenure.c.until_ms >= now_ms - TOMBSTONES_KEPT_MS,
        ),
    )
    floor = connection.execute(select(func.max(feed.c.seq)).where(left_long_ago)).scalar()
    if floor is not None:
        raise_floor(connection, floor)
        connection.execute(delete(feed).where(left_long_ago))
    connection.execute(delete(tenure).where(tenure.c.until_ms < now_ms - TENURES_KEPT_MS))


_OWN_REFS: Final = select(scope_ref.c.root, scope_ref.c.audience).where(
    scope_ref.c.root == scope_ref.c.key
)
