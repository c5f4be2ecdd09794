"""The entries of a job: material, notes, time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from field_app.ports.jobs import JobFacts


@dataclass(frozen=True, slots=True)
class MaterialRow:
    """One material that was used."""

    id: str
    item: str | None
    description: str | None
    qty: float
    uom: str | None


@dataclass(frozen=True, slots=True)
class NoteRow:
    """One note; a corrected one is shown beside its correction."""

    id: str
    text: str
    at: str | None
    by: str | None
    corrects: str | None
    is_corrected: bool


@dataclass(frozen=True, slots=True)
class TimeRow:
    """One stretch of time; both ends as instants in text, `ended_at` None while it runs."""

    id: str
    activity: str
    started_at: str
    ended_at: str | None
    by: str | None
    corrects: str | None
    is_corrected: bool


@dataclass(frozen=True, slots=True)
class JobMaterials:
    """The material of a job."""

    facts: JobFacts
    rows: Sequence[MaterialRow]
    items: Mapping[str, "ItemRow"]
    """What the rows' items are called, by code."""


@dataclass(frozen=True, slots=True)
class JobNotes:
    """The notes of a job."""

    facts: JobFacts
    rows: Sequence[NoteRow]


@dataclass(frozen=True, slots=True)
class JobTimes:
    """The time entries of a job, and what runs on another."""

    facts: JobFacts
    rows: Sequence[TimeRow]
    elsewhere: Sequence["RunningTime"] = ()


@dataclass(frozen=True, slots=True)
class RunningTime:
    """A stretch of one's own time that runs on a job."""

    job: str
    label: str
    activity: str
    started_at: str


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item of the catalogue."""

    code: str
    name: str
    group: str
    uom: str
