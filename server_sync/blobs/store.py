"""The port: where bytes lie. What arrived in part is not visible; what is visible was verified."""

import hashlib
from typing import Protocol


class PieceMissingError(Exception):
    """The store has fewer bytes of an upload than were noted; `have` says how many."""

    def __init__(self, have: int) -> None:
        super().__init__(have)
        self.have = have


class BlobStore(Protocol):
    """Bytes by sha256 (64 hexadecimal digits, checked by the caller)."""

    def write(self, sha256: str, *, offset: int, piece: bytes) -> None:
        """Keep a piece of an upload, on disk before it returns; a repeat writes over.

        Raises PieceMissingError when bytes before `offset` are not there.
        """

    def complete(self, sha256: str, *, size: int) -> bool:
        """Verify what was written and make it readable; a wrong hash discards it and says False."""

    def discard(self, sha256: str) -> None:
        """Forget what arrived in part."""

    def size(self, sha256: str) -> int | None:
        """Return the size of a readable blob, or None."""

    def read(self, sha256: str, *, start: int = 0, end: int | None = None) -> bytes:
        """Return bytes `start` to `end` (exclusive) of a readable blob.

        Raises FileNotFoundError when the store has lost it.
        """

    def remove(self, sha256: str) -> None:
        """Take a blob away; nothing happens when there is none."""

    def check(self) -> None:
        """Raise OSError when the store cannot be used now."""


def is_named(sha256: str, content: bytes) -> bool:
    """Tell whether content belongs under its name."""
    return hashlib.sha256(content).hexdigest() == sha256
