"""Canonical JSON, the short hash of a document, and the order-free sum over a set of documents.

Both programs compute these, so that a device and the server can compare what they hold in a few
bytes. Absent and null mean the same thing (Frappe leaves null fields out of a document), hence a
canonical body holds no null.
"""

import hashlib
import json
import math
import re
from collections.abc import Iterable, Mapping
from typing import Final

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]
Body = dict[str, Json]

DEPTH_MAX: Final = 32
"""No document nests deeper than 4; this keeps recursion, ours and the libraries', from failing."""

_MASK: Final = (1 << 64) - 1
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
_encode: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


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


def put(holder: Body, name: str, value: Json) -> None:
    """Set a member of a canonical object in place; null takes it out."""
    if value is None:
        holder.pop(name, None)
    else:
        holder[name] = value


def dump(value: Json | Mapping[str, Json]) -> str:
    """Write JSON one way only: sorted names, no spaces, text as it is."""
    return _encode(value)


def storable(value: Json, depth: int = DEPTH_MAX) -> Json:
    """Return JSON from outside as every store, hash and encoder of ours can hold it.

    Half a surrogate pair fails to encode as UTF-8, PostgreSQL refuses NUL in a text, NaN is no
    JSON and equals nothing, and deep nesting exhausts the stack: each would make the same call
    fail for ever. Such characters become U+FFFD, such numbers and depths become null.
    """
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        inner = depth - 1
        return {_text(n): storable(item, inner) for n, item in value.items()} if depth else None
    if isinstance(value, (list, tuple)):
        return [storable(item, depth - 1) for item in value] if depth else None
    return value


def _text(text: str) -> str:
    """Join the halves of surrogate pairs that stand together; replace what is left."""
    if (text.isascii() and "\x00" not in text) or not _UNSTORABLE.search(text):
        return text
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return joined.replace("\x00", "\ufffd")


def hash8(body: Mapping[str, Json]) -> str:
    """Return 16 hexadecimal digits that stand for the content of a canonical body."""
    return hash8_of_text(dump(body))


def hash8_of_text(text: str) -> str:
    """Return `hash8` of a body already written by `dump`; writing is nine tenths of the work."""
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


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
