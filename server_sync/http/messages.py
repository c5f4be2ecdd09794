"""Bodies in and out: read and unpacked up to a limit, parsed once, written without defaults."""

import asyncio
import json
import re
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from field_core import wire
from field_core.canon import Json
from field_core.problems import ProblemError
from server_sync import compression

M = TypeVar("M", bound=BaseModel)
JSON: Final = "application/json"


PUBLIC_BODY_S: Final = 10
"""Strangers send a form or a webhook of a few kilobytes: who takes longer holds a place on purpose.
Devices on a bad link have all the time they need."""


async def read_body(
    request: Request, *, size_bytes_max: int = wire.BODY_BYTES_MAX, within_s: float | None = None
) -> bytes:
    """Read and unpack a body; raises ProblemError `too-large`, `bad-request`."""
    _refuse_long(request, size_bytes_max)
    try:
        async with asyncio.timeout(within_s):
            whole = await _whole(request, size_bytes_max)
    except ClientDisconnect as error:
        raise ProblemError("bad-request", reason="connection") from error
    except TimeoutError as error:
        raise ProblemError("bad-request", reason="slow") from error
    encoding = request.headers.get("content-encoding", "identity")
    if encoding == "zstd":
        return compression.decompress(bytes(whole), size_bytes_max=size_bytes_max)
    if encoding != "identity":
        raise ProblemError("bad-request", reason="Content-Encoding")
    return bytes(whole)


async def read_public(request: Request, *, size_bytes_max: int) -> bytes:
    """Read a stranger's body, which is small and comes soon."""
    return await read_body(request, size_bytes_max=size_bytes_max, within_s=PUBLIC_BODY_S)


async def _whole(request: Request, size_bytes_max: int) -> bytearray:
    whole = bytearray()
    async for piece in request.stream():
        whole += piece
        if len(whole) > size_bytes_max:
            raise ProblemError("too-large", limit_bytes=size_bytes_max)
    return whole


def _refuse_long(request: Request, size_bytes_max: int) -> None:
    announced = request.headers.get("content-length", "0")
    if announced.isascii() and announced.isdecimal() and int(announced) > size_bytes_max:
        raise ProblemError("too-large", limit_bytes=size_bytes_max)


async def parse(request: Request, model: type[M]) -> M:
    """Read a body as a model; raises ProblemError `bad-request` with the place of the fault."""
    body = await read_body(request) or b"{}"
    try:
        if _ODD.search(body):
            return model.model_validate(_plain(json.loads(body, parse_constant=_nothing)))
        return model.model_validate_json(body)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ProblemError("bad-request", reason="JSON") from error
    except ValidationError as error:
        raise ProblemError("bad-request", reason=_reason(error)) from error
    except RecursionError as error:
        raise ProblemError("bad-request", reason="depth") from error


_ODD: Final = re.compile(rb"\\u0000|\\u[dD][89a-fA-F]|NaN|Infinity")
"""What JSON of some writers holds and databases or other readers do not take."""


def _nothing(_word: str) -> None:
    """NaN and the infinities are no JSON; a reading that is not a number is no reading."""


def _plain(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return parsed JSON without NUL characters and halves of surrogate pairs."""
    if isinstance(value, str):
        return "".join(c for c in value if c != "\0" and not "\ud800" <= c <= "\udfff")
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {_plain(name): _plain(item) for name, item in value.items()}
    return value


def _reason(error: ValidationError) -> str:
    """Name the place and the kind of fault, never the value: it may be a password."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place} ({first['type']})" if place else first["type"]


def answer(request: Request, message: BaseModel, *, status: int = 200) -> Response:
    """Answer with a model: names as on the wire, defaults left out, packed where it pays."""
    text = message.model_dump_json(by_alias=True, exclude_defaults=True)
    return packed(request, text.encode(), status=status)


def answer_json(
    request: Request, value: Json | list[Any] | dict[str, Any], *, status: int = 200
) -> Response:
    """Answer with JSON that has no model."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return packed(request, text.encode(), status=status)


def packed(request: Request, content: bytes, *, status: int = 200) -> Response:
    """Answer with bytes of JSON, as zstd when the caller takes it and it pays."""
    pays = len(content) > compression.PAYS_FROM_BYTES
    if pays and "zstd" in request.headers.get("accept-encoding", ""):
        return Response(
            compression.compress(content),
            status_code=status,
            media_type=JSON,
            headers={"Content-Encoding": "zstd"},
        )
    return Response(content, status_code=status, media_type=JSON)
