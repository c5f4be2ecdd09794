"""GenieACS's northbound interface as recorded from 1.2.16, over made-up devices, in process.

It has its ways too: 200 for values that do not exist, tasks that stay queued while a device is off,
results that nothing re-reads, and a process that dies of an unknown task name.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

import httpx

from field_core.canon import Json
from field_core.instants import to_text
from server_sync.acs.bench.trees import below, finds, leaf, leaves, projected

INFORM_EVERY: Final = timedelta(minutes=5)
RESTART: Final = timedelta(seconds=25)
"""Shorter than a real ONT's two minutes: nobody watches a demo start."""
VERSION: Final = "1.2.16+bench"

_HEADERS: Final = {"genieacs-version": VERSION}
_TASKS: Final = frozenset({"getParameterValues", "setParameterValues", "refreshObject", "reboot"})
_NOTHING: Final[Mapping[str, Any]] = {}


class Devices(Protocol):
    """Where the devices come from."""

    def documents(self, *, at: str) -> Mapping[str, dict[str, Any]]:
        """Return every device's document by id."""

    def is_off(self, document: Mapping[str, Any]) -> bool:
        """Tell whether a device is switched off."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; the reason phrase is part of it."""

    status: int
    body: Json = ""
    reason: str = ""
    total: int | None = None


@dataclass
class Bench:
    """The stand-in: devices, the tasks that wait for them, and their faults."""

    devices: Devices
    now: Callable[[], datetime]
    faults: dict[str, str] = field(default_factory=dict)
    """Device id → the CWMP code that it answers every task with (9001, 9002)."""
    off: set[str] = field(default_factory=set)
    """Ids of devices that are away, besides those that `devices` says are."""
    _tasks: dict[str, dict[str, Any]] = field(default_factory=dict)
    _faulted: dict[str, dict[str, Any]] = field(default_factory=dict)
    _restarts: dict[str, datetime] = field(default_factory=dict)
    _unread: dict[str, dict[str, Json]] = field(default_factory=dict)
    _count: int = 0
    _here: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    """The devices as they are during one request."""

    def answer(self, method: str, target: str, body: bytes) -> Answer:
        """Answer one request. Raises ConnectionError where the real one ends without a word."""
        parts = urlsplit(target)
        steps = [part for part in parts.path.split("/") if part]
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self._here = self.devices.documents(at=self._at())
        self._let_time_pass()
        match method, steps:
            case (("GET" | "HEAD"), [("devices" | "tasks" | "faults") as collection]):
                return self._rows(collection, asked)
            case "POST", ["devices", device, "tasks"]:
                is_now = "connection_request" in parts.query
                return self._take(unquote(device), body, is_now=is_now)
            case "DELETE", ["tasks", number]:
                self._forget(number)
                return Answer(200)
            case _:
                return Answer(404, "404 Not Found")

    # --- reading

    def _rows(self, collection: str, asked: Mapping[str, str]) -> Answer:
        try:
            query = json.loads(asked.get("query", "{}"))
        except ValueError as error:
            return Answer(400, f"SyntaxError: {error}")
        rows: list[dict[str, Any]] = {
            "devices": [*self._here.values()],
            "tasks": [*self._tasks.values()],
            "faults": [*self._faulted.values()],
        }[collection]
        found = [row for row in rows if finds(row, query)]
        skip, limit = int(asked.get("skip", 0)), int(asked.get("limit", 0))
        page = found[skip : skip + limit] if limit else found[skip:]
        if "projection" in asked:
            page = [projected(row, asked["projection"].split(",")) for row in page]
        return Answer(200, [*page], total=len(found))

    def _at(self) -> str:
        return to_text(self.now())

    # --- tasks

    def _take(self, device: str, body: bytes, *, is_now: bool) -> Answer:
        document = self._here.get(device)
        if document is None:
            return Answer(404, "No such device")
        if not body:
            return self._connect(device)
        try:
            asked = json.loads(body)
        except ValueError as error:
            return Answer(400, f"SyntaxError: {error}")
        if asked.get("name") not in _TASKS:
            raise ConnectionError("Server disconnected without sending a response.")
        task = self._queued(device, asked)
        if not is_now:
            return Answer(202, task, "Accepted")
        if self._is_away(device):
            return Answer(202, task, "Device is offline")
        return self._run(document, task)

    def _connect(self, device: str) -> Answer:
        if self._is_away(device):
            return Answer(504, "Device is offline", "Device is offline")
        self._inform(self._here[device])
        return Answer(200)

    def _queued(self, device: str, asked: dict[str, Any]) -> dict[str, Any]:
        self._count += 1
        number = f"{self._count:024x}"
        task = {**asked, "device": device, "timestamp": self._at(), "_id": number}
        self._tasks[number] = task
        return task

    def _run(self, document: dict[str, Any], task: dict[str, Any]) -> Answer:
        device, number = str(document["_id"]), str(task["_id"])
        document["_lastInform"] = self._at()
        code = self.faults.get(device)
        if code is not None:
            self._faulted[number] = {
                "_id": f"{device}:task_{number}",
                "device": device,
                "channel": f"task_{number}",
                "timestamp": self._at(),
                "code": f"cwmp.{code}",
                "retries": 0,
            }
            return Answer(202, task, "Task faulted")
        self._do(document, task)
        self._forget(number)
        return Answer(200, task)

    def _forget(self, number: str) -> None:
        self._tasks.pop(number, None)
        self._faulted.pop(number, None)

    def _do(self, document: dict[str, Any], task: dict[str, Any]) -> None:
        name: str = task["name"]
        match name:
            case "getParameterValues":
                for path in task["parameterNames"]:
                    self._reread(document, path)
            case "refreshObject":
                top = below(document, task["objectName"]) or _NOTHING
                for path, _ in leaves(top, task["objectName"].rstrip(".")):
                    self._reread(document, path)
            case "setParameterValues":
                for path, value, _ in task["parameterValues"]:
                    self._write(document, path, value)
            case _:
                self._restarts[str(document["_id"])] = self.now() + RESTART

    def _reread(self, document: dict[str, Any], path: str) -> None:
        parameter = leaf(document, path)
        if parameter is not None:
            news = self._unread.get(str(document["_id"]), {})
            parameter.update({"_value": news.pop(path, parameter["_value"])})
            parameter["_timestamp"] = self._at()

    def _write(self, document: dict[str, Any], path: str, value: Json) -> None:
        parameter = leaf(document, path)
        if parameter is not None:
            parameter.update({"_value": value, "_timestamp": self._at()})
        if path.endswith(".DiagnosticsState") and parameter is not None:
            at = path.rpartition(".")[0]
            self._unread.setdefault(str(document["_id"]), {}).update(_pinged(at))

    # --- time

    def _is_away(self, device: str) -> bool:
        document = self._here[device]
        return device in self.off or device in self._restarts or self.devices.is_off(document)

    def _let_time_pass(self) -> None:
        """Devices that are on inform every five minutes, and restart when their time has come."""
        now = self.now()
        for device, back_at in [*self._restarts.items()]:
            if now >= back_at:
                del self._restarts[device]
                document = self._here[device]
                document["_lastBoot"] = to_text(back_at)
                self._inform(document)
        for device, document in self._here.items():
            due = datetime.fromisoformat(document["_lastInform"]) + INFORM_EVERY
            if now >= due and not self._is_away(device):
                self._inform(document)

    def _inform(self, document: dict[str, Any]) -> None:
        """A session: the device says that it is there, and does what waits for it."""
        document["_lastInform"] = self._at()
        for task in [*self._tasks.values()]:
            if task["device"] == document["_id"]:
                self._run(document, task)


