"""The link between the server and the ERP: real Frappe answers, lost or late as the seed has it."""

import json
import random
from collections.abc import Callable
from typing import Any

import httpx

from server_sync.embedded_erp import EmbeddedErp, Fault
from server_sync.embedded_erp.calls import Request
from tests.simulation.faults import Faults

OFFICE = {"authorization": "token office:office", "content-type": "application/json"}


class ErpLink(httpx.AsyncBaseTransport):
    """An httpx transport that calls the ERP in place and loses answers by the weather."""

    def __init__(self, erp: EmbeddedErp, rng: random.Random, weather: Callable[[], Faults]) -> None:
        self._erp = erp
        self._rng = rng
        self._weather = weather
        self.calls = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer, or break: before the ERP heard, after it stored, or with a conflict of locks."""
        self.calls += 1
        weather = self._weather()
        draw = self._rng.random()
        if draw < weather.erp_down:
            raise httpx.ConnectError("down", request=request)
        is_write = request.method != "GET"
        if is_write and draw < weather.erp_down + weather.erp_refused_conflict:
            self._erp.faults.plan(Fault.LOCKED)
        await request.aread()
        answer = self._erp.answer(_request(request))
        if self._rng.random() < weather.erp_lost_answer:
            raise httpx.ReadError("lost", request=request)
        content = answer.content if answer.body is None else json.dumps(answer.body).encode()
        return httpx.Response(
            answer.status,
            content=content,
            request=request,
            headers={**answer.headers, "content-type": answer.content_type or "application/json"},
        )


def _request(request: httpx.Request) -> Request:
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Request(
        request.method, request.url.path, request.url.query.decode(), headers, request.content
    )


class Office:
    """People at the ERP's desk: they call it without any network between."""

    def __init__(self, erp: EmbeddedErp) -> None:
        self.erp = erp

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Make a call; return the data, or None when it was refused."""
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
