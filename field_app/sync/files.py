"""Files beside the replica: photos and signatures by their hash, and the snapshot under way.

A blob is on disk, whole and flushed, before any row speaks of it. It is deleted when the server
has verified it and a week has passed, or when its document has left this device's scope and
nothing about it is unsent.
"""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from field_app.sync.replica import Replica
from field_core.problems import ProblemError

BLOB_BYTES_MAX: Final = 32 * 1024 * 1024
"""A phone's photo is 3 to 8 MB; the server refuses what is larger than this."""
FREE_BYTES_MIN: Final = 64 * 1024 * 1024
"""Left for the replica, whose transactions must not fail for a photo."""
KEPT_MS: Final = 7 * 24 * 3_600_000


class KeptBlob(NamedTuple):
    """A blob as an operation names it."""

    sha256: str
    size: int


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
        name = hashlib.sha256(content).hexdigest()
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


def clean_blobs(replica: Replica, folder: BlobFolder, *, now_ms: int) -> int:
    """Delete the originals that nobody needs here any more; return how many.

    A file without a row is left alone for its first day: its row may be about to be written.
    """
    done = replica.db.conn.execute(_DISPENSABLE, (now_ms - KEPT_MS,)).fetchall()
    with replica.db.atomic():
        replica.db.conn.executemany("DELETE FROM blob WHERE sha256 = ?", done)
    for (sha256,) in done:
        folder.delete(sha256)
    return len(done) + _delete_strays(replica, folder, now_ms)


def _delete_strays(replica: Replica, folder: BlobFolder, now_ms: int) -> int:
    known = {row[0] for row in replica.db.conn.execute("SELECT sha256 FROM blob")}
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
                      WHERE outbox.key = blob.key AND outbox.verdict IS NULL)
      AND (verified_ms < ? OR NOT EXISTS (SELECT 1 FROM view WHERE view.key = blob.key))
"""
"""Verified, with nothing unsent about its document, and a week old or its document gone."""


def _flush_folder(folder: Path) -> None:
    if os.name != "posix":  # Windows has no such call and journals renames
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
