"""The exchange, its two helpers for settling differences, and snapshots."""

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from field_core.problems import ProblemError
from field_core.wire import (
    FetchReply,
    FetchRequest,
    SumsReply,
    SumsRequest,
    SyncReply,
    SyncRequest,
)
from server_sync.http.context import Context
from server_sync.http.guard import caller_by, caller_of, reading, token_of
from server_sync.http.messages import answer, parse
from server_sync.http.ranges import file_answer
from server_sync.http.routing import Route, header, in_path
from server_sync.sync.caller import Caller
from server_sync.sync.snapshots import content_of

IMMUTABLE = "private, max-age=31536000, immutable"


def routes(context: Context) -> list[Route]:
    """Return the routes of the exchange."""

    async def sync(request: Request) -> Response:
        token = token_of(request)
        asked = await parse(request, SyncRequest)

        def work() -> SyncReply:
            return context.exchange.sync(asked, caller_by(context, token))

        reply = await context.run(work, writes=bool(asked.ops or asked.heads))
        for outcome in reply.outcomes if asked.ops else ():
            context.metrics.note_verdict(outcome.verdict.value)
        return answer(request, reply)

    async def sums(request: Request) -> Response:
        caller = await caller_of(context, request)
        _refuse_draining(caller.is_draining)
        asked = await parse(request, SumsRequest)
        return answer(request, await context.run(lambda: context.exchange.sums(asked, caller)))

    async def fetch(request: Request) -> Response:
        caller = await caller_of(context, request)
        _refuse_draining(caller.is_draining)
        asked = await parse(request, FetchRequest)
        return answer(request, await context.run(lambda: context.exchange.fetch(asked, caller)))

    async def snapshot(request: Request) -> Response:
        name = request.path_params["sha256"]

        def read(connection: Connection, caller: Caller) -> bytes | None:
            _refuse_draining(caller.is_draining)
            return content_of(connection, name, caller.audience)

        content = await reading(context, request, read)
        if content is None:
            raise ProblemError("not-found")
        return file_answer(
            request,
            content,
            etag=name,
            media_type="application/zstd",
            headers={"Cache-Control": IMMUTABLE},
        )

    return [
        Route(
            "POST",
            "/v1/sync",
            sync,
            "Push operations and pull news in one exchange.",
            SyncRequest,
            SyncReply,
            problems=(409,),
        ),
        Route(
            "POST",
            "/v1/sync/sums",
            sums,
            "Compare what is held, per doctype.",
            SumsRequest,
            SumsReply,
        ),
        Route("POST", "/v1/sync/fetch", fetch, "Fetch documents by key.", FetchRequest, FetchReply),
        Route(
            "GET",
            "/v1/snapshots/{sha256}",
            snapshot,
            "A snapshot, or ranges of it.",
            problems=(404,),
            parameters=(in_path("sha256"), header("Range"), header("If-Range")),
            replies=file_replies("application/zstd"),
        ),
    ]


def _refuse_draining(is_draining: bool) -> None:  # noqa: FBT001  # one fact, one meaning
    """A device that only empties its outbox is given nothing more to hold."""
    if is_draining:
        raise ProblemError("not-allowed")


def file_replies(media_type: str) -> dict[int, dict[str, object]]:
    """Describe the answers of a route with ranges."""
    content = {"content": {media_type: {"schema": {"type": "string", "format": "binary"}}}}
    return {
        200: {"description": "All of it.", **content},
        206: {"description": "The range asked for.", **content},
        304: {"description": "The caller has it."},
        416: {"description": "The range lies outside."},
    }
