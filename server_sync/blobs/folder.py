"""Blobs in a folder: `partial/<sha>` while they arrive, `<ab>/<sha>` once verified."""

import hashlib
import os
from pathlib import Path
from typing import Final

from server_sync.blobs.store import PieceMissingError

_READ_BYTES: Final = 1 << 20


class FolderStore:
    """A folder on a local disk; every write is synced, and a rename makes a blob visible."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._partial = root / "partial"
        self._partial.mkdir(parents=True, exist_ok=True)

    def _final(self, sha256: str) -> Path:
        return self._root / sha256[:2] / sha256

    def write(self, sha256: str, *, offset: int, piece: bytes) -> None:
        """Keep a piece; whatever lay after `offset` was never acknowledged and goes."""
        handle = os.open(self._partial / sha256, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(handle, "r+b") as file:
            have = file.seek(0, os.SEEK_END)
            if have < offset:
                raise PieceMissingError(have)
            file.seek(offset)
            file.write(piece)
            file.truncate()
            file.flush()
            os.fsync(file.fileno())

    def complete(self, sha256: str, *, size: int) -> bool:
        """Verify, then rename into place."""
        partial = self._partial / sha256
        if partial.stat().st_size != size or _digest(partial) != sha256:
            self.discard(sha256)
            return False
        final = self._final(sha256)
        final.parent.mkdir(exist_ok=True)
        partial.replace(final)
        _sync_folder(final.parent)
        return True

    def discard(self, sha256: str) -> None:
        """Forget a partial file."""
        (self._partial / sha256).unlink(missing_ok=True)

    def size(self, sha256: str) -> int | None:
        """Return a blob's size."""
        try:
            return self._final(sha256).stat().st_size
        except FileNotFoundError:
            return None

    def read(self, sha256: str, *, start: int = 0, end: int | None = None) -> bytes:
        """Return some of a blob; raises FileNotFoundError."""
        with self._final(sha256).open("rb") as file:
            file.seek(start)
            return file.read(-1 if end is None else max(end - start, 0))

    def remove(self, sha256: str) -> None:
        """Take a blob away."""
        self._final(sha256).unlink(missing_ok=True)
        self.discard(sha256)

    def check(self) -> None:
        """Write and remove a file."""
        probe = self._partial / ".probe"
        probe.write_bytes(b"1")
        probe.unlink()


def _digest(path: Path) -> str:
    hashed = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_READ_BYTES):
            hashed.update(piece)
    return hashed.hexdigest()


def _sync_folder(folder: Path) -> None:
    """Have the rename survive a power loss (fsync of the directory; not every system can)."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
