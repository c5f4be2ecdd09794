"""The OpenAPI document: what stands beside the routes, put together by FastAPI's generator.

Only who asks for the document pays for it: nothing here runs at a start or in a request.
"""

from collections.abc import Iterable
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from starlette.responses import Response

from server_sync.http.problems import MEDIA_TYPE
from server_sync.http.routing import Route

_ALWAYS: Final = (400, 413, 500, 503)
_WITH_TOKEN: Final = (401, 403)


class ProblemBody(BaseModel):
    """A failure (RFC 9457), with a stable code and when to try again."""

    type: str
    title: str
    status: int
    code: str
    retry: str


def describe(
    routes: Iterable[Route], *, title: str, version: str, description: str
) -> dict[str, Any]:
    """Return the OpenAPI document, with the models that the routes name."""
    described = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    for route in routes:
        _add(described, route)
    document = get_openapi(
        title=title, version=version, description=description, routes=described.routes
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


def _add(described: FastAPI, route: Route) -> None:
    described.add_api_route(
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
