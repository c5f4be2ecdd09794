"""Reviews: what lost or waits, and a person's decision about it."""

from typing import Any, Literal

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from field_core.capabilities import Capability
from field_core.problems import ProblemError
from server_sync.http.context import Context
from server_sync.http.guard import caller_of, caller_with
from server_sync.http.messages import answer, parse
from server_sync.http.routing import Route, in_path, in_query
from server_sync.sync.caller import Caller
from server_sync.sync.resolutions import Resolution, resolve
from server_sync.sync.reviews import concerning

LISTED_MAX = 1000
"""More open reviews than this is an incident, not a list."""


class ReviewBody(BaseModel):
    """One review, as it also travels in the feed."""

    key: str
    body: dict[str, Any]


class ReviewList(BaseModel):
    """Reviews, the newest first."""

    reviews: list[ReviewBody]


class ResolutionBody(BaseModel):
    """What a person decides."""

    resolution: Literal["keep", "apply", "acknowledge"]


def routes(context: Context) -> list[Route]:
    """Return the routes under `/v1/review`."""

    async def listing(request: Request) -> Response:
        caller = await caller_of(context, request)
        state = request.query_params.get("state", "open")
        if state not in ("open", "closed"):
            raise ProblemError("bad-request", reason="state")
        return answer(request, await context.run(lambda: _listed(context, caller, state)))

    async def decide(request: Request) -> Response:
        caller = await caller_with(context, request, Capability.RESOLVE_REVIEWS)
        asked = await parse(request, ResolutionBody)
        key = request.path_params["key"]
        body = await context.run(
            lambda: context.store.transact(
                lambda tx: resolve(tx, key, Resolution(asked.resolution), caller)
            ),
            writes=True,
        )
        return answer(request, ReviewBody(key=key, body=body))

    return [
        Route(
            "GET",
            "/v1/review",
            listing,
            "Reviews that concern the caller.",
            reply=ReviewList,
            parameters=(in_query("state", enum=["open", "closed"]),),
        ),
        Route(
            "POST",
            "/v1/review/{key}",
            decide,
            "Settle a review; may be repeated.",
            ResolutionBody,
            ReviewBody,
            problems=(404, 409, 422),
            parameters=(in_path("key"),),
        ),
    ]


def _listed(context: Context, caller: Caller, state: str) -> ReviewList:
    with context.store.read() as connection:
        found = concerning(connection, caller, state=state)
    found.sort(key=lambda review: str(review[1].get("received_at")), reverse=True)
    return ReviewList(reviews=[ReviewBody(key=k, body=body) for k, body in found[:LISTED_MAX]])
