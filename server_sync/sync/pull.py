"""Giving news: one range of the feed in number order, bounded by a page, closed by a digest."""

import json
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, func, select

from field_core.canon import Body, digest
from field_core.wire import Change, Outcome
from server_sync.scope import EVERYBODY
from server_sync.store.feeding import unsigned
from server_sync.store.schema import doc, feed, feed_sum, outcome
from server_sync.sync.cursor import Cursor
from server_sync.sync.outcomes import outcome_of

PAGE_ROWS: Final = 500
"""About 250 KB of patches and documents: one call stays within ten seconds on a slow link."""
SNAPSHOT_ROWS_MIN: Final = 2_000
"""From here on a compressed snapshot with ranges is quicker than pages; more than one page is."""


class Page:
    """One page of the feed for an audience, and the cursor that stands behind it."""

    def __init__(self, connection: Connection, audience: str, since: Cursor, *, last: int) -> None:
        """last: the newest number, as this view of the database has it."""
        rows = [
            *connection.execute(
                _FEED, {"a": [audience, EVERYBODY], "s": since.seq, "l": PAGE_ROWS + 1}
            )
        ]
        self.more = len(rows) > PAGE_ROWS
        self.rows = rows[:PAGE_ROWS]
        self.seq = self.rows[-1].seq if self.more else last
        self.cursor = Cursor(since.epoch, self.seq, since.patched_from if self.more else None)
        self._patched_from = since.patched_from

    def changes(self) -> list[Change]:
        """Return the page as it travels."""
        return [_change(row, self._patched_from) for row in self.rows]


def _change(row: Row[Any], since: int) -> Change:
    if not row.is_in:
        return Change(key=row.key, gone=True)
    patch = _patch(row, since)
    if patch is not None:
        return Change(key=row.key, rev=row.rev, patch=patch)
    return Change(key=row.key, doctype=row.doctype, rev=row.rev, body=json.loads(row.body))


def _patch(row: Row[Any], since: int) -> Body | None:
    """Return what changed, if the device holds the revision just before and it is worth it."""
    if not 0 < row.prev_seq <= since or row.prev_rev != row.rev - 1 or not row.patch:
        return None
    return json.loads(row.patch) if len(row.patch) < len(row.body) else None


def settled(connection: Connection, device: str, *, since: int, until: int) -> list[Outcome]:
    """Return verdicts and office states of a device's operations that are news to it."""
    return [
        outcome_of(row)
        for row in connection.execute(_SETTLED, {"d": device, "s": since, "u": until})
    ]


def newest(connection: Connection, audience: str, device: str) -> int:
    """Return the newest number that concerns who listens: in their feed, or of their outcomes."""
    numbers = [connection.execute(_NEWEST, {"a": a}).scalar() for a in (audience, EVERYBODY)]
    numbers.append(connection.execute(_NEWEST_OUTCOME, {"d": device}).scalar())
    return max(number or 0 for number in numbers)


def digest_of(connection: Connection, audience: str) -> str:
    """Return the sum over all that an audience holds, everybody's documents included."""
    rows = connection.execute(_SUMS, {"a": [audience, EVERYBODY]})
    return digest(unsigned(row.sum64) for row in rows)


_FEED = (
    select(
        feed.c.key,
        feed.c.doctype,
        feed.c.seq,
        feed.c.is_in,
        feed.c.rev,
        feed.c.prev_seq,
        feed.c.prev_rev,
        doc.c.patch,
        doc.c.body,
    )
    .join(doc, doc.c.key == feed.c.key)
    .where(feed.c.audience.in_(bindparam("a", expanding=True)), feed.c.seq > bindparam("s"))
    .order_by(feed.c.seq)
    .limit(bindparam("l"))
)
_SETTLED = (
    select(outcome)
    .where(
        outcome.c.device == bindparam("d"),
        outcome.c.seq > bindparam("s"),
        outcome.c.seq <= bindparam("u"),
    )
    .order_by(outcome.c.n)
)
_NEWEST = select(func.max(feed.c.seq)).where(feed.c.audience == bindparam("a"))
_NEWEST_OUTCOME = select(func.max(outcome.c.seq)).where(outcome.c.device == bindparam("d"))
_SUMS = select(feed_sum.c.sum64).where(feed_sum.c.audience.in_(bindparam("a", expanding=True)))
