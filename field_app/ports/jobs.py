"""Jobs as lists and screens show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from field_app.ports.outbox import OutboxLine, OutboxRow
from field_app.ports.sending import SendState
from field_core.canon import Body, Json
from field_core.status import JobStatus


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
    note: str | None = None
    low: float | None = None
    high: float | None = None
    """Bounds of a number, in `unit`."""
    choices: tuple[str, ...] = ()
    waits_for: tuple[str, ...] = ()
    """Ids of the steps that hold this one up."""
    photos: int = 0
    is_applicable: bool = True
    is_missing: bool = False
    """Whether the job cannot be completed without it."""
    is_failed: bool = False
    """Whether a reading was taken and is out of its bounds."""
    source: str | None = None
    """How the identity of a scan came: `barcode`, `typed`, `ocr`, `photo`."""
    identity: str | None = None
    """What its label told besides, as JSON."""
    is_to_confirm: bool = False
    """Whether its identity is on a photo that nobody has read yet."""
    has_evidence: bool = True
    """Whether what must be there before it is done is there: its photo, the signature."""

    @property
    def is_settled(self) -> bool:
        """Whether it needs nothing more: done, or left out with a reason."""
        return self.is_done or self.skip_reason is not None

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
    customer: Body | None = None
    equipment_here: Sequence[tuple[str, Body]] = ()
    blobs: Sequence[BlobRow] = ()
    outbox: Sequence["OutboxRow"] = ()

    @property
    def next_step(self) -> StepRow | None:
        """The step to do now; None when nothing required is left."""
        missing = [step for step in self.steps if step.is_missing]
        counting = [step for step in self.steps if step.is_applicable]
        ready = [step for step in counting if step.is_open and not step.is_settled]
        return next(iter([*ready, *missing])) if missing else None


@dataclass(frozen=True, slots=True)
class DayJob:
    """One job as a list shows it."""

    key: str
    label: str
    subject: str
    status: str
    day: str | None
    time: str | None
    """Start of the window, `HH:MM` where the work is."""
    minutes: int | None
    """Planned length, in minutes."""
    priority: str
    job_type: str
    customer: str
    place: str
    steps_done: int
    steps_total: int
    unsent: int
    """Operations of this job that the server has not answered."""
    needs_you: int
    """Operations of this job that a person must decide on here."""
    is_ready: bool
    """Whether everything that the visit needs is on this device."""
    offered_until: str | None = None
    answer: str | None = None
    """What this person answered to an offer: `Accept` (asked for) or `Decline`."""


@dataclass(frozen=True, slots=True)
class ReadyCheck:
    """One line of the check before going in; `code` names its sentence."""

    code: str
    is_met: bool
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JobFacts:
    """What every part of a job is told besides its rows."""

    label: str
    status: str
    location: str | None
    place: str
    people: Mapping[str, str]
    """Names of technicians by what rows call them."""
    states: Mapping[str, SendState]
    """How far what was done here to a row or a device has come, by row id or key."""

    def who(self, by: str | None) -> str:
        """Return the name of whoever a row names."""
        return self.people.get(by, by) if by else ""


@dataclass(frozen=True, slots=True)
class Visit:
    """Another job at the same location."""

    key: str
    label: str
    subject: str
    status: str
    day: str | None
    time: str | None
    technician: str
    is_past: bool
    last_note: str | None


@dataclass(frozen=True, slots=True)
class MoveRow:
    """One move of a job: when it was made, and when the server answered, if it was made here."""

    id: str
    from_status: str
    to_status: str
    at: str | None
    by: str | None
    reason: str | None
    received_ms: int | None


@dataclass(frozen=True, slots=True)
class JobHistory:
    """What came before and after at a location, how a job moved, and what was done here."""

    facts: JobFacts
    visits: Sequence[Visit]
    moves: Sequence[MoveRow]
    done: Sequence["OutboxLine"]
