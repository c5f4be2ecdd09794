"""A small typed client of Frappe's REST API, with what a real site taught built in.

At most four calls in parallel (a site saturates there), one insert at a time for each doctype
(concurrent inserts into one naming series fail), one write at a time for each document. No cookie
is kept: every answer to a token call sets the guest's. Reads are tried once more when the
connection was cut; writes never are: their outcome is unknown and the caller has to look.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Final
from urllib.parse import quote
from weakref import WeakValueDictionary

import httpx

from server_sync.erp.answers import is_outage, read_answer
from server_sync.erp.breaker import Breaker
from server_sync.erp.failures import ErpFailure, ErpUnavailable, ErpUnknownOutcome

PARALLEL_MAX: Final = 4
URL_BYTES_MAX: Final = 3_500
"""gunicorn refuses a request line of 4,094 bytes, nginx one of 8 KiB."""
TIMEOUT_S: Final = httpx.Timeout(60, connect=10, pool=30)
"""A submit with webhooks may take tens of seconds on a busy site; a connect may not."""

Raw = dict[str, Any]
"""A document as the ERP writes it."""
Field = str | Mapping[str, Sequence[str]]
"""A column, or a child table with its columns; Frappe's aggregates have the same shape."""
Filter = tuple[str, str, Any]

_NOT_SENT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
)
_BROKEN: Final = (httpx.HTTPError, OSError)
_CUT: Final = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError, OSError)


