"""Routes: a plain function of a request each, what it takes and gives written down for OpenAPI.

FastAPI's own parsing would unpack neither zstd nor a bounded body and costs more than an idle
exchange, so handlers take the request and the description stands beside them.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import FastAPI
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from server_sync.http.problems import MEDIA_TYPE

Handler = Callable[[Request], Awaitable[Response]]

_ALWAYS: Final = (400, 413, 500, 503)
_WITH_TOKEN: Final = (401, 403)


class ProblemBody(BaseModel):
    """A failure (RFC 9457), with a stable code and when to try again."""

    type: str
    title: str
    status: int
    code: str
    retry: str


@dataclass(frozen=True)
class Route:
    """One route as it is served and described."""

    method: str
    path: str
    handler: Handler
    summary: str
    request: type[BaseModel] | None = None
    reply: type[BaseModel] | None = None
    status: int = 200
    problems: Iterable[int] = ()
    needs_token: bool = True
    parameters: tuple[dict[str, Any], ...] = ()
    content: Mapping[str, Any] | None = None
    """Request bodies that are not JSON: media type → schema."""
    replies: Mapping[int, dict[str, Any]] = field(default_factory=dict)
    """Answers that are not JSON of `reply`, by status."""


def add(application: FastAPI, route: Route) -> None:
    """Serve and describe a route."""
    application.add_api_route(
        route.path,
        route.handler,
        methods=[route.method],
        summary=route.summary,
        status_code=route.status,
        response_model=None,
        responses=_responses(route),
        openapi_extra=_extra(route),
        operation_id=_operation_id(route),
        response_class=Response,
    )


def _operation_id(route: Route) -> str:
    words = [part.strip("{}") for part in route.path.split("/") if part and part != "v1"]
    return "_".join((route.method.lower(), *words)).replace("-", "_").replace(":", "_")


def _responses(route: Route) -> dict[int | str, dict[str, Any]]:
    statuses = {*_ALWAYS, *route.problems, *(_WITH_TOKEN if route.needs_token else ())}
    problems: dict[int | str, dict[str, Any]] = {
        status: {
            "description": "A problem.",
            "content": {
                MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{ProblemBody.__name__}"}}
            },
        }
        for status in sorted(statuses)
    }
    good: dict[str, Any] = {"description": route.summary}
    if route.reply:
        good["content"] = {
            "application/json": {"schema": {"$ref": f"#/components/schemas/{route.reply.__name__}"}}
        }
    return problems | {route.status: good} | dict(route.replies)


def _extra(route: Route) -> dict[str, Any]:
    extra: dict[str, Any] = {}
    if route.needs_token:
        extra["security"] = [{"device": []}]
    if route.parameters:
        extra["parameters"] = [*route.parameters]
    content = dict(route.content or {})
    if route.request:
        content["application/json"] = {
            "schema": {"$ref": f"#/components/schemas/{route.request.__name__}"}
        }
    if content:
        extra["requestBody"] = {"required": True, "content": content}
    return extra


def header(name: str, *, required: bool = False, **schema: object) -> dict[str, Any]:
    """Describe a header that a route reads."""
    return {
        "name": name,
        "in": "header",
        "required": required,
        "schema": {"type": "string", **schema},
    }


def in_path(name: str, **schema: object) -> dict[str, Any]:
    """Describe a part of the path."""
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", **schema}}


def in_query(name: str, **schema: object) -> dict[str, Any]:
    """Describe a query parameter."""
    return {"name": name, "in": "query", "required": False, "schema": {"type": "string", **schema}}


def describe(application: FastAPI, routes: Iterable[Route]) -> dict[str, Any]:
    """Return the OpenAPI document, with the models that the routes name."""
    from fastapi.openapi.utils import get_openapi  # noqa: PLC0415  # only who asks for the document needs the generator
    from pydantic.json_schema import models_json_schema  # noqa: PLC0415  # same

    document = get_openapi(
        title=application.title,
        version=application.version,
        description=application.description,
        routes=application.routes,
    )
    requests = {(r.request, "validation") for r in routes if r.request}
    replies = {(r.reply, "serialization") for r in routes if r.reply}
    _, schemas = models_json_schema(
        [*requests, *replies, (ProblemBody, "serialization")],  # type: ignore[list-item]  # pairs of a model and a literal mode
        ref_template="#/components/schemas/{model}",
    )
    components = document.setdefault("components", {})
    components.setdefault("schemas", {}).update(schemas.get("$defs", {}))
    components["securitySchemes"] = {
        "device": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    }
    return document
