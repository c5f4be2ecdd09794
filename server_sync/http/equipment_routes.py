"""Customer equipment through the office: what is known of a device, and what is asked of it."""

from starlette.requests import Request
from starlette.responses import Response

from field_core.capabilities import Capability
from field_core.cpe.report import AskAct, CpeAct, CpeActs, CpeReport
from server_sync.http.context import Context
from server_sync.http.guard import caller_with
from server_sync.http.messages import answer, parse
from server_sync.http.routing import Route, in_path

_BASE = "/v1/equipment/{key}"
_KEY = (in_path("key"),)
_KEY_AND_ID = (in_path("key"), in_path("id"))


def routes(context: Context) -> list[Route]:
    """Return the routes under `/v1/equipment`."""
    diagnostics = context.diagnostics

    async def report(request: Request) -> Response:
        caller = await caller_with(context, request, Capability.DIAGNOSE)
        key = request.path_params["key"]
        return answer(request, await diagnostics.reports.report(key, caller))

    async def ask(request: Request) -> Response:
        caller = await caller_with(context, request, Capability.ACT_ON_EQUIPMENT)
        asked = await parse(request, AskAct)
        done = await diagnostics.acting.ask(request.path_params["key"], asked, caller)
        return answer(request, done)

    async def latest(request: Request) -> Response:
        caller = await caller_with(context, request, Capability.DIAGNOSE)
        found = await diagnostics.acting.latest(request.path_params["key"], caller)
        return answer(request, CpeActs(acts=found))

    async def cancel(request: Request) -> Response:
        caller = await caller_with(context, request, Capability.ACT_ON_EQUIPMENT)
        key, number = request.path_params["key"], request.path_params["id"]
        return answer(request, await diagnostics.acting.cancel(key, number, caller))

    return [
        Route(
            "GET",
            f"{_BASE}/report",
            report,
            "What the office knows of a device, judged; `reason` says why it knows nothing.",
            reply=CpeReport,
            problems=(404,),
            parameters=_KEY,
        ),
        Route(
            "POST",
            f"{_BASE}/acts",
            ask,
            "Ask something of a device: answered within seconds, done, begun or waiting.",
            request=AskAct,
            reply=CpeAct,
            problems=(404, 409, 422),
            parameters=_KEY,
        ),
        Route(
            "GET",
            f"{_BASE}/acts",
            latest,
            "What was asked of a device lately, and what became of it.",
            reply=CpeActs,
            problems=(404,),
            parameters=_KEY,
        ),
        Route(
            "DELETE",
            f"{_BASE}/acts/{{id}}",
            cancel,
            "Take back what waits for a device to report.",
            reply=CpeAct,
            problems=(404,),
            parameters=_KEY_AND_ID,
        ),
    ]
