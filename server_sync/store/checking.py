"""Looking for what should never be: sums that do not add up, rows that point nowhere."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, func, select, text

from field_core.canon import add64, hash8, sum64
from server_sync.store import documents
from server_sync.store.database import Database
from server_sync.store.feeding import last_number, unsigned
from server_sync.store.schema import device, doc, feed, feed_sum, outcome
from server_sync.store.shape import differences


def findings(database: Database) -> Iterator[str]:
    """Yield a sentence for each thing that is wrong; nothing is good news."""
    with database.read() as connection:
        if database.is_sqlite:
            found = connection.execute(text("PRAGMA quick_check")).scalars().all()
            yield from (line for line in found if line != "ok")
        yield from differences(connection)
        yield from _sums(connection)
        yield from _numbers(connection)
        yield from _contents(connection)
        yield from _outcomes(connection)


def _sums(connection: Connection) -> Iterator[str]:
    counted: dict[tuple[str, str], tuple[int, int]] = {}
    for row in connection.execute(_HELD):
        n, total = counted.get((row.audience, row.doctype), (0, 0))
        counted[row.audience, row.doctype] = (
            n + 1,
            add64(total, sum64(row.key, row.rev, row.hash8)),
        )
    stored = {
        (row.audience, row.doctype): (row.n, unsigned(row.sum64))
        for row in connection.execute(select(feed_sum))
    }
    for place in sorted(counted.keys() | stored.keys()):
        if counted.get(place, (0, 0)) != stored.get(place, (0, 0)):
            yield f"the sum of {place[1]} for {place[0]} does not match its feed"


def _numbers(connection: Connection) -> Iterator[str]:
    highest = connection.execute(select(func.max(feed.c.seq))).scalar() or 0
    if highest > last_number(connection):
        yield "the feed is ahead of its counter"


def _contents(connection: Connection) -> Iterator[str]:
    for doctype in connection.execute(_DOCTYPES).scalars().all():
        for found in documents.load_doctype(connection, doctype):
            if hash8(found.body or {}) != found.hash8:
                yield f"{doctype} {found.key} does not match its hash"


def _outcomes(connection: Connection) -> Iterator[str]:
    for row in connection.execute(_AHEAD):
        yield f"device {row.id} has an outcome beyond its last number"


_HELD: Final = select(feed).where(feed.c.is_in.is_(True))
_DOCTYPES: Final = select(doc.c.doctype).where(doc.c.body.is_not(None)).distinct()
_AHEAD: Final = (
    select(device.c.id)
    .join(outcome, outcome.c.device == device.c.id)
    .group_by(device.c.id, device.c.last_n)
    .having(func.max(outcome.c.n) > device.c.last_n)
)
