"""Contracts: read, shown what ending one comes to, ended; subscriptions that nothing holds."""

from datetime import date

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from field_core.capabilities import Capability
from field_core.ending import ContractView, Preview, Recap
from field_core.office import EndingsUnderway
from server_sync.contracts.service import Contracts
from server_sync.http.context import Context
from server_sync.http.guard import caller_with
from server_sync.http.messages import answer_json, parse
from server_sync.http.routing import Route, in_path


class EndBody(BaseModel):
    """The last day of a contract."""

    end: date


class TerminateBody(EndBody):
    """The second step: it quotes what was shown."""

    preview_id: str
    reason: str


def routes(context: Context) -> list[Route]:
    """Return the routes under `/v1/contracts`; none where no ERP is behind the server."""
    return _routes(context, context.contracts) if context.contracts else []


def _routes(context: Context, contracts: Contracts) -> list[Route]:
    async def read(request: Request) -> Response:
        await caller_with(context, request, Capability.SEE_BILLING)
        return _told(request, await contracts.view(request.path_params["name"]))

    async def preview(request: Request) -> Response:
        await caller_with(context, request, Capability.SEE_BILLING)
        asked = await parse(request, EndBody)
        shown = await contracts.endings.preview(request.path_params["name"], asked.end)
        return _told(request, shown)

    async def terminate(request: Request) -> Response:
        caller = await caller_with(context, request, Capability.END_CONTRACTS)
        asked = await parse(request, TerminateBody)
        recap = await contracts.endings.terminate(
            request.path_params["name"],
            preview_id=asked.preview_id,
            end=asked.end,
            reason=asked.reason,
            actor=caller.account,
        )
        return _told(request, recap)

    async def try_again(request: Request) -> Response:
        caller = await caller_with(context, request, Capability.END_CONTRACTS)
        name = request.path_params["name"]
        return _told(request, await contracts.endings.try_again(name, actor=caller.account))

    async def underway(request: Request) -> Response:
        await caller_with(context, request, Capability.SEE_BILLING)
        return _told(request, await contracts.endings.all_underway())

    async def remove(request: Request) -> Response:
        caller = await caller_with(context, request, Capability.END_CONTRACTS)
        await contracts.removals.remove(request.path_params["name"], actor=caller.account)
        return Response(status_code=204)

    one, path = (in_path("name"),), "/v1/contracts/{name}"
    return [
        Route("GET", path, read, "A contract with its term, its benefits and its recap.",
              reply=ContractView, problems=(404, 422), parameters=one),
        Route("POST", f"{path}/termination/preview", preview,
              "What ending a contract comes to; changes nothing, good for 15 minutes.", EndBody,
              Preview, problems=(404, 409, 422), parameters=one),
        Route("POST", f"{path}/termination", terminate,
              "End a contract as it was shown; the same again returns the same recap.",
              TerminateBody, Recap, problems=(404, 409, 422), parameters=one),
        Route("POST", f"{path}/termination/again", try_again,
              "Carry on with a termination that was decided; nothing is done twice.",
              reply=Recap, problems=(404, 409), parameters=one),
        Route("GET", "/v1/terminations", underway,
              "Terminations that are not all done, those that the ERP refuses in front.",
              reply=EndingsUnderway),
        Route("DELETE", "/v1/subscriptions/{name}", remove,
              "Remove a subscription that no live contract holds.", status=204,
              problems=(404, 409, 422), parameters=one),
    ]  # fmt: skip


def _told(request: Request, message: BaseModel) -> Response:
    """Answer with every field: a missing one would say nothing, and a null says none."""
    return answer_json(request, message.model_dump(mode="json"))
