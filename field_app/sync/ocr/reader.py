"""Has labels read by the server, one at a time, the job that is open on the screen first.

An attempt has eight seconds. Nothing that is under way is written down: whatever ends the program,
the reading is in its queue.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

from pydantic import ValidationError

from field_app.sync.files import BlobFolder
from field_app.sync.ocr.keeping import KeepingActs
from field_app.sync.ocr.likely import likely
from field_app.sync.ocr.pace import NEVER_MS, due_ms, first, pause_ms
from field_app.sync.ocr.rows import Waiting, every
from field_core.ocr import DEADLINE_S, OcrAsk, OcrReply, label_of
from field_core.operations import Jsonish
from field_core.problems import Problem, ProblemError, Retry
from field_core.suggestions import suggested

T = TypeVar("T")
Forget = Callable[[], None]
Ask = Callable[[Jsonish], Awaitable[Jsonish]]
"""Asks the server to read a label; raises ProblemError."""
_log: Final = logging.getLogger(__name__)

OFFLINE: Final = frozenset(
    {"server-unreachable", "captive-portal", "clock-wrong", "signed-out", "token-expired"}
)
"""What passes when signal returns or somebody signs in, however long that takes."""
LOOK_S: Final = 60.0
"""Looks at the queue at least this often: a device that slept wakes late."""


class Bench(Protocol):
    """Where the replica is worked on: on its own thread."""

    async def look(self, work: Callable[[], T], /) -> T:
        """Return what `work` returns."""

    async def edit(self, work: Callable[[], T | Problem], /) -> T:
        """Do an act and have it sent; raises a refusal that it answers with."""


class MakePicture(Protocol):
    """Makes the smallest picture that still reads (`field_app.device.images.for_reading`)."""

    def __call__(
        self, content: bytes, shares: tuple[float, float, float, float] | None = None, /
    ) -> bytes:
        """Raises ProblemError `photo-…`."""


@dataclass(frozen=True, slots=True)
class Edges:
    """What the reader is given of the world."""

    ask: Ask
    make_picture: MakePicture
    now_ms: Callable[[], int]
    jitter: Callable[[], float]
    is_held: Callable[[], bool] = lambda: False
    """Whether pictures wait for Wi-Fi."""
    deadline_s: float = DEADLINE_S


class LabelReader:
    """The readings under way."""

    def __init__(self, acts: KeepingActs, blobs: BlobFolder, bench: Bench, edges: Edges) -> None:
        self._acts = acts
        self._blobs = blobs
        self._bench = bench
        self._edges = edges
        self._listeners: list[Callable[[], None]] = []
        self._preferred: str | None = None
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.asking: str | None = None
        """The reading that the server is being asked about."""

    # --- life

    def start(self) -> None:
        """Go on with what waits, on the current loop."""
        self._task = asyncio.create_task(self._run(), name="label reader")

    async def stop(self) -> None:
        """Stop; what waits stays as it is, and is gone on with at the next start."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def wake(self) -> None:
        """Have the queue looked at: something was written, a picture arrived, signal returned."""
        self._news.set()

    async def signal(self) -> None:
        """Signal returned: what waited for it is tried at once."""
        if await self._bench.look(lambda: self._acts.hurry_readings(OFFLINE)):
            self.wake()

    @property
    def is_held(self) -> bool:
        """Whether pictures wait for Wi-Fi, as the person chose."""
        return self._edges.is_held()

    def prefer(self, job: str | None) -> None:
        """Have the readings of a job that is open on the screen go first; None: no job is."""
        self._preferred = job

    def on_change(self, listener: Callable[[], None]) -> Forget:
        """Have every reading's progress told on the loop; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _tell(self) -> None:
        for listener in [*self._listeners]:
            listener()

    # --- the queue

    async def _run(self) -> None:
        await self._bench.look(self._acts.forget_old_readings)
        while True:
            self._news.clear()
            try:
                pause_s = await self._turn()
            except Exception:  # noqa: BLE001 - one bad reading must not end all the others
                _log.exception("a label was not read; it is tried again later")
                pause_s = LOOK_S
            await self._rest(pause_s)

    async def _rest(self, pause_s: float) -> None:
        try:
            async with asyncio.timeout(pause_s):
                await self._news.wait()
        except TimeoutError:
            return

    async def _turn(self) -> float:
        """Do one thing; return how many seconds nothing is to be done, unless there is news."""
        if await self._bench.look(self._acts.has_to_settle):
            await self._bench.edit(self._acts.settle_readings)
        now_ms = self._edges.now_ms()
        waiting = await self._bench.look(lambda: every(self._acts.replica))
        reading = first(waiting, preferred=self._preferred, now_ms=now_ms)
        if reading is not None:
            await self._work_on(reading)
            self._tell()
            return 0
        due = min((due_ms(one) for one in waiting), default=NEVER_MS)
        return min(LOOK_S, max(0.0, (due - now_ms) / 1000))

    async def _work_on(self, reading: Waiting) -> None:
        try:
            if reading.picture is None:
                await self._prepare(reading)
            else:
                await self._ask(reading)
        except ProblemError as error:
            await self._failed(reading, error.problem)

    # --- its picture

    async def _prepare(self, reading: Waiting) -> None:
        content = await asyncio.to_thread(self._picture, reading)
        await self._bench.edit(lambda: self._acts.give_picture(reading.id, content))
        await self._bench.look(lambda: self._acts.forget_original(reading.original))

    def _picture(self, reading: Waiting) -> bytes:
        original = self._blobs.read(reading.original)
        if original is None:
            raise ProblemError("photo-damaged")
        return self._edges.make_picture(original)

    # --- an attempt

    async def _ask(self, reading: Waiting) -> None:
        assert reading.picture is not None, "what is asked about has a picture"
        self.asking = reading.id
        self._tell()
        try:
            reply = await self._asked(reading.picture)
        finally:
            self.asking = None
        known = await self._bench.look(lambda: likely(self._acts.replica, reading.job))
        found = suggested(label_of(reply.texts, known=known))
        await self._bench.edit(lambda: self._acts.answer_reading(reading.id, found, reply.place))

    async def _asked(self, picture: str) -> OcrReply:
        body = OcrAsk(sha256=picture).model_dump()
        try:
            async with asyncio.timeout(self._edges.deadline_s):
                return OcrReply.model_validate(await self._edges.ask(body))
        except TimeoutError as error:
            raise ProblemError("ocr-slow") from error
        except ValidationError as error:
            raise ProblemError("server-unreachable") from error

    async def _failed(self, reading: Waiting, problem: Problem) -> None:
        """Put a reading off, or stop it when only a person can mend what is wrong."""
        acts, ocr = self._acts, reading.id
        if problem.code == "blob-missing":
            await self._bench.edit(lambda: acts.send_again(ocr))
        is_late = problem.kind.retry is Retry.LATER or problem.code in OFFLINE
        if not is_late:
            await self._bench.edit(lambda: acts.stop_reading(ocr, problem))
            return
        asked_s = problem.details.get("after_s")
        pause = pause_ms(reading.tries + 1, self._edges.jitter())
        wanted = int(asked_s) * 1000 if isinstance(asked_s, int | float) else 0
        until = self._edges.now_ms() + max(pause, wanted)
        await self._bench.edit(lambda: acts.put_off(ocr, problem, until_ms=until))
