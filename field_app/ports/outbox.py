"""What was done here, what waits, what a person decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from field_app.ports.sending import SendState
from field_app.saying import Part, Sentence
from field_core.canon import Body
from field_core.problems import Problem


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


class Section(StrEnum):
    """The parts of the outbox screen, in the order in which they matter."""

    NEEDS_YOU = "needs-you"
    REVIEW = "review"
    WAITING = "waiting"
    RECEIVED = "received"
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class JobLink:
    """The job that something was done on; `key` is None when it is no longer on this device."""

    key: str | None
    label: str
    subject: str


@dataclass(frozen=True, slots=True)
class OutboxLine:
    """One act, of one or several operations, and where it stands."""

    id: str
    """Of the group, or of the one operation."""
    section: Section
    sentence: Sentence
    state: SendState
    made_ms: int
    job: JobLink | None = None
    blocks: Sentence | None = None
    """What it waits for."""
    problem: Problem | None = None
    operations: int = 1
    sent: float | None = None
    """The share of its file that the server has, for as long as that is not all."""
    is_stuck: bool = False
    """Whether its file stopped for a reason that trying again may mend."""


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """What lost, or waits for the office: both values, with who and when."""

    id: str
    section: Section
    sentence: Sentence
    reason: str
    """`conflict`, `ocr-disagreement`, `late-work`, or the code of a problem."""
    job: JobLink | None
    is_open: bool
    at: str
    by: str
    received_at: str
    kept: Part | None = None
    lost: Part | None = None
    message: str | None = None
    """What the ERP answered when it refused."""
    kept_by: str | None = None
    kept_at: str | None = None
    resolution: str | None = None
    resolved_by: str | None = None
    resolved_at: str | None = None


OutboxEntry = OutboxLine | ReviewLine


@dataclass(frozen=True, slots=True)
class OutboxPage:
    """A stretch of the outbox, and what all of it comes to."""

    counts: Mapping[Section, int]
    entries: Sequence[OutboxEntry]
    files_left: int = 0
    bytes_left: int = 0
    """Of files that the server has not got whole."""


@dataclass(frozen=True, slots=True)
class EntryDetail:
    """One line of the outbox with its parts."""

    entry: OutboxEntry
    parts: Sequence[OutboxLine] = ()
    """The operations of an act; for late work what was done on the job."""
    reviews: Sequence[ReviewLine] = ()
    """What the office has to decide about an act."""
    files: int = 0
    """How many of the parts are files."""


@dataclass(frozen=True, slots=True)
class Attention:
    """What of a job waits for a person: here, or in the office."""

    needs_you: int = 0
    reviews: int = 0
    first: str | None = None
    """The entry to look at first."""
