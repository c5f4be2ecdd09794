"""Uploads by tus 1.0 (core, creation, creation-with-upload, termination, checksum), and reading."""

import hashlib
import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Awaitable, Callable
from typing import Final

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from field_core.problems import Problem, ProblemError
from server_sync.blobs import Upload, standing
from server_sync.blobs.types import OCTETS, SIZE_BYTES_MAX
from server_sync.http.context import Context
from server_sync.http.guard import caller_of, reading
from server_sync.http.messages import read_body
from server_sync.http.problems import problem_answer
from server_sync.http.ranges import sliced_answer
from server_sync.http.routing import Handler, Route, header, in_path
from server_sync.http.sync_routes import IMMUTABLE, file_replies
from server_sync.scope import EVERYBODY
from server_sync.sync.caller import Caller

VERSION: Final = "1.0.0"
PIECE: Final = "application/offset+octet-stream"
_ALWAYS: Final = {"Tus-Resumable": VERSION, "Cache-Control": "no-store"}
_NAME: Final = re.compile(r"[0-9a-f]{64}")
_SHOWN_INLINE: Final = ("image/",)
_VERSION_WRONG: Final = 412
_DIGITS_MAX: Final = 12
_CHECKSUM_WRONG: Final = 460
"""tus's own status for a piece that does not match its checksum."""


def routes(context: Context) -> list[Route]:  # noqa: C901 - six handlers and their table
    """Return the routes under `/v1/blobs`."""
    blobs = context.blobs

    async def options(_request: Request) -> Response:
        return Response(
            status_code=204,
            headers={
                **_ALWAYS,
                "Tus-Version": VERSION,
                "Tus-Max-Size": str(SIZE_BYTES_MAX),
                "Tus-Extension": "creation,creation-with-upload,termination,checksum",
                "Tus-Checksum-Algorithm": "sha256,sha1",
            },
        )

    async def create(request: Request) -> Response:
        caller = await caller_of(context, request)
        size = _number(request, "upload-length")
        facts = _metadata(request)
        name = facts.get("sha256", "")
        if not _NAME.fullmatch(name):
            raise ProblemError("bad-request", reason="Upload-Metadata: sha256")
        if size < 1:
            raise ProblemError("bad-request", reason="Upload-Length")
        upload = await context.run(
            lambda: blobs.begin(
                name, size=size, mime=facts.get("filetype", OCTETS), account=caller.account
            ),
            writes=True,
        )
        if request.headers.get("content-type") == PIECE and not upload.is_done:
            upload = await take(request, name, offset=0)
        return _standing(upload, status=201, Location=f"/v1/blobs/{name}")

    async def take(request: Request, name: str, *, offset: int) -> Upload:
        piece = await read_body(request)
        _check_piece(request, piece)
        upload = await context.run(
            lambda: blobs.receive(name, offset=offset, piece=piece), writes=True
        )
        if upload.is_done:
            await context.erp.blob_arrived(name)
        return upload

    async def head(request: Request) -> Response:
        def read(connection: Connection, _caller: Caller) -> Upload:
            return standing(connection, _name(request))

        return _standing(await reading(context, request, read), status=200)

    async def patch(request: Request) -> Response:
        await caller_of(context, request)
        if request.headers.get("content-type") != PIECE:
            raise ProblemError("blob-type")
        upload = await take(request, _name(request), offset=_number(request, "upload-offset"))
        return _standing(upload, status=204)

    async def terminate(request: Request) -> Response:
        await caller_of(context, request)
        name = _name(request)
        await context.run(lambda: blobs.terminate(name), writes=True)
        return Response(status_code=204, headers=_ALWAYS)

    async def read(request: Request) -> Response:
        caller = await caller_of(context, request)
        name = _name(request)

        def work() -> Response:
            upload = blobs.readable(name, (caller.audience, EVERYBODY))
            return sliced_answer(
                request,
                upload.size,
                lambda a, b: blobs.content(upload, start=a, end=b),
                etag=name,
                media_type=upload.mime,
                headers=_harmless(upload),
            )

        return await context.run(work)

    named = in_path("sha256", pattern="^[0-9a-f]{64}$")
    version = header("Tus-Resumable", enum=[VERSION])
    piece = {PIECE: {"schema": {"type": "string", "format": "binary"}}}
    return [
        Route(
            "OPTIONS", "/v1/blobs", options, "What uploads can do.", status=204, needs_token=False
        ),
        Route(
            "POST",
            "/v1/blobs",
            _tus(create),
            "Start an upload.",
            status=201,
            problems=(404, 409, 412, 415, 422, _CHECKSUM_WRONG),
            parameters=(
                version,
                header("Upload-Length", required=True, pattern="^[0-9]{1,12}$"),
                header("Upload-Metadata", required=True),
            ),
        ),
        Route(
            "HEAD",
            "/v1/blobs/{sha256}",
            _tus(head),
            "How far an upload has come.",
            problems=(404, 412),
            parameters=(named, version),
        ),
        Route(
            "PATCH",
            "/v1/blobs/{sha256}",
            _tus(patch),
            "Send a piece.",
            status=204,
            problems=(404, 409, 412, 415, 422, _CHECKSUM_WRONG),
            content=piece,
            parameters=(
                named,
                version,
                header("Upload-Checksum"),
                header("Upload-Offset", required=True, pattern="^[0-9]{1,12}$"),
            ),
        ),
        Route(
            "DELETE",
            "/v1/blobs/{sha256}",
            _tus(terminate),
            "Give up an upload.",
            status=204,
            problems=(404, 412),
            parameters=(named, version),
        ),
        Route(
            "GET",
            "/v1/blobs/{sha256}",
            read,
            "A blob that a document in scope refers to.",
            problems=(404,),
            parameters=(named, header("Range")),
            replies=file_replies(OCTETS),
        ),
    ]


