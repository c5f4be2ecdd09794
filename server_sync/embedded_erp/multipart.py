"""Reading `multipart/form-data` (RFC 7578), enough for uploads with a known, whole body."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BOUNDARY = re.compile(r'boundary="?([^";]+)"?')
_NAME = re.compile(r'\bname="([^"]*)"')
_FILENAME = re.compile(r'\bfilename="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Part:
    """One field or file of the body. `filename` is None for a plain field."""

    name: str
    content: bytes
    filename: str | None = None
    content_type: str = ""

    @property
    def text(self) -> str:
        """The content of a plain field."""
        return self.content.decode("utf-8", "replace")


def parse_multipart(content_type: str, body: bytes) -> list[Part]:
    """The parts of `body`; an empty list when the boundary is missing."""
    match = _BOUNDARY.search(content_type)
    if match is None:
        return []
    chunks = body.split(b"--" + match.group(1).encode())
    return [_part(chunk) for chunk in chunks[1:] if not chunk.startswith(b"--")]


def _part(chunk: bytes) -> Part:
    head, _, content = chunk.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    headers = {
        key.strip().lower(): value.strip()
        for key, _, value in (line.partition(":") for line in head.decode().split("\r\n"))
    }
    disposition = headers.get("content-disposition", "")
    name, filename = _NAME.search(disposition), _FILENAME.search(disposition)
    return Part(
        name=name.group(1) if name else "",
        content=content.removesuffix(b"\r\n"),
        filename=filename.group(1) if filename else None,
        content_type=headers.get("content-type", ""),
    )
