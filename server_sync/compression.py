"""Zstandard, bounded: what comes from outside is unpacked up to a limit and no further."""

import sys
from collections.abc import Mapping
from typing import Final

from field_core.problems import ProblemError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

REPLY_LEVEL: Final = 3
"""Replies are small and made thousands of times: the quick level costs a tenth of a millisecond."""
_P: Final = zstd.CompressionParameter
SNAPSHOT_OPTIONS: Final[Mapping[int, int]] = {
    _P.compression_level: 18,
    _P.chain_log: 21,
    _P.hash_log: 20,
}
"""Made once, sent to many over slow links: 486 KB in 1 s where level 9 gives 586 KB. The two table
sizes bound the memory: 14 MB in place of 52 MB, for 0.4 % more bytes."""
PAYS_FROM_BYTES: Final = 512
"""Below this the saving is less than one packet."""


def compress(content: bytes, *, level: int = REPLY_LEVEL) -> bytes:
    """Return one zstd frame."""
    return zstd.compress(content, level)


def compress_snapshot(content: bytes) -> bytes:
    """Return one zstd frame of a snapshot part."""
    return zstd.compress(content, options=SNAPSHOT_OPTIONS)


def decompress(content: bytes, *, size_bytes_max: int) -> bytes:
    """Unpack exactly one frame; raises ProblemError `too-large` or `bad-request`."""
    decompressor = zstd.ZstdDecompressor()
    try:
        plain = decompressor.decompress(content, size_bytes_max + 1)
    except zstd.ZstdError as error:
        raise ProblemError("bad-request", reason="zstd") from error
    if len(plain) > size_bytes_max:
        raise ProblemError("too-large", limit_bytes=size_bytes_max)
    if not decompressor.eof or decompressor.unused_data:
        raise ProblemError("bad-request", reason="zstd")
    return plain
