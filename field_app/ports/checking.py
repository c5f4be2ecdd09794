"""Customer equipment as the office knows it: asked now or later, and kept on this device."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

from field_core.cpe.report import Act, ActState, CpeAct, CpeReport
from field_core.diagnosis import Run


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a device; without an act, only what the office knows of it."""

    act: Act | None = None
    is_confirmed: bool = False
    band: str | None = None
    channel: int | None = None
    was: str | None = None
    ssid: str | None = None
    host: str | None = None


class CheckState(StrEnum):
    """How far something asked has come; only `done` is a success (T-14)."""

    LATER = "later"
    """Not told to the office yet: it runs by itself when online (T-13)."""
    RUNNING = "running"
    QUEUED = "queued"
    """The office has it, and the device is away: until it reports."""
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Check:
    """Something asked about a device, stored before anybody is asked."""

    id: str
    job: str | None
    equipment: str
    wanted: Wanted
    made_ms: int
    told: CpeAct | None = None
    """What the office last said of it."""
    problem: str | None = None
    """The code of what ended it without success."""
    ended_ms: int | None = None

    @property
    def state(self) -> CheckState:
        """How far it has come."""
        if self.ended_ms is not None:
            return CheckState.FAILED if self.problem else CheckState.DONE
        if self.told is None:
            return CheckState.LATER
        return CheckState.QUEUED if self.told.state is ActState.QUEUED else CheckState.RUNNING


class KeptReport(NamedTuple):
    """What the office said of a device, and when it was heard here."""

    report: CpeReport
    at_ms: int


class KeptRun(NamedTuple):
    """A run that ended here; `attached_ms` when it became evidence on its job."""

    run: Run
    at_ms: int
    attached_ms: int | None = None


class Checking(Protocol):
    """Reports, questions and runs; none of it is lost with the program."""

    async def report(self, equipment: str) -> KeptReport | None:
        """Return what the office last said of a device."""

    async def checks(self, equipment: str) -> Sequence[Check]:
        """Return what was asked of a device lately, newest first."""

    async def ask(self, equipment: str, wanted: Wanted, *, job: str | None = None) -> Check:
        """Ask: stored when this returns, sent as soon as that is possible.

        The same question that still waits is not asked twice.
        """

    async def give_up(self, check: str) -> None:
        """Take back what waits, here or at the office."""

    async def keep_run(self, run: Run) -> None:
        """Keep a run that ended; its job is in it."""

    async def runs(self, job: str) -> Sequence[KeptRun]:
        """Return the runs at a job, newest first."""

    def hurry(self) -> None:
        """Look at what waits now: somebody watches."""

    def on_news(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Have told on the loop that something here changed; returns what ends that."""


@dataclass(frozen=True, slots=True)
class Level:
    """One quantity of a run as a job's reading keeps it; `measured_at` is an instant in text."""

    quantity: str
    value: float
    unit: str | None
    verdict: str | None
    source: str
    measured_at: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A run to be put on its job: readings, the whole run as JSON, and what fills a step."""

    levels: tuple[Level, ...]
    content: bytes
    step: str | None = None
    value: float | None = None
