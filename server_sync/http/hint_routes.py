"""The event stream of hints."""

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from server_sync.http.context import Context
from server_sync.http.guard import caller_of
from server_sync.http.hints import Listener
from server_sync.http.routing import Route


def routes(context: Context) -> list[Route]:
    """Return the route of hints."""

    async def hints(request: Request) -> Response:
        caller = await caller_of(context, request)
        listener = Listener(caller.audience, caller.device)
        return StreamingResponse(
            context.hints.stream(listener, context.run),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    return [
        Route(
            "GET",
            "/v1/hints",
            hints,
            "Numbers of what is new, as they come.",
            replies={
                200: {
                    "description": "An event stream.",
                    "content": {"text/event-stream": {"schema": {"type": "string"}}},
                }
            },
        )
    ]
