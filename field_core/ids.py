"""Identifiers: time-ordered ones made anywhere, and stable ones derived from ERP documents.

The core has no clock and no randomness, so both come in as arguments. Source: RFC 9562,
sections 5.5 (version 5) and 5.7 (version 7).
"""

import uuid
from typing import Final

_ERP_NAMESPACE: Final = uuid.UUID("6f1a0e5c-3b1d-5c57-9d0e-0c9f5b7c2a11")
RANDOM_BYTES: Final = 10


def uuid7(unix_ms: int, random: bytes) -> str:
    """Return a version 7 UUID from milliseconds since 1970 and ten random bytes."""
    assert len(random) == RANDOM_BYTES, "uuid7 wants ten random bytes"
    noise = int.from_bytes(random, "big")
    value = (unix_ms & (1 << 48) - 1) << 80
    value |= 0x7 << 76 | (noise >> 64 & 0xFFF) << 64
    value |= 0b10 << 62 | noise & (1 << 62) - 1
    return str(uuid.UUID(int=value))


def is_uuid(text: str) -> bool:
    """Tell whether the text is a UUID in its usual form (36 characters, lower case)."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def erp_key(doctype: str, name: str, creation: str) -> str:
    """Return the permanent key of an ERP document that carries no `sync_key`.

    `creation` belongs to it because ERPNext hands a series number out again after the newest
    document was deleted: the name alone does not identify a document over time.
    """
    return str(uuid.uuid5(_ERP_NAMESPACE, f"{doctype}|{name}|{creation}"))


def review_key(op_id: str, field: str) -> str:
    """Return the key of the review that keeps what `op_id` lost on `field` (same one each time)."""
    return str(uuid.uuid5(_ERP_NAMESPACE, f"review|{op_id}|{field}"))
