"""The link between the server and the ERP: real Frappe answers, lost or late as the seed has it."""

import json
import random
from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache
from typing import Any, cast
from urllib.parse import unquote

import httpx

from server_sync.embedded_erp import EmbeddedErp, Fault
from server_sync.embedded_erp.calls import Reply, Request
from server_sync.erp.breaker import Breaker
from server_sync.erp.client import FrappeClient
from server_sync.erp.intake import Run
from server_sync.erp.service import ErpService
from server_sync.erp.uploads import ReadBlob
from server_sync.store.store import Store
from tests.simulation.clocks import TrueClock
from tests.simulation.faults import Faults
from tests.simulation.turns import Hop

OFFICE = {"authorization": "token office:office", "content-type": "application/json"}
SYNC = {"authorization": "token sync:sync", "accept": "application/json"}


_unquoted = lru_cache(maxsize=1_024)(unquote)


class ErpLink:
    """Stands where the Frappe client has httpx's client; loses answers by the weather.

    A request and its answer as httpx's own objects cost a seventh of a seed's time, and what a
    query is after quoting and reading a twentieth. Bodies travel as bytes, as httpx writes them.
    """

    def __init__(
        self,
        erp: EmbeddedErp,
        rng: random.Random,
        weather: Callable[[], Faults],
        point: Callable[..., Awaitable[None]],
    ) -> None:
        """point: where a call on its way (`is_sent`), and an answer, wait for their turn."""
        self._erp = erp
        self._rng = rng
        self._weather = weather
        self._point = point
        self.calls = 0

    async def request(self, verb: str, path: str, **content: Any) -> "Heard":
        """Answer, or break: before the ERP heard, after it stored, or with a conflict of locks."""
        self.calls += 1
        await self._point(is_sent=True)
        weather = self._weather()
        draw = self._rng.random()
        if draw < weather.erp_down:
            raise httpx.ConnectError("down")
        if verb != "GET" and draw < weather.erp_down + weather.erp_refused_conflict:
            self._erp.faults.plan(Fault.LOCKED)
        reply = self._erp.answer(_request(verb, path, **content))
        await self._point()
        if self._rng.random() < weather.erp_lost_answer:
            raise httpx.ReadError("lost")
        return Heard(reply)

    async def aclose(self) -> None:
        """Nothing is open."""


class Heard:
    """An answer as the Frappe client reads it.

    The ERP makes a new body for each answer, of what JSON knows; writing it out and reading it in
    again is a tenth of what a call costs, and the contract tests do it over a real socket.
    """

    def __init__(self, reply: Reply) -> None:
        self.status_code = reply.status
        self.is_success = 200 <= reply.status < 300
        self.is_server_error = reply.status >= 500
        self.headers = {name.lower(): value for name, value in reply.headers.items()}
        self.headers["content-type"] = reply.content_type or "application/json"
        self._reply = reply

    @property
    def content(self) -> bytes:
        """The bytes that would come over a wire."""
        body = self._reply.body
        return self._reply.content if body is None else json.dumps(body).encode()

    def json(self) -> Any:
        """Read the body. Raises ValueError when it is no JSON."""
        body = self._reply.body
        return json.loads(self._reply.content) if body is None else body


def _request(
    verb: str, path: str, params: Mapping[str, str | int] | None = None, **content: Any
) -> Request:
    headers, body = dict(SYNC), b""
    if content.get("files"):  # rare, and its format is httpx's affair
        form = httpx.Request(verb, "http://erp", data=content["data"], files=content["files"])
        headers["content-type"], body = form.headers["content-type"], form.read()
    elif content.get("json") is not None:
        headers["content-type"] = "application/json"
        body = json.dumps(content["json"], ensure_ascii=False, allow_nan=False).encode()
    request = Request(verb, _unquoted(path), "", headers, body)
    if not body:  # what `arguments` would read out of a query string
        request.arguments = {name: str(value) for name, value in (params or {}).items()}
    return request


def erp_side(
    link: ErpLink,
    store: Store,
    clock: TrueClock,
    rng: random.Random,
    read_blob: ReadBlob,
    lane: Hop,
) -> ErpService:
    """Return the ERP side of one server process."""
    client = FrappeClient(
        "http://erp",
        api_key="sync",
        api_secret="sync",
        now_ms=clock.now_ms,
        breaker=Breaker(rand=rng.random),
        transport=httpx.AsyncBaseTransport(),
    )
    client._http = cast("Any", link)  # what it sends and hears is the same
    return ErpService(client, store, rand=rng.random, read_blob=read_blob, run=Run(lane))


class Office:
    """People at the ERP's desk: they call it without any network between."""

    def __init__(self, erp: EmbeddedErp) -> None:
        self.erp = erp
        self.touched: set[tuple[str, str]] = set()
        """Names of documents with the fields that people wrote over there."""

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Make a call; return the data, or None when it was refused."""
        if method == "PUT":
            self.touched |= {(path.rpartition("/")[2], field) for field in body}
        answer = self.erp.answer(self.request(method, path, body))
        if answer.status >= 300:
            return None
        data: Any = answer.body
        return data.get("data", data.get("message")) if isinstance(data, dict) else data

    def request(self, method: str, path: str, body: Any = None) -> Request:
        """Return a request by the office."""
        path, _, query = path.partition("?")
        content = json.dumps(body).encode() if body is not None else b""
        return Request(method, path, query, dict(OFFICE), content)

    def names(self, doctype: str) -> list[str]:
        """Return the names of every document of a doctype."""
        rows = self.ask("GET", f"/api/resource/{doctype}?limit_page_length=0&order_by=name asc")
        return [row["name"] for row in rows or ()]

    def get(self, doctype: str, name: str) -> Any:
        """Return one document, None when it is gone."""
        return self.ask("GET", f"/api/resource/{doctype}/{name}")
