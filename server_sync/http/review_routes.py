"""Reviews: what lost or waits, and a person's decision about it."""

import json
from typing import Any, Literal

from pydantic import BaseModel
from sqlalchemy import bindparam, select
from starlette.requests import Request
from starlette.responses import Response

from field_core.capabilities import Capability
from field_core.problems import ProblemError
from server_sync.http.context import Context
from server_sync.http.guard import caller_of, caller_with
from server_sync.http.messages import answer, parse
from server_sync.http.routing import Route, in_path, in_query
from server_sync.scope import OFFICE
from server_sync.store.schema import doc
from server_sync.sync.push import Caller
from server_sync.sync.resolutions import Resolution, resolve
from server_sync.sync.reviews import DOCTYPE

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
    """The office sees all of them, a technician their own."""
    with context.store.read() as connection:
        rows = connection.execute(_REVIEWS, {"d": DOCTYPE}).all()
    reviews = [ReviewBody(key=row.key, body=json.loads(row.body)) for row in rows]
    shown = [
        r
        for r in reviews
        if r.body.get("state") == state
        and (caller.audience == OFFICE or r.body.get("technician") == caller.technician)
        and (caller.audience == OFFICE or caller.technician is not None)
    ]
    shown.sort(key=lambda review: str(review.body.get("received_at")), reverse=True)
    return ReviewList(reviews=shown[:LISTED_MAX])


_REVIEWS = select(doc.c.key, doc.c.body).where(
    doc.c.doctype == bindparam("d"), doc.c.body.is_not(None)
)
