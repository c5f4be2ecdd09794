"""The reader of labels put together for an account in step: what it asks, and what wakes it."""

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, TypeVar

from field_app.compose.live import Live
from field_app.compose.machine import answered
from field_app.device import images
from field_app.sync.events import Online
from field_app.sync.ocr.reader import Ask, Bench, Edges, LabelReader
from field_app.sync.status import Status
from field_core.operations import Jsonish
from field_core.problems import ProblemError

if TYPE_CHECKING:
    from field_app.compose.machine import Machine

T = TypeVar("T")


def start_reader(
    machine: "Machine", live: Live, bench: Bench, running: AsyncExitStack
) -> LabelReader:
    """Read labels until the end of `running`."""

    def is_held() -> bool:
        return machine.network.is_mobile and machine.preferences.read().is_wifi_only

    edges = Edges(
        _ask_of(live),
        images.for_reading,
        now_ms=machine.clock.now_ms,
        jitter=machine.ids.jitter,
        is_held=is_held,
    )
    reader = LabelReader(live.account.acts, live.account.blobs, bench, edges)
    running.callback(live.runner.on_changed(lambda _: reader.wake()))
    running.callback(live.runner.on_status(_Signal(live.runner.status, reader)))
    running.push_async_callback(reader.stop)
    reader.start()
    return reader


def _ask_of(live: Live) -> Ask:
    async def ask(body: Jsonish) -> Jsonish:
        access = live.runner.access
        if access is None:
            raise ProblemError("signed-out")
        try:
            return answered(await live.transport.ask("POST", "/v1/ocr", body, access=access))
        except ProblemError as error:
            if error.problem.code == "token-expired":
                live.runner.post(Online())  # the exchange renews the session
            if error.problem.code == "not-found":  # a server from before labels were read there
                raise ProblemError("ocr-off") from error
            raise

    return ask


class _Signal:
    """Hears of every change of sync's standing; tells the reader when signal has returned."""

    def __init__(self, status: Status, reader: LabelReader) -> None:
        self._was_failing = status.failure is not None
        self._reader = reader
        self._tasks: set[asyncio.Task[None]] = set()

    def __call__(self, status: Status) -> None:
        is_failing = status.failure is not None
        if self._was_failing and not is_failing:
            task = asyncio.get_running_loop().create_task(self._reader.signal())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        self._was_failing = is_failing
