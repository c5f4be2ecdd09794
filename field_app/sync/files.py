"""Files beside the replica: photos and signatures by their hash, and the snapshot under way.

A blob is on disk, whole and flushed, before any row speaks of it. It is deleted when the server
has verified it and a week has passed, or when its document has left this device's scope; in both
cases not before the office has all work on that document.
"""

import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from field_app.sync.replica import Replica
from field_core.problems import ProblemError

BLOB_BYTES_MAX: Final = 25_000_000
"""What the server takes; refused here, at capture, since later nobody stands before the thing."""
FREE_BYTES_MIN: Final = 64 * 1024 * 1024
"""Left for the replica, whose transactions must not fail for a photo."""
KEPT_MS: Final = 7 * 24 * 3_600_000
_NAME: Final = re.compile(r"[0-9a-f]{64}")


class KeptBlob(NamedTuple):
    """A blob as an operation names it."""

    sha256: str
    size: int


def sha256_of(content: bytes) -> str:
    """Return the name of a blob."""
    return hashlib.sha256(content).hexdigest()


class BlobFolder:
    """Blobs as files, each named by the sha256 of its bytes."""

    def __init__(self, folder: Path, *, free_bytes: Callable[[Path], int]) -> None:
        self._folder = folder
        self._free_bytes = free_bytes
        folder.mkdir(parents=True, exist_ok=True)

    def keep(self, content: bytes) -> KeptBlob:
        """Write bytes for good; raises ProblemError `too-large`, `disk-full` or `bad-request`."""
        if not content:
            raise ProblemError("bad-request", reason="0")
        if len(content) > BLOB_BYTES_MAX:
            raise ProblemError("too-large", limit_bytes=BLOB_BYTES_MAX)
        if self._free_bytes(self._folder) < len(content) + FREE_BYTES_MIN:
            raise ProblemError("disk-full")
        name = sha256_of(content)
        try:
            self._write(name, content)
        except OSError as error:
            raise ProblemError("disk-full") from error
        return KeptBlob(name, len(content))

    def _write(self, name: str, content: bytes) -> None:
        """Write beside, flush, rename, flush the folder: a power cut leaves all or nothing."""
        path = self.path(name)
        if path.exists() and path.stat().st_size == len(content):
            return
        beside = self._folder / f"{name}.new"
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        _flush_folder(self._folder)

    def path(self, sha256: str) -> Path:
        """Return where a blob is, or would be."""
        return self._folder / sha256

    def piece(self, sha256: str, offset: int, size: int) -> bytes:
        """Return bytes of a blob; raises FileNotFoundError when it is no longer here."""
        with self.path(sha256).open("rb") as file:
            file.seek(offset)
            return file.read(size)

    def read(self, sha256: str) -> bytes | None:
        """Return a whole blob; None when it is not here, or that is no blob's name."""
        try:
            return self.path(sha256).read_bytes() if _NAME.fullmatch(sha256) else None
        except OSError:
            return None

    def names(self) -> set[str]:
        """Return the blobs that are here."""
        return {path.name for path in self._folder.iterdir() if path.suffix != ".new"}

    def delete(self, sha256: str) -> None:
        """Delete a blob's bytes."""
        self.path(sha256).unlink(missing_ok=True)

    def clear(self) -> None:
        """Delete every blob: on the server's order to wipe."""
        for path in self._folder.iterdir():
            path.unlink(missing_ok=True)


class FolderSnapshot:
    """The bytes of the snapshot under way, in one file that survives a kill."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, offset: int, data: bytes) -> None:
        """Keep bytes at an offset."""
        with self._path.open("r+b" if self._path.exists() else "w+b") as file:
            file.seek(offset)
            file.write(data)

    def read(self, offset: int, size: int) -> bytes:
        """Return bytes that were kept; fewer when the file is shorter than it should be."""
        if not self._path.exists():
            return b""
        with self._path.open("rb") as file:
            file.seek(offset)
            return file.read(size)

    def clear(self) -> None:
        """Forget everything."""
        self._path.unlink(missing_ok=True)


def clean_blobs(
    replica: Replica, folder: BlobFolder, *, now_ms: int, kept_ms: int = KEPT_MS
) -> int:
    """Delete the originals that nobody needs here any more; return how many.

    kept_ms: how long what the server has verified stays; 0 for a person who needs the room.
    A file without a row is left alone for its first day: its row may be about to be written.
    """
    done = dispensable(replica, verified_before_ms=now_ms - kept_ms)
    if done:
        rows = [(sha256,) for sha256 in done]
        with replica.db.atomic():
            replica.db.conn.executemany("DELETE FROM blob WHERE sha256 = ?", rows)
    for sha256 in done:
        folder.delete(sha256)
    return len(done) + _delete_strays(replica, folder, now_ms)


def dispensable(replica: Replica, *, verified_before_ms: int) -> list[str]:
    """Return the blobs that nobody needs here any more (see `_DISPENSABLE`)."""
    rows = replica.db.conn.execute(_DISPENSABLE, (verified_before_ms,))
    return [sha256 for (sha256,) in rows]


def _delete_strays(replica: Replica, folder: BlobFolder, now_ms: int) -> int:
    known = {
        row[0]
        for row in replica.db.conn.execute(
            "SELECT sha256 FROM blob UNION SELECT sha256 FROM capture "
            "UNION SELECT original FROM ocr WHERE picture IS NULL AND ended_ms IS NULL"
        )
    }
    strays = [
        name
        for name in folder.names() - known
        if folder.path(name).stat().st_mtime * 1000 < now_ms - _STRAY_MS
    ]
    for name in strays:
        folder.delete(name)
    return len(strays)


_STRAY_MS: Final = 24 * 3_600_000

_DISPENSABLE: Final = """
    SELECT sha256 FROM blob
    WHERE verified_ms IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM outbox
                      WHERE outbox.key = blob.key
                        AND (outbox.verdict IS NULL
                             OR coalesce(outbox.office, 'stored') NOT IN ('stored', 'closed')))
      AND (verified_ms < ? OR NOT EXISTS (SELECT 1 FROM view WHERE view.key = blob.key))
"""
"""Verified, with all work on its document in the office, and a week old or its document gone.

In the office, since a server that is put back to a backup may have lost what it had verified: as
long as it was to pass the photo on, or to show it in a review, only this device has it for certain.
"""


def _flush_folder(folder: Path) -> None:
    if os.name != "posix":  # Windows has no such call and journals renames
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