class FrappeClient:
    """One site, one service user."""

    def __init__(
        self,
        base_url: str,
        *,
        api_key: str,
        api_secret: str,
        breaker: Breaker,
        now_ms: Callable[[], int],
        transport: httpx.AsyncBaseTransport | None = None,
        timeout: httpx.Timeout = TIMEOUT_S,
    ) -> None:
        """transport: httpx's own when None; the embedded ERP comes in through ASGITransport."""
        self.breaker = breaker
        self._now_ms = now_ms
        self._slots = asyncio.Semaphore(PARALLEL_MAX)
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._http = httpx.AsyncClient(
            base_url=base_url,
            transport=transport,
            timeout=timeout,
            follow_redirects=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            headers={
                "Authorization": f"token {api_key}:{api_secret}",
                "Accept": "application/json",
            },
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    # --- reading

    async def get(self, doctype: str, name: str) -> Raw:
        """Return a document with its child tables. Raises ErpNotFound."""
        return dict((await self._read(_path(doctype, name)))["data"])

    async def rows(
        self,
        doctype: str,
        fields: Sequence[Field],
        *,
        filters: Sequence[Filter] = (),
        or_filters: Sequence[Filter] = (),
        order_by: str = "",
        limit: int = 0,
    ) -> list[Raw]:
        """Return rows. limit 0: all. Child tables: `{table: ["name", ...]}` among the fields."""
        asked = {
            "fields": list(fields),
            "filters": list(filters),
            "or_filters": list(or_filters),
            "order_by": order_by,
            "limit_page_length": limit,
        }
        params = {
            name: value if isinstance(value, (str, int)) else json.dumps(value)
            for name, value in asked.items()
            if value or name == "limit_page_length"
        }
        if _is_short(params):
            return list((await self._read(_path(doctype), params))["data"])
        return list(
            await self._call_method(
                "frappe.client.get_list", {"doctype": doctype, **asked}, is_write=False
            )
        )

    async def page_by_modified(
        self,
        doctype: str,
        *,
        since: str,
        after: tuple[str, str] | None,
        columns: Sequence[str] = (),
        filters: Sequence[Filter] = (),
        limit: int,
    ) -> list[Raw]:
        """Return name and modified, in their order, from `since` or behind `after`.

        Never by offset: thousands of rows may share one `modified`, and data change meanwhile.
        """
        bounds: list[Filter] = [*filters, ("modified", ">=", after[0] if after else since)]
        behind = [("modified", ">", after[0]), ("name", ">", after[1])] if after else []
        return await self.rows(
            doctype,
            ["name", "modified", *columns],
            filters=bounds,
            or_filters=behind,
            order_by="modified asc, name asc",
            limit=limit,
        )

    async def page_by_name(
        self,
        doctype: str,
        *,
        after: str,
        columns: Sequence[str],
        filters: Sequence[Filter] = (),
        limit: int,
    ) -> list[Raw]:
        """Return rows in the order of their names, behind `after`."""
        bounds = [*filters, ("name", ">", after)] if after else filters
        return await self.rows(
            doctype, ["name", *columns], filters=bounds, order_by="name asc", limit=limit
        )

    async def count(self, doctype: str, filters: Sequence[Filter] = ()) -> int:
        """Return how many documents a filter finds."""
        return int(
            await self._call_method(
                "frappe.client.get_count",
                {"doctype": doctype, "filters": list(filters)},
                is_write=False,
            )
        )

    async def time_zone(self) -> str:
        """Return the site's time zone: Frappe's datetimes are naive local ones."""
        told = (await self._read("/api/method/frappe.client.get_time_zone"))["message"]
        return str(told["time_zone"])

    async def columns(self, doctype: str) -> set[str]:
        """Return the fields that the site's doctype has."""
        meta = (await self._read(f"/api/v2/doctype/{quote(doctype)}/meta"))["data"]
        return {str(field["fieldname"]) for field in meta["fields"]}

    async def deleted(self, doctype: str, names: Sequence[str]) -> set[str]:
        """Return which of the names stand in Deleted Document. Raises ErpRefused without a role."""
        rows = await self.rows(
            "Deleted Document",
            ["deleted_name"],
            filters=[("deleted_doctype", "=", doctype), ("deleted_name", "in", list(names))],
        )
        return {str(row["deleted_name"]) for row in rows}

    # --- writing

    async def insert(self, doctype: str, payload: Raw) -> Raw:
        """Insert a document. Returns it as it stood when it was stored."""
        async with self._writing(doctype):
            return dict((await self._send("POST", _path(doctype), payload))["data"])

    async def update(self, doctype: str, name: str, payload: Raw) -> Raw:
        """Change fields. payload["modified"], verbatim as read, is the optimistic lock.

        Returns the document as it was saved, in which values stand as they were sent.
        """
        async with self._writing(f"{doctype}/{name}"):
            return dict((await self._send("PUT", _path(doctype, name), payload)).get("data") or {})

    async def delete(self, doctype: str, name: str) -> None:
        """Delete a document. Raises ErpNotFound, or ErpRefused while others link to it."""
        async with self._writing(f"{doctype}/{name}"):
            await self._send("DELETE", _path(doctype, name), None)

    async def set_row(
        self, parent: tuple[str, str], row_doctype: str, row_name: str, values: Raw
    ) -> Raw:
        """Change fields of one child row, through its parent, leaving its other fields alone.

        Returns the parent as it was saved.
        """
        async with self._writing("/".join(parent)):
            told = await self._call_method(
                "frappe.client.set_value",
                {"doctype": row_doctype, "name": row_name, "fieldname": values},
                is_write=True,
            )
        return dict(told or {})

    async def append_row(
        self, parent: tuple[str, str], table: str, row_doctype: str, values: Raw
    ) -> Raw:
        """Append one row to a child table, through its parent, which is returned as saved."""
        async with self._writing("/".join(parent)):
            told = await self._call_method(
                "frappe.client.insert",
                {
                    "doc": {
                        **values,
                        "doctype": row_doctype,
                        "parent": parent[1],
                        "parenttype": parent[0],
                        "parentfield": table,
                    }
                },
                is_write=True,
            )
        return dict(told or {})

    async def upload(
        self,
        parent: tuple[str, str],
        *,
        file_name: str,
        content: bytes,
        mime: str,
        field: str | None = None,
    ) -> str:
        """Upload a private file and return its address; no field is written by this."""
        form = {"is_private": "1", "doctype": parent[0], "docname": parent[1]}
        if field:
            form["fieldname"] = field
        told = await self._call(
            "POST",
            "/api/method/upload_file",
            is_write=True,
            data=form,
            files={"file": (file_name, content, mime)},
        )
        return str(told["message"]["file_url"])

    async def uploaded(self, parent: tuple[str, str], file_name: str) -> str | None:
        """Return the address of a file that was uploaded before, whose answer was lost."""
        stem, _, suffix = file_name.rpartition(".")
        rows = await self.rows(
            "File",
            ["file_url"],
            limit=1,
            filters=[
                ("attached_to_doctype", "=", parent[0]),
                ("attached_to_name", "=", parent[1]),
                ("file_name", "like", f"{stem}%.{suffix}"),
            ],
        )
        return str(rows[0]["file_url"]) if rows else None

    async def method(self, name: str, body: Raw, *, is_write: bool) -> Any:  # noqa: ANN401 - what a method answers is its own affair
        """Call a whitelisted method; one write at a time for each method."""
        if not is_write:
            return await self._call_method(name, body, is_write=False)
        async with self._writing(name):
            return await self._call_method(name, body, is_write=True)

    # --- calls

    async def _call_method(self, method: str, body: Raw, *, is_write: bool) -> Any:  # noqa: ANN401 - what a method answers is its own affair
        told = await self._call("POST", f"/api/method/{method}", is_write=is_write, json=body)
        return told.get("message")  # a method that returns nothing answers without one

    async def _send(self, verb: str, path: str, body: Raw | None) -> Raw:
        return await self._call(verb, path, is_write=True, json=body)

    async def _read(self, path: str, params: Mapping[str, str | int] | None = None) -> Raw:
        return await self._call("GET", path, is_write=False, params=params)

    async def _call(self, verb: str, path: str, *, is_write: bool, **content: Any) -> Raw:  # noqa: ANN401 - httpx's own arguments
        async with self._slots:
            if not self.breaker.allows(self._now_ms()):
                raise ErpUnavailable("circuit-open")
            try:
                told = await self._exchange(verb, path, is_write=is_write, **content)
            except ErpFailure as failure:
                self._note(failure)
                raise
            self.breaker.succeeded()
            return told

    async def _exchange(self, verb: str, path: str, *, is_write: bool, **content: Any) -> Raw:  # noqa: ANN401 - httpx's own arguments
        tries = 1 if is_write else 2
        while True:
            tries -= 1
            try:
                response = await self._http.request(verb, path, **content)
            except _NOT_SENT as error:
                raise ErpUnavailable(type(error).__name__) from error
            except _BROKEN as error:
                if tries and isinstance(error, _CUT):
                    continue
                raise _lost(error, is_write=is_write) from error
            return read_answer(response, is_write=is_write)

    def _note(self, failure: ErpFailure) -> None:
        now_ms = self._now_ms()
        if is_outage(failure):
            self.breaker.failed(now_ms)
        else:
            self.breaker.succeeded()
        after_ms = getattr(failure, "after_ms", None)
        if after_ms:
            self.breaker.hold(now_ms + after_ms)

    @asynccontextmanager
    async def _writing(self, what: str) -> AsyncIterator[None]:
        lock = self._locks.get(what)
        if lock is None:
            lock = self._locks[what] = asyncio.Lock()
        async with lock:
            yield


def _is_short(params: Mapping[str, str | int]) -> bool:
    """Tell whether parameters fit in an address; quoted, a byte takes three at most."""
    at_most = 3 * sum(len(f"&{name}={value}".encode()) for name, value in params.items())
    return at_most <= URL_BYTES_MAX or len(str(httpx.QueryParams(params))) <= URL_BYTES_MAX


def _path(doctype: str, name: str | None = None) -> str:
    path = f"/api/resource/{quote(doctype, safe='')}"
    return path if name is None else f"{path}/{quote(name, safe='')}"


def _lost(error: Exception, *, is_write: bool) -> ErpFailure:
    reason = type(error).__name__
    return (
        ErpUnknownOutcome(is_answered=False, reason=reason) if is_write else ErpUnavailable(reason)
    )
