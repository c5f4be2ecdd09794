"""Photos that were fetched from the server to be looked at: a folder of their own, bounded.

Nothing here is the only copy of anything, and nothing that waits to be sent ever lies here. What
is read is compared with its name again: a power cut or a worn disk never shows another picture.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from field_app.sync.files import FREE_BYTES_MIN, sha256_of
from field_app.sync.replica import Replica
from field_app.sync.thumbnails import known_photos

BYTES_MAX: Final = 100_000_000
"""Some two hundred photos as they are sent: the jobs of two weeks, looked at twice over."""
_NAME: Final = re.compile(r"[0-9a-f]{64}")
_PART: Final = ".part"


class FetchedPhotos:
    """The folder. Safe on any thread; a disk that refuses costs another fetch, no more."""

    def __init__(self, folder: Path, *, free_bytes: Callable[[Path], int]) -> None:
        self._folder = folder
        self._free_bytes = free_bytes
        folder.mkdir(parents=True, exist_ok=True)

    def read(self, sha256: str) -> bytes | None:
        """Return a photo that is here whole and right; what is not is let go of."""
        if not is_name(sha256):
            return None
        path = self._path(sha256)
        content = _read(path)
        if content is None or sha256_of(content) == sha256:
            if content is not None:
                _touch(path)
            return content
        self.drop(sha256)
        return None

    def part(self, sha256: str) -> bytes:
        """Return what came of a photo before the link was cut."""
        return _read(self._part(sha256)) or b""

    def add(self, sha256: str, offset: int, piece: bytes) -> None:
        """Keep a piece that comes after those before it."""
        if not self._has_room(len(piece)):
            return
        path = self._part(sha256)
        with suppress(OSError), path.open("ab") as file:
            if file.tell() == offset:
                file.write(piece)

    def finish(self, sha256: str, content: bytes) -> None:
        """Keep a whole photo, whose name was compared; the least looked at make room for it."""
        if self._has_room(len(content)):
            with suppress(OSError):
                self._part(sha256).write_bytes(content)
                self._part(sha256).replace(self._path(sha256))
        self._part(sha256).unlink(missing_ok=True)
        self._prune()

    def drop(self, sha256: str) -> None:
        """Let go of a photo and of what came of it."""
        self._path(sha256).unlink(missing_ok=True)
        self._part(sha256).unlink(missing_ok=True)

    def clean(self, replica: Replica) -> None:
        """Let go of the photos of jobs that are no longer on this device."""
        known = known_photos(replica)
        for path in self._every():
            if path.name.removesuffix(_PART) not in known:
                path.unlink(missing_ok=True)

    def clear(self) -> None:
        """Let go of all: the room is wanted."""
        for path in self._every():
            path.unlink(missing_ok=True)

    @property
    def size_bytes(self) -> int:
        """How much room they take."""
        return sum(size for _, size, _ in self._sizes())

    def _prune(self) -> None:
        left = BYTES_MAX
        for _, size, path in sorted(self._sizes(), reverse=True):
            left -= size
            if left < 0:
                path.unlink(missing_ok=True)

    def _sizes(self) -> list[tuple[int, int, Path]]:
        """Return (when it was looked at, bytes, where) of every file that is still there."""
        found = []
        for path in self._every():
            with suppress(FileNotFoundError):
                facts = path.stat()
                found.append((facts.st_mtime_ns, facts.st_size, path))
        return found

    def _every(self) -> list[Path]:
        with suppress(FileNotFoundError):  # the account is being erased
            return [*self._folder.iterdir()]
        return []

    def _has_room(self, size: int) -> bool:
        with suppress(FileNotFoundError):  # as above
            return self._free_bytes(self._folder) >= size + FREE_BYTES_MIN
        return False

    def _path(self, sha256: str) -> Path:
        assert is_name(sha256), "a photo is named by its hash"
        return self._folder / sha256

    def _part(self, sha256: str) -> Path:
        return self._path(sha256).with_suffix(_PART)


def is_name(sha256: str) -> bool:
    """Tell whether that is the name of a photo: rows come from elsewhere."""
    return _NAME.fullmatch(sha256) is not None


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _touch(path: Path) -> None:
    """Note that a photo was looked at; it may have been let go of meanwhile."""
    with suppress(OSError):
        path.touch(exist_ok=True)
