"""Choices that depend on a seed and on what is chosen, never on the order of choosing.

Each choice hashes the seed together with its own labels. A new kind of choice therefore changes
none of the others, and the same (seed, labels) gives the same answer on every machine.
"""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

T = TypeVar("T")
_NAMESPACE: Final = uuid.UUID("6a1f6c1e-8f5f-5a76-9d0b-2b6f3d1f7c11")


@dataclass(frozen=True, slots=True)
class Draw:
    """A source of repeatable choices."""

    seed: int

    def below(self, limit: int, *about: object) -> int:
        """Return a whole number from 0 to `limit` - 1."""
        digest = hashlib.blake2b(self._text(about).encode(), digest_size=8).digest()
        return int.from_bytes(digest) % limit

    def between(self, low: int, high: int, *about: object) -> int:
        """Return a whole number from `low` to `high`, both included."""
        return low + self.below(high - low + 1, *about)

    def one(self, of: Sequence[T], *about: object) -> T:
        """Return one of a sequence."""
        return of[self.below(len(of), *about)]

    def uuid(self, *about: object) -> str:
        """Return an id that is the same each time (RFC 9562, version 5)."""
        return str(uuid.uuid5(_NAMESPACE, self._text(about)))

    def _text(self, about: tuple[object, ...]) -> str:
        return "|".join(map(str, (self.seed, *about)))
