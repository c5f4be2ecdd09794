"""Labels that a device could not read: named by the hash of a picture that was uploaded before."""

from starlette.requests import Request
from starlette.responses import Response

from field_core.capabilities import Capability
from field_core.ocr import OcrAsk, OcrReply
from server_sync.http.context import Context
from server_sync.http.guard import caller_with
from server_sync.http.messages import answer, parse
from server_sync.http.routing import Route


def routes(context: Context) -> list[Route]:
    """Return the route under `/v1/ocr`."""
    ocr = context.ocr
    if ocr is None:
        return []

    async def read(request: Request) -> Response:
        caller = await caller_with(context, request, Capability.WORK_JOBS)
        asked = await parse(request, OcrAsk)
        return answer(request, await ocr.read(asked.sha256, who=caller.account))

    return [
        Route(
            "POST",
            "/v1/ocr",
            read,
            "The texts of the label on an uploaded picture: its codes, else what a model reads.",
            request=OcrAsk,
            reply=OcrReply,
            problems=(404, 413, 415, 422, 429),
        )
    ]
