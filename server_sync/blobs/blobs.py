"""Uploads and who may see them: the offset is noted after each piece, the hash checked at the end.

A blob counts (`is_verified`) in the same statement that notes its last byte, so that an offset
equal to the length always means: here, whole and right.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, delete, exists, insert, select, update

from field_core.problems import ProblemError
from server_sync.blobs import types
from server_sync.blobs.store import BlobStore, PieceMissingError
from server_sync.store.database import Database
from server_sync.store.schema import blob, blob_ref, doc, feed

DAY_MS: Final = 24 * 3600 * 1000
KEPT_UNREFERENCED_MS: Final = 30 * DAY_MS
"""A phone may stay in a drawer for weeks between a photo's arrival and its operation's."""
COLLECTED_PER_RUN_MAX: Final = 500


@dataclass(frozen=True, slots=True)
class Upload:
    """How far a blob has come."""

    sha256: str
    size: int
    offset: int
    mime: str

    @property
    def is_done(self) -> bool:
        """Whether it is here, whole and verified."""
        return self.offset == self.size


@dataclass(frozen=True)
class Blobs:
    """The service behind `/v1/blobs`."""

    database: Database
    store: BlobStore
    now_ms: Callable[[], int]

    def begin(self, sha256: str, *, size: int, mime: str, account: str) -> Upload:
        """Start an upload, or find where it stands; a blob that is here answers done.

        Raises ProblemError `too-large`, `blob-type`.
        """
        if size > types.SIZE_BYTES_MAX:
            raise ProblemError("too-large", limit_bytes=types.SIZE_BYTES_MAX)
        if mime not in types.ACCEPTED:
            raise ProblemError("blob-type")

        def work(connection: Connection) -> Upload:
            row = _row(connection, sha256)
            if row and (row.is_verified or row.size == size):
                connection.execute(_TOUCH, {"b_s": sha256, "made_ms": self.now_ms()})
                return _upload(row)
            connection.execute(_FORGET, {"s": sha256})
            connection.execute(
                _INSERT,
                {
                    "sha256": sha256,
                    "size": size,
                    "mime": mime,
                    "got": 0,
                    "is_verified": False,
                    "made_ms": self.now_ms(),
                    "account": account,
                },
            )
            return Upload(sha256, size, 0, mime)

        return self.database.run(work)

    def find(self, sha256: str) -> Upload:
        """Return how far an upload has come; raises ProblemError `blob-missing`."""
        with self.database.read() as connection:
            return standing(connection, sha256)

    def receive(self, sha256: str, *, offset: int, piece: bytes) -> Upload:
        """Take a piece.

        Raises ProblemError `blob-missing`, `blob-offset` with where to resume, `too-large` past
        the announced length, `blob-mismatch` when the whole is not what its name says.
        """
        upload = self.find(sha256)
        if upload.offset != offset or upload.is_done:
            raise ProblemError("blob-offset", offset=upload.offset)
        if offset + len(piece) > upload.size:
            raise ProblemError("too-large", limit_bytes=upload.size)
        is_last = offset + len(piece) == upload.size
        if not (
            is_last and self.store.size(sha256) == upload.size
        ):  # else: crashed just before noting it
            self._write(upload, piece)
            if is_last:
                self._verify(upload)
        return self._advance(upload, offset + len(piece), is_last=is_last)

    def _write(self, upload: Upload, piece: bytes) -> None:
        try:
            self.store.write(upload.sha256, offset=upload.offset, piece=piece)
        except PieceMissingError as missing:
            have = missing.have
            self.database.run(lambda c: c.execute(_SET_GOT, {"b_s": upload.sha256, "got": have}))
            raise ProblemError("blob-offset", offset=have) from missing

    def _verify(self, upload: Upload) -> None:
        if not self.store.complete(upload.sha256, size=upload.size):
            self.database.run(lambda c: c.execute(_SET_GOT, {"b_s": upload.sha256, "got": 0}))
            raise ProblemError("blob-mismatch")

    def _advance(self, upload: Upload, offset: int, *, is_last: bool) -> Upload:
        values: dict[str, object] = {"got": offset}
        if is_last:
            head = self.store.read(upload.sha256, end=types.HEAD_BYTES)
            values |= {"is_verified": True, "mime": types.real_type(upload.mime, head)}

        def work(connection: Connection) -> bool:
            place = {"b_s": upload.sha256, "b_o": upload.offset}
            return connection.execute(_ADVANCE, {**place, **values}).rowcount == 1

        if not self.database.run(work):
            raise ProblemError("blob-offset", offset=self.find(upload.sha256).offset)
        return Upload(upload.sha256, upload.size, offset, upload.mime)

    def terminate(self, sha256: str) -> None:
        """Give up an upload that is not whole; a verified one may be somebody else's by now.

        Raises ProblemError `blob-missing`, `not-allowed`.
        """
        if self.find(sha256).is_done:
            raise ProblemError("not-allowed")
        self.store.discard(sha256)
        self.database.run(
            lambda c: c.execute(
                delete(blob).where(blob.c.sha256 == sha256, blob.c.is_verified.is_(False))
            )
        )

    def readable(self, sha256: str, audiences: tuple[str, ...]) -> Upload:
        """Return a verified blob that a document in these audiences refers to.

        Raises ProblemError `blob-missing`, also for one that only others may see.
        """
        with self.database.read() as connection:
            row = connection.execute(_READABLE, {"s": sha256, "a": audiences}).first()
        if row is None:
            raise ProblemError("blob-missing")
        return _upload(row)

    def content(self, upload: Upload, *, start: int, end: int) -> bytes:
        """Return bytes of a blob; raises ProblemError `blob-missing` when the store lost it."""
        try:
            return self.store.read(upload.sha256, start=start, end=end)
        except FileNotFoundError as error:
            raise ProblemError("blob-missing") from error

    def verified(self, sha256: str) -> bytes | None:
        """Return a blob's bytes, or None while it is not here and verified."""
        with self.database.read() as connection:
            row = _row(connection, sha256)
        return self.store.read(sha256) if row and row.is_verified else None

    def referring(self, sha256: str) -> list[str]:
        """Return the keys of the documents that refer to a blob."""
        with self.database.read() as connection:
            return [
                *connection.execute(
                    select(blob_ref.c.key).where(blob_ref.c.sha256 == sha256)
                ).scalars()
            ]

    def collect(self) -> int:
        """Remove blobs that no document has referred to for thirty days; return how many."""
        before = self.now_ms() - KEPT_UNREFERENCED_MS
        with self.database.read() as connection:
            names = connection.execute(_UNREFERENCED, {"t": before}).scalars().all()
        return sum(self._collect_one(name, before) for name in names)

    def _collect_one(self, name: str, before: int) -> bool:
        """The row goes first, if still unreferenced: without it nobody is told that it is here."""
        if self.database.run(lambda c: c.execute(_DROP, {"b_s": name, "t": before}).rowcount) == 0:
            return False
        self.store.remove(name)
        return True


