"""Snapshots: everything an audience holds at one number, compressed once, served by ranges.

A snapshot is immutable and named by its sha256. It is made in the background when an audience has
moved far enough from the last one, and serves as long as the news since it stays small: a device
takes the file and then pulls from its number.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select

from field_core.snapshot_format import Stored, encode_frame
from field_core.wire import SnapshotOffer, SnapshotPart
from server_sync.scope import EVERYBODY
from server_sync.store.feeding import last_number
from server_sync.store.schema import doc, feed, snapshot
from server_sync.store.store import Store, epoch
from server_sync.sync.cursor import Cursor
from server_sync.sync.frames import Day, Sized, pieces

NEWS_ROWS_MAX: Final = 300
"""An older snapshot plus this many rows of news costs less than making a new one."""
KEPT_PER_AUDIENCE: Final = 2
"""The newest, and the one that a device may be half way through."""
ROWS_AT_ONCE: Final = 500
"""How many documents are read ahead of the frame that is being filled."""

Compress = Callable[[bytes], bytes]


class Snapshots:
    """Makes, finds and reads snapshots."""

    def __init__(self, store: Store, *, compress: Compress, today: Callable[[], date]) -> None:
        self._store = store
        self._compress = compress
        self._today = today

    def offer(self, audience: str) -> SnapshotOffer:
        """Return a snapshot that is fresh enough, making one when there is none."""
        with self._store.read() as connection:
            found = self._fresh(connection, audience)
        return found or self.make(audience)

    def _fresh(self, connection: Connection, audience: str) -> SnapshotOffer | None:
        row = connection.execute(_NEWEST, {"a": audience, "e": epoch(connection)}).first()
        if row is None:
            return None
        news = connection.execute(_NEWS, {"a": [audience, EVERYBODY], "s": row.seq}).scalar()
        return _offer(row) if (news or 0) <= NEWS_ROWS_MAX else None

    def make(self, audience: str) -> SnapshotOffer:
        """Make and store a snapshot of what an audience holds now."""
        with self._store.read() as connection:
            cursor = Cursor(epoch(connection), last_number(connection))
            frames = self._frames(connection, audience)
        parts = [SnapshotPart(size=len(frame), documents=n) for frame, n in frames]
        content = b"".join(frame for frame, _ in frames)
        self._keep(audience, cursor, content, parts)
        return SnapshotOffer(
            url=f"/v1/snapshots/{_name(content)}",
            sha256=_name(content),
            size=len(content),
            cursor=str(cursor),
            seq=cursor.seq,
            parts=parts,
        )

    def _frames(self, connection: Connection, audience: str) -> list[tuple[bytes, int]]:
        """Return frames and how many documents each holds: the day, then the rest."""
        of_audience = {"a": [audience, EVERYBODY]}
        jobs = (_sized(row) for row in connection.execute(_JOBS, of_audience))
        day = Day((job for job, _ in jobs), self._today())
        everything = (_sized(row) for row in connection.execute(_ALL, of_audience))
        rest = [self._frame(piece) for piece in pieces(day.leave_out(everything))]
        is_day = bool(day.documents or not rest)
        return [self._frame(day.documents), *rest] if is_day else rest

    def _frame(self, documents: list[Stored]) -> tuple[bytes, int]:
        return self._compress(encode_frame(documents)), len(documents)

    def _keep(
        self, audience: str, cursor: Cursor, content: bytes, parts: list[SnapshotPart]
    ) -> None:
        def work(connection: Connection) -> None:
            name = _name(content)
            connection.execute(_DROP, {"v": [name], "a": audience})
            connection.execute(
                _INSERT,
                {
                    "sha256": name,
                    "audience": audience,
                    "epoch": cursor.epoch,
                    "seq": cursor.seq,
                    "parts": json.dumps([p.model_dump() for p in parts]),
                    "content": content,
                    "made_ms": self._store.now_ms(),
                },
            )
            old = connection.execute(_NAMES, {"a": audience}).scalars().all()[KEPT_PER_AUDIENCE:]
            if old:
                connection.execute(_DROP, {"v": old, "a": audience})

        self._store.database.run(work)

    def warm(self, audiences: Iterable[str]) -> int:
        """Make what is missing or stale, ahead of need; return how many were made."""
        made = 0
        for audience in audiences:
            with self._store.read() as connection:
                fresh = self._fresh(connection, audience)
            if fresh is None:
                self.make(audience)
                made += 1
        return made


def content_of(connection: Connection, name: str, audience: str) -> bytes | None:
    """Return a snapshot's bytes, if it exists and was made for this audience."""
    row = connection.execute(_CONTENT, {"n": name, "a": audience}).first()
    return bytes(row.content) if row else None


def _offer(row: Row[*tuple[Any, ...]]) -> SnapshotOffer:
    parts = [SnapshotPart(**part) for part in json.loads(row.parts)]
    return SnapshotOffer(
        url=f"/v1/snapshots/{row.sha256}",
        sha256=row.sha256,
        size=sum(p.size for p in parts),
        cursor=str(Cursor(row.epoch, row.seq)),
        seq=row.seq,
        parts=parts,
    )


def _name(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _sized(row: Row[*tuple[Any, ...]]) -> Sized:
    return Stored(row.key, row.doctype, row.rev, json.loads(row.body)), len(row.body)


_NEWEST = (
    select(snapshot.c.sha256, snapshot.c.seq, snapshot.c.epoch, snapshot.c.parts)
    .where(snapshot.c.audience == bindparam("a"), snapshot.c.epoch == bindparam("e"))
    .order_by(snapshot.c.seq.desc())
    .limit(1)
)
_NAMES = (
    select(snapshot.c.sha256)
    .where(snapshot.c.audience == bindparam("a"))
    .order_by(snapshot.c.made_ms.desc(), snapshot.c.seq.desc())
)
_INSERT = insert(snapshot)
_DROP = delete(snapshot).where(
    snapshot.c.sha256.in_(bindparam("v", expanding=True)), snapshot.c.audience == bindparam("a")
)
_CONTENT = select(snapshot.c.content).where(
    snapshot.c.sha256 == bindparam("n"), snapshot.c.audience == bindparam("a")
)
_NEWS = (
    select(func.count())
    .select_from(feed)
    .where(feed.c.audience.in_(bindparam("a", expanding=True)), feed.c.seq > bindparam("s"))
)
_ALL = (
    select(doc.c.key, doc.c.doctype, doc.c.rev, doc.c.body)
    .join(feed, feed.c.key == doc.c.key)
    .where(
        feed.c.audience.in_(bindparam("a", expanding=True)),
        feed.c.is_in.is_(True),
        doc.c.body.is_not(None),
    )
    .order_by(doc.c.doctype, feed.c.seq)
    .execution_options(yield_per=ROWS_AT_ONCE)
)
_JOBS = _ALL.where(doc.c.doctype == "Dispatch Job")
