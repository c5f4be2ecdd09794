"""One request as a value, one answer as a value, and the context a request is worked on in."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, cast
from urllib.parse import parse_qsl, unquote_plus

from server_sync.embedded_erp.errors import ErpError, refused
from server_sync.embedded_erp.meta import Row, Value
from server_sync.embedded_erp.multipart import Part, parse_multipart

if TYPE_CHECKING:
    from server_sync.embedded_erp.settings import ErpUser
    from server_sync.embedded_erp.site import Site

GUEST = "Guest"
_ARGUMENTS_KEPT = 256
"""The same fields, orders and page lengths are asked for again and again; 2 MiB at most."""


@dataclass
class Request:
    """A request, read completely. `path` is decoded, header names are lower case."""

    method: str
    path: str
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @cached_property
    def arguments(self) -> Row:
        """Query and body as one dictionary, body first: what Frappe calls `form_dict`."""
        from_query: Row = dict(_argument(part) for part in self.query.split("&") if part)
        return {**from_query, **self.payload} if self.body else from_query

    @cached_property
    def payload(self) -> Row:
        """The body alone. Raises ErpError 417 DataError when it is not what it says it is."""
        kind = self.headers.get("content-type", "")
        if kind.startswith("multipart/form-data"):
            return {part.name: part.text for part in self.parts if part.filename is None}
        if kind.startswith("application/x-www-form-urlencoded"):
            form: Row = dict(parse_qsl(self.body.decode(), keep_blank_values=True))
            return cast("Row", json.loads(form["data"])) if "data" in form else form
        return self._json() if self.body else {}

    @cached_property
    def parts(self) -> list[Part]:
        """The parts of a multipart body."""
        return parse_multipart(self.headers.get("content-type", ""), self.body)

    def _json(self) -> Row:
        try:
            found = json.loads(self.body)
        except ValueError as error:
            refusal = refused("Invalid request body", "DataError")
            refusal.traced = False
            raise refusal from error
        return found if isinstance(found, dict) else {"data": found}


@dataclass
class Reply:
    """An answer: `body` is JSON, or `content` is bytes of `content_type`."""

    body: Row | None = None
    status: int = 200
    content: bytes = b""
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a document and that a webhook may tell."""

    name: str
    doctype: str
    document: Row


@dataclass
class Call:
    """The context of one request: site, acting user, messages for the caller, events to tell.

    `pinned` replaces the clock for a write that was stamped earlier than it commits.
    """

    site: Site
    user: ErpUser
    pinned: str | None = None
    messages: list[Row] = field(default_factory=list)
    debug: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    content: bytes | None = None
    breaks_after_commit: bool = False

    def now(self) -> str:
        """This moment, naive and site-local, 26 characters."""
        return self.pinned or self.site.now()

    @property
    def is_guest(self) -> bool:
        """Whether nobody is signed in."""
        return self.user.email == GUEST


@lru_cache(_ARGUMENTS_KEPT)
def _argument(part: str) -> tuple[str, str]:
    """Name and value of one part of a query."""
    name, _, value = part.partition("=")
    return unquote_plus(name), unquote_plus(value)


def json_argument(value: Value) -> Value:
    """An argument that may be JSON text or already JSON. Raises ErpError 417 for broken text."""
    if not isinstance(value, str) or value[:1] not in {"{", "[", '"'}:
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise ErpError(417, "ValidationError", f"Invalid JSON: {value[:80]}") from error
