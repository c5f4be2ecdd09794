"""Blobs in an S3-compatible bucket: pieces as objects of their own while they arrive.

S3's multipart upload wants parts of 5 MB; ours are 64 to 512 KB and a blob at most 25 MB, so the
pieces are put together here once, verified, and written as one object. No state stays in the
process, so any replica of the server can take the next piece.
"""

from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from server_sync.blobs.store import PieceMissingError, is_named

_MISSING: Final = frozenset({"404", "NoSuchKey", "NotFound"})
_TIMEOUT_S: Final = 10
_OFFSET_DIGITS: Final = 12
"""Pieces are listed in the order of their names, so offsets are padded."""


class BucketStore:
    """One bucket, or a prefix in one."""

    def __init__(
        self,
        bucket: str,
        *,
        prefix: str = "",
        endpoint: str | None = None,
        region: str | None = None,
        access_key: str | None = None,
        secret_key: str | None = None,
    ) -> None:
        self._bucket = bucket
        self._prefix = prefix.strip("/") + "/" if prefix.strip("/") else ""
        self._s3: Any = boto3.client(
            "s3",
            endpoint_url=endpoint,
            region_name=region or "us-east-1",
            aws_access_key_id=access_key or None,
            aws_secret_access_key=secret_key or None,
            config=Config(
                connect_timeout=_TIMEOUT_S,
                read_timeout=_TIMEOUT_S,
                retries={"max_attempts": 3, "mode": "standard"},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def _final(self, sha256: str) -> str:
        return f"{self._prefix}{sha256}"

    def _piece(self, sha256: str, offset: int | None = None) -> str:
        at = "" if offset is None else f"{offset:0{_OFFSET_DIGITS}d}"
        return f"{self._prefix}partial/{sha256}/{at}"

    def _pieces(self, sha256: str) -> dict[int, int]:
        """Return offset → size of the pieces that arrived, in order."""
        found: dict[int, int] = {}
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=self._piece(sha256)
        )
        for page in pages:
            for item in page.get("Contents", ()):
                found[int(item["Key"].rpartition("/")[2])] = int(item["Size"])
        return found

    def write(self, sha256: str, *, offset: int, piece: bytes) -> None:
        """Keep a piece as an object; later ones were never acknowledged and are written over."""
        have = _continuous(self._pieces(sha256), offset)
        if have < offset:
            raise PieceMissingError(have)
        self._s3.put_object(Bucket=self._bucket, Key=self._piece(sha256, offset), Body=piece)

    def complete(self, sha256: str, *, size: int) -> bool:
        """Put the pieces together, verify, write the whole, drop the pieces."""
        whole = bytearray()
        for offset in self._pieces(sha256):
            if offset <= len(whole) < size:
                del whole[offset:]
                whole += self._get(self._piece(sha256, offset))
        content = bytes(whole[:size])
        right = len(content) == size and is_named(sha256, content)
        if right:
            self._s3.put_object(Bucket=self._bucket, Key=self._final(sha256), Body=content)
        self.discard(sha256)
        return right

    def discard(self, sha256: str) -> None:
        """Drop the pieces."""
        for offset in self._pieces(sha256):
            self._s3.delete_object(Bucket=self._bucket, Key=self._piece(sha256, offset))

    def size(self, sha256: str) -> int | None:
        """Return a blob's size."""
        try:
            found = self._s3.head_object(Bucket=self._bucket, Key=self._final(sha256))
        except ClientError as error:
            if error.response["Error"]["Code"] in _MISSING:
                return None
            raise
        return int(found["ContentLength"])

    def read(self, sha256: str, *, start: int = 0, end: int | None = None) -> bytes:
        """Return some of a blob; raises FileNotFoundError."""
        last = "" if end is None else str(end - 1)
        try:
            return self._get(self._final(sha256), Range=f"bytes={start}-{last}")
        except ClientError as error:
            if error.response["Error"]["Code"] in _MISSING:
                raise FileNotFoundError(sha256) from error
            raise

    def _get(self, key: str, **options: str) -> bytes:
        found = self._s3.get_object(Bucket=self._bucket, Key=key, **options)
        content: bytes = found["Body"].read()
        return content

    def remove(self, sha256: str) -> None:
        """Take a blob away."""
        self._s3.delete_object(Bucket=self._bucket, Key=self._final(sha256))
        self.discard(sha256)

    def check(self) -> None:
        """Ask for the bucket."""
        try:
            self._s3.head_bucket(Bucket=self._bucket)
        except (ClientError, BotoCoreError) as error:
            raise OSError("bucket cannot be reached") from error


def _continuous(pieces: dict[int, int], limit: int) -> int:
    """Return how many bytes from the start are there without a hole, of the first `limit`."""
    have = 0
    for offset, size in pieces.items():
        if offset > have or offset >= limit:
            break
        have = offset + size
    return min(have, limit)
