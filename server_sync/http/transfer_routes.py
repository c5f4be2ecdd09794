"""The measuring end of throughput tests: leave by session, the transfer itself by its ticket."""

import asyncio
from contextlib import suppress
from typing import Final

from pydantic import BaseModel
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from server_sync.http.context import Context
from server_sync.http.guard import caller_of
from server_sync.http.messages import answer
from server_sync.http.routing import Route, in_path
from server_sync.transfers import GRACE_S, SECONDS, Stream

OCTETS: Final = "application/octet-stream"
STREAM_MAX_S: Final = SECONDS + 2 * GRACE_S
_PLAIN: Final = {"Cache-Control": "no-store", "Content-Encoding": "identity"}


class Grant(BaseModel):
    """Leave for one measured visit: bytes over both ways and all streams, seconds each way."""

    ticket: str
    bytes_max: int
    streams: int
    seconds: float


class Received(BaseModel):
    """What arrived of an upload, in bytes."""

    bytes: int


def routes(context: Context) -> list[Route]:
    """Return the routes under `/v1/throughput`."""
    transfers = context.transfers

    async def grant(request: Request) -> Response:
        caller = await caller_of(context, request)
        return answer(request, Grant(**transfers.grant(caller.account)._asdict()))

    async def download(request: Request) -> Response:
        stream = transfers.open(request.path_params["ticket"])
        return Noise(transfers.block, stream)

    async def upload(request: Request) -> Response:
        stream = transfers.open(request.path_params["ticket"])
        try:
            return answer(request, Received(bytes=await _swallowed(request, stream)))
        finally:
            stream.close()

    named = in_path("ticket", pattern="^[A-Za-z0-9_.=-]{1,120}$")
    noise = {"schema": {"type": "string", "format": "binary"}}
    return [
        Route(
            "POST",
            "/v1/throughput",
            grant,
            "Leave for one measured transfer.",
            reply=Grant,
            problems=(429,),
        ),
        Route(
            "GET",
            "/v1/throughput/{ticket}",
            download,
            "Noise, until the budget or the time of the visit is over.",
            problems=(404,),
            needs_token=False,
            parameters=(named,),
            replies={200: {"description": "Noise.", "content": {OCTETS: noise}}},
        ),
        Route(
            "POST",
            "/v1/throughput/{ticket}",
            upload,
            "Bytes that are counted and thrown away.",
            reply=Received,
            problems=(404,),
            needs_token=False,
            parameters=(named,),
            content={OCTETS: noise},
        ),
    ]


class Noise(Response):
    """A body without end, until its stream says so; a reader that stopped reading is left."""

    def __init__(self, block: bytes, stream: Stream) -> None:
        super().__init__(media_type=OCTETS, headers=_PLAIN)
        del self.headers["content-length"]
        self._block = block
        self._stream = stream

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI
        """Send it.

        A server swallows what is sent to a reader who left: without listening for that, this would
        spin through the budget that the way up still needs.
        """
        gone = asyncio.ensure_future(_disconnected(receive))
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        body = {"type": "http.response.body", "body": self._block, "more_body": True}
        try:
            async with asyncio.timeout(STREAM_MAX_S):
                await send(start)
                while not gone.done() and self._stream.take(len(self._block)):
                    await send(body)
                    # A reader on a fast line never makes `send` wait; others want their turn.
                    await asyncio.sleep(0)
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        except (TimeoutError, OSError):
            return  # it went away, or reads nothing: the server closes the connection
        finally:
            gone.cancel()
            self._stream.close()


async def _disconnected(receive: Receive) -> None:
    """Return once the other end has left."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _swallowed(request: Request, stream: Stream) -> int:
    """Count what comes; leaving early closes the connection."""
    count = 0
    with suppress(ClientDisconnect, TimeoutError):
        async with asyncio.timeout(STREAM_MAX_S):
            async for piece in request.stream():
                count += len(piece)
                if not stream.take(len(piece)):
                    break
    return count
