"""What a search finds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from field_app.ports.outbox import JobLink
from field_app.saying import Part, Sentence


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that a search found; `job` leads to it when there is a job to open."""

    key: str
    doctype: str
    label: str
    title: str
    facts: Sequence[str] = ()
    job: str | None = None


class FoundIn(StrEnum):
    """The groups of what a search finds, in order."""

    JOBS = "jobs"
    PLACES = "places"
    CUSTOMERS = "customers"
    EQUIPMENT = "equipment"
    IDENTITIES = "identities"
    OTHERS = "others"


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that a search found."""

    key: str
    group: FoundIn
    label: str
    title: str
    matched: Sentence | None = None
    """Which field holds what was typed, where the title does not."""
    facts: Sequence[Part] = ()
    jobs: Sequence[JobLink] = ()
    """Jobs on this device that it leads to, the next one first."""
    status: str | None = None


@dataclass(frozen=True, slots=True)
class Hits:
    """What a search found, in groups, with how many there are of each."""

    text: str
    groups: Mapping[FoundIn, Sequence[Hit]] = field(default_factory=dict)
    totals: Mapping[FoundIn, int] = field(default_factory=dict)