def standing(connection: Connection, sha256: str) -> Upload:
    """Return how far an upload has come; raises ProblemError `blob-missing`."""
    row = _row(connection, sha256)
    if row is None:
        raise ProblemError("blob-missing")
    return _upload(row)


def _row(connection: Connection, sha256: str) -> Row[*tuple[Any, ...]] | None:
    return connection.execute(_BY_NAME, {"s": sha256}).first()


def _upload(row: Row[*tuple[Any, ...]]) -> Upload:
    return Upload(row.sha256, row.size, row.got, row.mime)


_BY_NAME: Final = select(blob).where(blob.c.sha256 == bindparam("s"))
_TOUCH: Final = update(blob).where(blob.c.sha256 == bindparam("b_s"))
"""Whoever asks for a blob is about to refer to it: the thirty days start again."""
_SET_GOT: Final = update(blob).where(
    blob.c.sha256 == bindparam("b_s"), blob.c.is_verified.is_(False)
)
_ADVANCE: Final = _SET_GOT.where(blob.c.got == bindparam("b_o"))
_INSERT: Final = insert(blob)
_FORGET: Final = delete(blob).where(blob.c.sha256 == bindparam("s"))
_READABLE: Final = (
    select(blob)
    .join(blob_ref, blob_ref.c.sha256 == blob.c.sha256)
    .join(feed, feed.c.key == blob_ref.c.key)
    .where(
        blob.c.sha256 == bindparam("s"),
        blob.c.is_verified.is_(True),
        feed.c.is_in.is_(True),
        feed.c.audience.in_(bindparam("a", expanding=True)),
    )
    .limit(1)
)
_IS_REFERENCED: Final = exists().where(
    blob_ref.c.sha256 == blob.c.sha256, doc.c.key == blob_ref.c.key, doc.c.body.is_not(None)
)
_UNREFERENCED: Final = (
    select(blob.c.sha256)
    .where(blob.c.made_ms < bindparam("t"), ~_IS_REFERENCED)
    .limit(COLLECTED_PER_RUN_MAX)
)
_DROP: Final = delete(blob).where(
    blob.c.sha256 == bindparam("b_s"), blob.c.made_ms < bindparam("t"), ~_IS_REFERENCED
)
