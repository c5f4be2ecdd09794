"""Referral codes: whose they are, by given name alone, and who was sent by whom."""

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from field_core.capabilities import Capability
from server_sync.billing.service import Billing
from server_sync.http.context import Context
from server_sync.http.guard import caller_with
from server_sync.http.messages import answer, parse
from server_sync.http.routing import Route, in_path


class CodeBody(BaseModel):
    """A code as somebody typed it."""

    code: str


class Referrer(BaseModel):
    """All that is told of whose code it is."""

    given_name: str


def routes(context: Context) -> list[Route]:
    """Return the routes; none where no ERP is behind the server."""
    return _routes(context, context.billing) if context.billing else []


def _routes(context: Context, billing: Billing) -> list[Route]:
    async def check(request: Request) -> Response:
        caller = await caller_with(context, request, Capability.SEE_BILLING)
        asked = await parse(request, CodeBody)
        name = await billing.referrals.given_name(asked.code, who=caller.account)
        return answer(request, Referrer(given_name=name))

    async def claim(request: Request) -> Response:
        caller = await caller_with(context, request, Capability.SEE_BILLING)
        asked, name = await parse(request, CodeBody), request.path_params["name"]
        await billing.referrals.claim(name, asked.code, who=caller.account)
        return Response(status_code=204)

    return [
        Route("POST", "/v1/referrals/check", check, "Whose referral code this is.", CodeBody,
              Referrer, problems=(404, 429)),
        Route("POST", "/v1/customers/{name}/referral", claim,
              "Note that a new customer was sent by the owner of a code.", CodeBody, status=204,
              problems=(404, 409, 422, 429), parameters=(in_path("name"),)),
    ]  # fmt: skip
