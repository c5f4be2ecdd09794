"""From changed documents to feed rows: who gains, keeps or loses each one, and the numbers.

Runs under the numbering lock. A document's row in an audience moves to a new number when the
document changes, enters or leaves; leaving is a row like any other, so nobody can miss it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from server_sync.scope import Reader, ScopeRule
from server_sync.store.batches import rows_in, write
from server_sync.store.documents import Doc
from server_sync.store.schema import counter, doc, feed, tenure
from server_sync.store.scoping import Changed, Place, Scoping
from server_sync.store.sums import Sums, signed, unsigned

__all__ = [
    "LAST_NUMBER",
    "Changed",
    "FeedRow",
    "Publication",
    "last_number",
    "signed",
    "unsigned",
]


@dataclass(frozen=True, slots=True)
class FeedRow:
    """One audience's row of one document."""

    audience: str
    key: str
    doctype: str
    seq: int
    is_in: bool
    rev: int
    hash8: str
    since_ms: int


class Publication:
    """The numbering of one transaction: rows are collected, and written at the end in batches."""

    def __init__(
        self, connection: Connection, *, reader: Reader, rule: ScopeRule, now_ms: int
    ) -> None:
        self._connection = connection
        self._scoping = Scoping(connection, reader=reader, rule=rule)
        self._now_ms = now_ms
        self.seq = last_number(connection)
        self._sums = Sums()
        self._entered: list[dict[str, Any]] = []
        self._moved: list[dict[str, Any]] = []
        self._left: list[FeedRow] = []

    def next(self) -> int:
        """Give out the next number."""
        self.seq += 1
        return self.seq

    def publish(self, changed: list[Changed], *, rescoped: Iterable[str] = ()) -> None:
        """Move the feed rows of changed documents, and of those that enter or leave an audience."""
        touched = self._scoping.rescope(changed, rescoped)
        known = {one.after.key: one.after for one in changed}
        known |= self._heads({key for _, key in touched} - known.keys())
        rows = self._rows({*known, *(key for _, key in touched)})
        reasons = self._scoping.reasons({key for _, key in touched}) if touched else set()
        for audience, key in sorted({*rows, *touched}, key=_by_key):
            row, document = rows.get((audience, key)), known.get(key)
            # Where no reason came or went, the row itself tells whether the document belongs.
            belongs = (
                (audience, key) in reasons
                if (audience, key) in touched
                else bool(row and row.is_in)
            )
            if belongs and document and document.body is not None:
                self._keep(audience, row, document)
            elif row and row.is_in:
                self._leave(row)

    def _rows(self, keys: set[str]) -> dict[Place, FeedRow]:
        rows = (FeedRow(*row) for row in rows_in(self._connection, _ROWS, keys))
        return {(row.audience, row.key): row for row in rows}

    def _heads(self, keys: set[str]) -> dict[str, Doc]:
        """Return documents that did not change themselves, without their bodies."""
        return {
            row.key: Doc(
                row.key, row.doctype, rev=row.rev, hash8=row.hash8, body={} if row.lives else None
            )
            for row in rows_in(self._connection, _HEADS, keys)
        }

    # --- one audience's row of one document

    def _keep(self, audience: str, row: FeedRow | None, document: Doc) -> None:
        if row is None:
            self._enter(audience, document)
        elif not row.is_in or row.hash8 != document.hash8 or row.rev != document.rev:
            self._renew(row, document)

    def _enter(self, audience: str, document: Doc) -> None:
        self._entered.append(
            {
                "audience": audience,
                "key": document.key,
                "doctype": document.doctype,
                "seq": self.next(),
                "is_in": True,
                "rev": document.rev,
                "hash8": document.hash8,
                "prev_seq": 0,
                "prev_rev": 0,
                "since_ms": self._now_ms,
            }
        )
        self._count_in(audience, document)

    def _renew(self, row: FeedRow, document: Doc) -> None:
        """The document changed, or comes back after having left."""
        if row.is_in:
            self._count_out(row)
        self._moved.append(
            {
                "b_a": row.audience,
                "b_k": row.key,
                "seq": self.next(),
                "is_in": True,
                "rev": document.rev,
                "hash8": document.hash8,
                "prev_seq": row.seq if row.is_in else 0,
                "prev_rev": row.rev if row.is_in else 0,
                "since_ms": row.since_ms if row.is_in else self._now_ms,
            }
        )
        self._count_in(row.audience, document)

    def _leave(self, row: FeedRow) -> None:
        self._moved.append(
            {
                "b_a": row.audience,
                "b_k": row.key,
                "seq": self.next(),
                "is_in": False,
                "rev": row.rev,
                "hash8": row.hash8,
                "prev_seq": 0,
                "prev_rev": 0,
                "since_ms": row.since_ms,
            }
        )
        self._count_out(row)
        self._left.append(row)

    def _count_in(self, audience: str, document: Doc) -> None:
        self._sums.add(audience, document.doctype, document.key, document.rev, document.hash8)

    def _count_out(self, row: FeedRow) -> None:
        self._sums.take(row.audience, row.doctype, row.key, row.rev, row.hash8)

    # --- the end

    def finish(self) -> None:
        """Write the rows, the sums and the counter."""
        write(self._connection, _ENTER, self._entered)
        write(self._connection, _MOVE, self._moved)
        self._write_tenures()
        self._sums.save(self._connection)
        self._connection.execute(_COUNT, {"value": self.seq})

    def _write_tenures(self) -> None:
        """Note who held what until now; a stay that began at the same instant is noted again."""
        stays = [{"b_a": r.audience, "b_k": r.key, "b_s": r.since_ms} for r in self._left]
        write(self._connection, _FORGET_TENURE, stays)
        write(
            self._connection,
            _ADD_TENURE,
            [
                {
                    "audience": r.audience,
                    "key": r.key,
                    "since_ms": r.since_ms,
                    "until_ms": self._now_ms,
                }
                for r in self._left
            ],
        )


def _by_key(place: Place) -> tuple[str, str]:
    return place[1], place[0]


def last_number(connection: Connection) -> int:
    """Return the last number given out."""
    return int(connection.execute(LAST_NUMBER).scalar() or 0)


LAST_NUMBER = select(counter.c.value).where(counter.c.name == "feed")
_COUNT = update(counter).where(counter.c.name == "feed")
_ROWS = select(
    feed.c.audience,
    feed.c.key,
    feed.c.doctype,
    feed.c.seq,
    feed.c.is_in,
    feed.c.rev,
    feed.c.hash8,
    feed.c.since_ms,
).where(feed.c.key.in_(bindparam("v", expanding=True)))
_HEADS = select(
    doc.c.key, doc.c.doctype, doc.c.rev, doc.c.hash8, doc.c.body.is_not(None).label("lives")
).where(doc.c.key.in_(bindparam("v", expanding=True)))
_ENTER = insert(feed)
_MOVE = update(feed).where(feed.c.audience == bindparam("b_a"), feed.c.key == bindparam("b_k"))
_ADD_TENURE = insert(tenure)
_FORGET_TENURE = delete(tenure).where(
    tenure.c.audience == bindparam("b_a"),
    tenure.c.key == bindparam("b_k"),
    tenure.c.since_ms == bindparam("b_s"),
)
