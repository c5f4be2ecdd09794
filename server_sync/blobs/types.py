"""Which files are taken, and what they really are: the first bytes outrank what the sender says."""

from collections.abc import Callable
from typing import Final

SIZE_BYTES_MAX: Final = 25_000_000
"""A phone's photo is 2 to 8 MB, a signed PDF under 1 MB."""
OCTETS: Final = "application/octet-stream"
ACCEPTED: Final = frozenset(
    {
        "image/jpeg",
        "image/png",
        "image/webp",
        "image/heic",
        "application/pdf",
        "application/json",
        OCTETS,
    }
)
HEAD_BYTES: Final = 16

_SHOWN: Final[dict[str, Callable[[bytes], bool]]] = {
    "image/jpeg": lambda head: head.startswith(b"\xff\xd8\xff"),
    "image/png": lambda head: head.startswith(b"\x89PNG\r\n\x1a\n"),
    "image/webp": lambda head: head.startswith(b"RIFF") and head[8:12] == b"WEBP",
    "image/heic": lambda head: (
        head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"hevc")
    ),
    "application/pdf": lambda head: head.startswith(b"%PDF-"),
}


def real_type(declared: str, head: bytes) -> str:
    """Return the type to keep: what the first bytes show, else what cannot do harm.

    A photo under a wrong label is still somebody's work, so nothing is refused here.
    """
    for name, shows in _SHOWN.items():
        if shows(head):
            return name
    return declared if declared not in _SHOWN else OCTETS
