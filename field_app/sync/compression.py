"""Zstandard, bounded: what comes over the network is unpacked up to a limit and no further."""

import sys
from typing import Final

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PAYS_FROM_BYTES: Final = 512
"""Below this the saving is less than one packet."""
REQUEST_LEVEL: Final = 12
"""Requests are a few KB: a higher level costs a millisecond and saves some percent of airtime."""
REPLY_BYTES_MAX: Final = 64 * 1024 * 1024
"""A page of 500 documents is under 1 MB; this stops a frame that would fill the memory."""
FRAME_BYTES_MAX: Final = 256 * 1024 * 1024
"""A dispatcher's snapshot of all open jobs is some 30 MB unpacked."""


def compress(content: bytes) -> bytes:
    """Return one zstd frame."""
    return zstd.compress(content, REQUEST_LEVEL)


def decompress(content: bytes, *, size_bytes_max: int = FRAME_BYTES_MAX) -> bytes:
    """Unpack exactly one frame; raises ValueError when it is none, cut short, or too large."""
    decompressor = zstd.ZstdDecompressor()
    try:
        plain = decompressor.decompress(content, size_bytes_max + 1)
    except zstd.ZstdError as error:
        raise ValueError("not a zstd frame") from error
    if len(plain) > size_bytes_max or not decompressor.eof or decompressor.unused_data:
        raise ValueError("not one frame of an acceptable size")
    return plain
