"""Many devices in one process: each polls, and now and then pushes what was just done.

A device is the app's own transport and the wire's own messages, without a replica: two hundred
replicas on the server's machine would measure its disk.
"""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from benchmarks.devices.names import name_of
from benchmarks.sync_phases.device import sign_in
from field_app.device.clock import DeviceClock
from field_app.device.ids import Ids
from field_app.sync.events import Call, Event, Replied
from field_app.sync.transport import Transport
from field_core.wire import SyncRequest

PUSH_EVERY: Final = 4
"""One exchange in four carries work: a step and a note."""
SIGNING_IN_MAX: Final = 8
"""Passwords are slow to check on purpose; signing in is no part of the figure."""
_OK: Final = 200


@dataclass(slots=True)
class Heard:
    """What all devices saw."""

    took_ms: list[float] = field(default_factory=list)
    took_pushing_ms: list[float] = field(default_factory=list)
    operations: int = 0
    errors: list[str] = field(default_factory=list)


class Phone:
    """One device that is in step at the start."""

    def __init__(self, server: str, session: dict[str, Any], ids: Ids, seed: int) -> None:
        self._transport = Transport(server)
        self._access = session["access"]
        self._ids = ids
        self._clock = DeviceClock()
        self._noise = random.Random(seed)
        self._cursor = ""
        self._jobs: Sequence[Any] = ()
        self._n = 0
        self._values: dict[tuple[str, str], float] = {}
        self._revs: dict[str, int] = {}

    async def begin(self, technician: str, *, device: str | None = None) -> None:
        """Learn where the feed stands and which jobs there are; with a device, get a session."""
        asked = {"technician": technician, **({"device": device} if device else {})}
        event = await self._transport.ask("POST", "/bench/start", asked)
        assert isinstance(event, Replied), "the bench's own server answers"
        if device:
            self._access = event.body["session"]["access"]
        self._cursor, self._jobs = event.body["cursor"], event.body["jobs"]

    async def live(self, heard: Heard, *, until: float, every_s: float) -> None:
        """Poll and push until a time."""
        await asyncio.sleep(self._noise.uniform(0, every_s))
        while time.monotonic() < until:
            is_push = bool(self._jobs) and self._noise.randrange(PUSH_EVERY) == 0
            await self._exchange(heard, self._work() if is_push else [])
            await asyncio.sleep(every_s * self._noise.uniform(0.8, 1.2))

    async def exchange(self, heard: Heard, *, pushes: bool) -> None:
        """Make one exchange, with work or without."""
        await self._exchange(heard, self._work() if pushes and self._jobs else [])

    async def _exchange(self, heard: Heard, ops: list[dict[str, Any]]) -> None:
        request = SyncRequest(cursor=self._cursor, now=self._clock.stamp(), ops=ops)
        body = {"proto": 1, **request.model_dump(mode="json", by_alias=True, exclude_defaults=True)}
        call = Call(1, "POST", "/v1/sync", body, self._access)
        events: list[Event] = []
        began = time.perf_counter()
        await self._transport.perform(call, events.append)
        took = (time.perf_counter() - began) * 1000
        heard.took_ms.append(took)
        if ops:
            heard.took_pushing_ms.append(took)
            heard.operations += len(ops)
        fault = self._fault(events[0], ops)
        if fault:
            heard.errors.append(fault)

    def _fault(self, event: Event, ops: list[dict[str, Any]]) -> str | None:
        """Take in an answer; return what is wrong with it."""
        if not isinstance(event, Replied) or event.status != _OK:
            return str(event)
        self._cursor = event.body.get("cursor") or self._cursor
        for change in event.body.get("changes", ()):
            self._revs[change["key"]] = change.get("rev", 0)
        verdicts = {o["n"]: o["verdict"] for o in event.body.get("outcomes", ())}
        wrong = [verdicts.get(op["n"]) for op in ops if verdicts.get(op["n"]) != "applied"]
        return f"verdicts {wrong}" if wrong else None

    def _work(self) -> list[dict[str, Any]]:
        key, steps = self._noise.choice(self._jobs)
        step, value = self._noise.choice(steps), round(self._noise.uniform(-27, -8), 2)
        was = self._values.get((key, step))
        self._values[key, step] = value
        path = f"checklist.{step}.value"
        note = {"text": f"Mesuré {value} dBm", "by": "bench"}
        return [
            self._operation(key, {"kind": "set", "fields": {path: [was, value]}}),
            self._operation(
                key,
                {"kind": "append", "list": "notes", "item_id": self._ids.new(), "item": note},
            ),
        ]

    def _operation(self, key: str, what: dict[str, Any]) -> dict[str, Any]:
        self._n += 1
        return {
            "id": self._ids.new(),
            "n": self._n,
            "key": key,
            "at": self._clock.stamp(),
            "rev": self._revs.get(key, 1),
            **what,
        }

    async def end(self) -> None:
        """Close its connections."""
        await self._transport.close()


async def crowd(
    server: str, *, devices: int, seconds: float, every_s: float, mark: Callable[[], None]
) -> Heard:
    """Let devices live for a while; return what they saw.

    mark: called when all are signed in, and again when the last one is done.
    """
    ids = Ids(DeviceClock())
    gate = asyncio.Semaphore(SIGNING_IN_MAX)
    phones = await asyncio.gather(
        *(_enter(server, number, ids, gate) for number in range(1, devices + 1))
    )
    mark()
    heard, until = Heard(), time.monotonic() + seconds
    await asyncio.gather(*(phone.live(heard, until=until, every_s=every_s) for phone in phones))
    mark()
    await asyncio.gather(*(phone.end() for phone in phones))
    return heard


async def _enter(server: str, number: int, ids: Ids, gate: asyncio.Semaphore) -> Phone:
    technician = name_of(number)
    async with gate:
        phone = Phone(server, await sign_in(server, technician), ids, number)
        await phone.begin(technician)
    return phone
