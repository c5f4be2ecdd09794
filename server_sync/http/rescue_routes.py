"""Taking in a rescue file from a supervisor's computer."""

from starlette.requests import Request
from starlette.responses import Response

from field_core.capabilities import Capability
from server_sync.blobs.types import OCTETS
from server_sync.http.context import Context
from server_sync.http.guard import caller_with
from server_sync.http.messages import answer, read_body
from server_sync.http.routing import Route
from server_sync.rescue import FILE_BYTES_MAX, RescueReport


def routes(context: Context) -> list[Route]:
    """Return the route of rescue files."""

    async def take_in(request: Request) -> Response:
        await caller_with(context, request, Capability.RESOLVE_REVIEWS)
        sealed = await read_body(request, size_bytes_max=FILE_BYTES_MAX)
        report = await context.run(lambda: context.rescue.take_in(sealed), writes=True)
        return answer(request, report)

    return [
        Route(
            "POST",
            "/v1/rescue",
            take_in,
            "Take in a rescue file, once.",
            reply=RescueReport,
            problems=(415, 422),
            content={OCTETS: {"schema": {"type": "string", "format": "binary"}}},
        )
    ]
