"""What screens and commands are shown, as plain values, and what they may ask for.

Adapters make these values (`sync.queries`), state models and commands read them; neither side
knows the other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from field_core.canon import Body, Json
from field_core.status import JobStatus


class SendState(StrEnum):
    """Where something done here stands on its way; never more than the server has said."""

    ON_DEVICE = "on-device"
    RECEIVED = "received"
    IN_OFFICE = "in-office"
    NEEDS_YOU = "needs-you"
    NEEDS_REVIEW = "needs-review"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class JobRow:
    """One line of the day."""

    key: str
    label: str
    subject: str
    status: str
    day: str | None
    time: str | None
    place: str
    unsent: int = 0


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of a job, numbered as shown."""

    number: int
    id: str
    code: str
    kind: str
    label_fr: str
    label_en: str
    is_required: bool
    is_open: bool
    is_done: bool
    value: Json = None
    unit: str | None = None
    skip_reason: str | None = None
    done_at: str | None = None

    def label(self, language: str) -> str:
        """Return what the step is called."""
        return self.label_en if language == "en" else self.label_fr


@dataclass(frozen=True, slots=True)
class BlobRow:
    """One photo or signature and how far it has come."""

    sha256: str
    role: str
    size: int
    sent: int
    is_received: bool
    problem: str | None


@dataclass(frozen=True, slots=True)
class JobDetail:
    """Everything about one job that is here."""

    row: JobRow
    body: Body
    steps: Sequence[StepRow]
    moves: Sequence[JobStatus]
    """States that a technician may move it to now."""
    location: Body | None = None
    equipment_here: Sequence[tuple[str, Body]] = ()
    blobs: Sequence[BlobRow] = ()
    outbox: Sequence["OutboxRow"] = ()


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One thing done here and where it stands."""

    id: str
    key: str
    document: str
    kind: str
    what: str
    at: str
    made_ms: int
    state: SendState
    problem: str | None = None
    details: Body = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recorded:
    """Where a device is recorded: the answer to a scanned or typed identity."""

    equipment: str
    mac_address: str | None
    serial_no: str | None
    gpon_serial: str | None
    location: str | None
    place: str
    since: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """The sync line: when the server was last heard, what is unsent, and what is wrong."""

    phase: str
    failure: str | None
    contact_ms: int | None
    unsent: int
    blobs_left: int


class Asking(Protocol):
    """What a screen may ask of the account; every coroutine raises ProblemError."""

    @property
    def standing(self) -> Standing:
        """Where sync stands now."""

    async def jobs(self, day: str | None) -> Sequence[JobRow]:
        """Return the jobs of a day (None: every open one)."""

    async def job(self, key: str) -> JobDetail | None:
        """Return one job."""

    async def outbox(self) -> Sequence[OutboxRow]:
        """Return what was done here, newest first."""

    async def move(self, key: str, to: JobStatus, reason: str | None = None) -> None:
        """Move a job."""

    async def note(self, key: str, text: str) -> None:
        """Add a note."""

    async def sync_now(self) -> str | None:
        """Exchange with the server; return the code of what went wrong."""

    def on_changed(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Have news told on the loop; returns what ends that."""


class Entry(Protocol):
    """The way into an account."""

    @property
    def server(self) -> str:
        """The server that signing in proposes."""

    async def resume(self) -> Asking | None:
        """Return the account that is signed in here, in step with its server, if there is one."""

    async def sign_in(self, server: str, email: str, password: str) -> Asking:
        """Sign in; raises ProblemError."""