def _tus(handler: Callable[[Request], Awaitable[Response]]) -> Handler:
    """Answer in tus's terms: its version on every answer, problems included."""

    async def speaking_tus(request: Request) -> Response:
        if request.headers.get("tus-resumable", VERSION) != VERSION:
            return _refused(
                request, Problem("bad-request", {"reason": "Tus-Resumable"}), _VERSION_WRONG
            )
        try:
            return await handler(request)
        except _ChecksumError:
            return _refused(request, Problem("blob-mismatch"), _CHECKSUM_WRONG)
        except ProblemError as error:
            return _refused(request, error.problem, None)

    return speaking_tus


class _ChecksumError(Exception):
    """A piece that does not match its checksum."""


def _refused(request: Request, problem: Problem, status: int | None) -> Response:
    extra = dict(_ALWAYS)
    if status == _VERSION_WRONG:
        extra["Tus-Version"] = VERSION
    if problem.code == "blob-offset":
        extra["Upload-Offset"] = str(problem.details["offset"])
    return problem_answer(problem, request, status=status, headers=extra)


def _standing(upload: Upload, *, status: int, **more: str) -> Response:
    return Response(
        status_code=status,
        headers={
            **_ALWAYS,
            "Upload-Offset": str(upload.offset),
            "Upload-Length": str(upload.size),
            **more,
        },
    )


def _name(request: Request) -> str:
    name: str = request.path_params["sha256"]
    if not _NAME.fullmatch(name):
        raise ProblemError("blob-missing")
    return name


def _number(request: Request, name: str) -> int:
    text = request.headers.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS_MAX):
        raise ProblemError("bad-request", reason=name)
    return int(text)


def _metadata(request: Request) -> dict[str, str]:
    """Read `key base64, key base64`; raises ProblemError `bad-request`."""
    facts: dict[str, str] = {}
    for pair in request.headers.get("upload-metadata", "").split(","):
        key, _, value = pair.strip().partition(" ")
        try:
            facts[key] = b64decode(value, validate=True).decode()
        except (NotBase64, UnicodeDecodeError, ValueError) as error:
            raise ProblemError("bad-request", reason="Upload-Metadata") from error
    return facts


def _check_piece(request: Request, piece: bytes) -> None:
    """Compare a piece with its Upload-Checksum, when it has one."""
    asked = request.headers.get("upload-checksum")
    if asked is None:
        return
    algorithm, _, wanted = asked.partition(" ")
    if algorithm not in ("sha256", "sha1"):
        raise ProblemError("bad-request", reason="Upload-Checksum")
    try:
        right = (
            b64decode(wanted, validate=True)
            == hashlib.new(algorithm, piece, usedforsecurity=False).digest()
        )
    except (NotBase64, ValueError) as error:
        raise ProblemError("bad-request", reason="Upload-Checksum") from error
    if not right:
        raise _ChecksumError


def _harmless(upload: Upload) -> dict[str, str]:
    """Keep a browser from running what somebody uploaded."""
    shown = "inline" if upload.mime.startswith(_SHOWN_INLINE) else "attachment"
    return {
        "Cache-Control": IMMUTABLE,
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": f'{shown}; filename="{upload.sha256[:12]}"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
