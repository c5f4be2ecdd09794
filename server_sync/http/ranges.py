"""Bytes by range (RFC 9110, section 14): one range at a time, which is all our clients ask for."""

import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

_RANGE: Final = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


class Span(NamedTuple):
    """Bytes from `start` to `end`, exclusive."""

    start: int
    end: int


def span_of(text: str | None, size: int) -> Span | None:
    """Return the span that a Range header asks for; None: all of it (no range, or one we ignore).

    Raises ValueError when the range lies outside.
    """
    match = _RANGE.fullmatch((text or "").strip())
    if match is None or not (match[1] or match[2]):
        return None
    if not match[1]:
        span = Span(max(size - int(match[2]), 0), size)
    else:
        last = int(match[2]) if match[2] else size - 1
        if match[2] and last < int(match[1]):
            return None
        span = Span(int(match[1]), min(last + 1, size))
    if span.start >= span.end:
        raise ValueError("outside")
    return span


def file_answer(
    request: Request, content: bytes, *, etag: str, media_type: str, headers: Mapping[str, str]
) -> Response:
    """Answer with some or all of an immutable file named by `etag`."""
    return sliced_answer(
        request,
        len(content),
        lambda a, b: content[a:b],
        etag=etag,
        media_type=media_type,
        headers=headers,
    )


def sliced_answer(
    request: Request,
    size: int,
    read: Callable[[int, int], bytes],
    *,
    etag: str,
    media_type: str,
    headers: Mapping[str, str],
) -> Response:
    """Answer with a range of something that is read as asked."""
    quoted = f'"{etag}"'
    common = {"ETag": quoted, "Accept-Ranges": "bytes", **headers}
    if quoted in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=common)
    if request.headers.get("if-range", quoted) != quoted:
        span = None
    else:
        try:
            span = span_of(request.headers.get("range"), size)
        except ValueError:
            return Response(status_code=416, headers={**common, "Content-Range": f"bytes */{size}"})
    if span is None:
        return Response(read(0, size), media_type=media_type, headers=common)
    common["Content-Range"] = f"bytes {span.start}-{span.end - 1}/{size}"
    return Response(read(*span), status_code=206, media_type=media_type, headers=common)
