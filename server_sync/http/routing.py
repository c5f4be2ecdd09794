"""Routes: a plain function of a request each, what it takes and gives written down beside it.

Starlette serves them and FastAPI describes them (see `describing`): its own parsing would unpack
neither zstd nor a bounded body, and what it does around a call costs more than an idle exchange.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel
from starlette import routing
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

Handler = Callable[[Request], Awaitable[Response]]


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


class Served(routing.Route):
    """A route as Starlette serves it, for its one method; a request is told which route has it."""

    def __init__(self, route: Route) -> None:
        super().__init__(route.path, route.handler)
        self.methods = {route.method}  # not HEAD wherever there is GET: we say so where it is meant

    def matches(self, scope: Scope) -> tuple[routing.Match, Scope]:
        """Tell whether a request is this route's."""
        match, found = super().matches(scope)
        if match is not routing.Match.NONE:
            found["route"] = self
        return match, found


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