def _pinged(at: str) -> dict[str, Json]:
    """Return what a device holds once it has pinged; the ACS knows when it reads it again."""
    return {
        f"{at}.DiagnosticsState": "Complete",
        f"{at}.SuccessCount": 4,
        f"{at}.FailureCount": 0,
        f"{at}.AverageResponseTime": 7,
        f"{at}.MinimumResponseTime": 6,
        f"{at}.MaximumResponseTime": 9,
    }


class BenchTransport(httpx.AsyncBaseTransport):
    """The way to the stand-in: httpx's own requests and answers, without a socket."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        target = request.url.raw_path.decode("ascii")
        try:
            answer = self._bench.answer(request.method, target, await request.aread())
        except ConnectionError as error:
            raise httpx.RemoteProtocolError(str(error)) from error
        return response_of(answer, request.method)


def response_of(answer: Answer, method: str) -> httpx.Response:
    """Return an answer as httpx's, with its reason phrase."""
    is_json = isinstance(answer.body, (list, dict))
    text = json.dumps(answer.body) if is_json else str(answer.body)
    headers = dict(_HEADERS)
    if answer.total is not None:
        headers["total"] = str(answer.total)
    if is_json:
        headers["content-type"] = "application/json"
    reason = answer.reason or httpx.codes.get_reason_phrase(answer.status)
    return httpx.Response(
        answer.status,
        headers=headers,
        content=b"" if method == "HEAD" else text.encode(),
        extensions={"reason_phrase": reason.encode("ascii")},
    )
