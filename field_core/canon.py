"""Canonical JSON, the short hash of a document, and the order-free sum over a set of documents.

Both programs compute these, so that a device and the server can compare what they hold in a few
bytes. Absent and null mean the same thing (Frappe leaves null fields out of a document), hence a
canonical body holds no null.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Final

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]
Body = dict[str, Json]

_MASK: Final = (1 << 64) - 1


def canonical(value: Json) -> Json:
    """Return the value without null members, at every depth of its objects."""
    if isinstance(value, dict):
        return {name: canonical(item) for name, item in value.items() if item is not None}
    if isinstance(value, list):
        return [canonical(item) for item in value]
    return value


def canonical_body(body: Mapping[str, Json]) -> Body:
    """Return a document body without null members."""
    return {name: canonical(item) for name, item in body.items() if item is not None}


def dump(value: Json | Mapping[str, Json]) -> str:
    """Write JSON one way only: sorted names, no spaces, text as it is."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def hash8(body: Mapping[str, Json]) -> str:
    """Return 16 hexadecimal digits that stand for the content of a canonical body."""
    return hashlib.blake2b(dump(body).encode(), digest_size=8).hexdigest()


def sum64(key: str, rev: int, hashed: str) -> int:
    """Return one document's share of a bucket sum (0 to 2**64 - 1)."""
    digest = hashlib.blake2b(f"{key}|{rev}|{hashed}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def add64(*terms: int) -> int:
    """Add shares modulo 2**64; a document leaves a sum by adding `negate64` of its share."""
    return sum(terms) & _MASK


def negate64(term: int) -> int:
    """Return the share that undoes `term`."""
    return -term & _MASK


def digest(sums: Iterable[int]) -> str:
    """Fold bucket sums into the 16 digits that travel with an exchange."""
    return f"{add64(*sums):016x}"
