"""The ACS that speaks GenieACS's northbound interface (NBI), version 1.2, over httpx.

As measured on 1.2.16 and held by 46 recorded exchanges (`tests/fixtures/cpe/nbi_exchanges.json`):
ids are escaped once more in paths; 202 says why in its reason phrase, which proxies drop, so then
`/tasks/` and `/faults/` tell; a 200 says that the session ended, not that a value was stored; and a
task that was not done stays queued, so it is deleted: a reboot asked for at noon must not happen
when the box comes back at night. The NBI has no login and holds passwords in clear: only this
module reaches it, with fixed collections and task names, and drops secrets as they arrive.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote, urlencode

import httpx

from field_core.canon import Json
from field_core.cpe.redaction import redact
from field_core.problems import ProblemError
from server_sync.acs.ports import Away, Deferred, Document, Faulted, Outcome, Performed
from server_sync.acs.tasks import Task, as_body

QUERY_TIMEOUT_S: Final = httpx.Timeout(20, connect=5)
"""A query over some thousand devices takes tenths of a second; a page of a busy MongoDB seconds."""
TASK_TIMEOUT_S: Final = httpx.Timeout(135, connect=5)
"""The ACS holds the answer until the session has ended: real devices need 2 to 10 s, and it gives
up by itself before 130 s."""
FOUND_MAX: Final = 20
"""A MAC or a serial belongs to one device; others are what it replaced, the newest counts."""

_OFFLINE: Final = "Device is offline"
_FAULTED: Final = "Task faulted"
_PENDING: Final = "Task queued but not processed"
_CWMP: Final = "cwmp."


class NbiClient:
    """One ACS. `user` and `password` are those of a proxy before it, where there is one."""

    def __init__(
        self,
        url: str,
        *,
        user: str = "",
        password: str = "",
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._http = httpx.AsyncClient(
            base_url=url,
            transport=transport,
            timeout=QUERY_TIMEOUT_S,
            follow_redirects=False,
            auth=(user, password) if user else None,
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def find(self, queries: Sequence[Mapping[str, Json]]) -> list[Document]:
        """Return id and last inform of what any of the queries finds."""
        found: dict[Json, Document] = {}
        for query in queries:
            page = await self._rows(
                "devices", query, projection=("_id", "_lastInform"), limit=FOUND_MAX
            )
            found.update({document["_id"]: document for document in page})
        return [*found.values()]

    async def read(self, device: str, paths: Sequence[str]) -> Document | None:
        """Return parts of a document, redacted; None for an unknown id (the ACS says `[]`)."""
        assert paths, "a document is never read whole"
        page = await self._rows("devices", {"_id": device}, projection=paths)
        return page[0] if page else None

    async def perform(self, device: str, task: Task) -> Outcome:
        """Have the device connect and do a task now; what is not done is taken back."""
        answer = await self._ask(
            "POST",
            f"/devices/{quote(device, safe='')}/tasks?connection_request",
            body=as_body(task),
            patience=TASK_TIMEOUT_S,
        )
        if answer.status_code == httpx.codes.NOT_FOUND:
            raise ProblemError("cpe-unknown")
        told = _task(answer)
        number, at = str(told["_id"]), str(told["timestamp"])
        if answer.status_code == httpx.codes.OK:
            return Performed(at)
        outcome = await self._what_became(device, number, at, answer.reason_phrase)
        if not isinstance(outcome, Performed):
            await self._ask("DELETE", f"/tasks/{quote(number, safe='')}")
        return outcome

    async def check(self) -> str:
        """Return the ACS's version and how many devices it knows."""
        answer = await self._ask("HEAD", f"/devices/?{_query({})}")
        version = answer.headers.get("genieacs-version", "?").partition("+")[0]
        return f"version {version}, {answer.headers.get('total', '?')} devices"

    async def _what_became(self, device: str, number: str, at: str, reason: str) -> Outcome:
        """Say what 202 means: by its reason phrase, else by what the ACS lists."""
        if reason == _OFFLINE:
            return Deferred(at, Away.OFFLINE)
        if reason == _PENDING:
            return Deferred(at, Away.PENDING)
        faults = await self._rows("faults", {"device": device})
        fault = next((f for f in faults if f.get("channel") == f"task_{number}"), None)
        if fault is not None or reason == _FAULTED:
            return Faulted(at, str((fault or {}).get("code", "")).removeprefix(_CWMP))
        waiting = await self._rows("tasks", {"device": device})
        is_waiting = any(task.get("_id") == number for task in waiting)
        return Deferred(at, Away.PENDING) if is_waiting else Performed(at)

    async def _rows(
        self,
        collection: str,
        query: Mapping[str, Json],
        *,
        projection: Sequence[str] = (),
        limit: int = 0,
    ) -> list[Document]:
        more = {"projection": ",".join(projection)} if projection else {}
        if limit:
            more["limit"] = str(limit)
        answer = await self._ask("GET", f"/{collection}/?{_query(query, **more)}")
        told = _json(answer)
        if not isinstance(told, list):
            raise ProblemError("acs-unreachable")
        rows = (redact(row) for row in told)
        return [row for row in rows if isinstance(row, dict)]

    async def _ask(
        self,
        method: str,
        target: str,
        *,
        body: Mapping[str, Json] | None = None,
        patience: httpx.Timeout = QUERY_TIMEOUT_S,
    ) -> httpx.Response:
        try:
            answer = await self._http.request(method, target, json=body, timeout=patience)
        except (httpx.HTTPError, OSError) as error:
            raise ProblemError("acs-unreachable") from error
        if not answer.is_success and answer.status_code != httpx.codes.NOT_FOUND:
            raise ProblemError("acs-unreachable")
        return answer


def _query(query: Mapping[str, Json], **more: str) -> str:
    return urlencode({"query": json.dumps(query, separators=(",", ":")), **more})


def _task(answer: httpx.Response) -> dict[str, Any]:
    told = _json(answer)
    if not isinstance(told, dict) or not {"_id", "timestamp"} <= told.keys():
        raise ProblemError("acs-unreachable")
    return told


def _json(answer: httpx.Response) -> Json:
    try:
        told: Json = answer.json()
    except ValueError as error:
        raise ProblemError("acs-unreachable") from error
    return told
