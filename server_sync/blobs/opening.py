"""From a URL to a store."""

from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from server_sync.blobs.folder import FolderStore
from server_sync.blobs.store import BlobStore


def open_store(url: str, *, access_key: str = "", secret_key: str = "") -> BlobStore:
    """Open `file:///folder` or `s3://bucket/prefix?endpoint=…&region=…`; raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return FolderStore(Path(unquote(parts.path)))
    if parts.scheme == "s3" and parts.netloc:
        from server_sync.blobs.bucket import BucketStore  # noqa: PLC0415  # boto3 takes a second and 40 MB: only who uses it pays

        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        return BucketStore(
            parts.netloc,
            prefix=parts.path,
            endpoint=query.get("endpoint"),
            region=query.get("region"),
            access_key=access_key,
            secret_key=secret_key,
        )
    message = "a blob store is file:///folder or s3://bucket"
    raise ValueError(message)
