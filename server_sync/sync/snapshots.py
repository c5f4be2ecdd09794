"""Snapshots: everything an audience holds at one number, compressed once, served by ranges.

A snapshot is immutable and named by its sha256. It is made in the background when an audience has
moved far enough from the last one, and serves as long as the news since it stays small: a device
takes the file and then pulls from its number.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select

from field_core.canon import Json
from field_core.snapshot_format import Stored, encode_frame
from field_core.wire import SnapshotOffer, SnapshotPart
from server_sync.scope import EVERYBODY
from server_sync.store.feeding import last_number
from server_sync.store.schema import doc, feed, snapshot
from server_sync.store.store import Store, epoch
from server_sync.sync.cursor import Cursor

NEWS_ROWS_MAX: Final = 300
"""An older snapshot plus this many rows of news costs less than making a new one."""
KEPT_PER_AUDIENCE: Final = 2
"""The newest, and the one that a device may be half way through."""
DAY_DOCUMENTS_MAX: Final = 400
"""The first frame: what a technician opens today; larger would delay the first job."""

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
            at, cursor = last_number(connection), Cursor(epoch(connection), last_number(connection))
            documents = [
                Stored(r.key, r.doctype, r.rev, json.loads(r.body))
                for r in connection.execute(_ALL, {"a": [audience, EVERYBODY]})
            ]
        frames = [self._compress(encode_frame(part)) for part in self._parts(documents)]
        parts = [
            SnapshotPart(size=len(frame), documents=n)
            for frame, n in zip(frames, map(len, self._parts(documents)), strict=True)
        ]
        content = b"".join(frames)
        self._keep(audience, cursor, content, parts)
        return SnapshotOffer(
            url=f"/v1/snapshots/{_name(content)}",
            sha256=_name(content),
            size=len(content),
            cursor=str(cursor),
            seq=at,
            parts=parts,
        )

    def _parts(self, documents: list[Stored]) -> list[list[Stored]]:
        """The day's jobs with what they point at first, then the rest."""
        day = _day_first(documents, self._today())
        first = {d.key for d in day}
        rest = [d for d in documents if d.key not in first]
        return [part for part in (day, rest) if part] or [[]]

    def _keep(
        self, audience: str, cursor: Cursor, content: bytes, parts: list[SnapshotPart]
    ) -> None:
        def work(connection: Connection) -> None:
            name = _name(content)
            connection.execute(
                delete(snapshot).where(snapshot.c.sha256 == name, snapshot.c.audience == audience)
            )
            connection.execute(
                insert(snapshot),
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
                connection.execute(
                    delete(snapshot).where(
                        snapshot.c.sha256.in_(old), snapshot.c.audience == audience
                    )
                )

        self._store.database.run(work)

    def read(self, name: str, audience: str) -> bytes | None:
        """Return a snapshot's bytes, if it exists and was made for this audience."""
        with self._store.read() as connection:
            row = connection.execute(_CONTENT, {"n": name, "a": audience}).first()
        return bytes(row.content) if row else None

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


def _day_first(documents: list[Stored], today: date) -> list[Stored]:
    """Return today's jobs (else those of the next day that has any) and what they point at."""
    jobs = [d for d in documents if d.doctype == "Dispatch Job"]
    days = sorted({day for d in jobs if (day := _day(d)) and day >= today.isoformat()})
    days = days or sorted({_day(d) for d in jobs if _day(d)})
    chosen = [d for d in jobs if days and _day(d) == days[0]]
    by_name = {(d.body.get("name")): d for d in documents if isinstance(d.body.get("name"), str)}
    carried: dict[str, Stored] = {d.key: d for d in chosen}
    for job in chosen:
        for value in _names(job.body):
            if value in by_name:
                carried.setdefault(by_name[value].key, by_name[value])
    return list(carried.values())[:DAY_DOCUMENTS_MAX]


def _day(job: Stored) -> str:
    day = job.body.get("scheduled_date") or job.body.get("planned_start")
    return day[:10] if isinstance(day, str) else ""


def _names(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _names(item)
    elif isinstance(value, list):
        for item in value:
            yield from _names(item)


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
)
