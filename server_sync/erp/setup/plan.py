"""What would be done to a site, and what is found that a person must look at; values, no calls."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from field_core.canon import Json
from server_sync.erp.setup.copying import Mapped

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Insert:
    """A document to make."""

    doctype: str
    form: Payload


@dataclass(frozen=True, slots=True)
class Update:
    """A document to change."""

    doctype: str
    name: str
    form: Payload


@dataclass(frozen=True, slots=True)
class Method:
    """A whitelisted method to call."""

    method: str
    body: Payload


@dataclass(frozen=True, slots=True)
class Append:
    """A row to append to a document's table."""

    parent: tuple[str, str]
    table: str
    doctype: str
    values: Payload


@dataclass(frozen=True, slots=True)
class Copy:
    """Values to take over from another field of the same documents."""

    mapped: Mapped


Act = Insert | Update | Method | Append | Copy


@dataclass(frozen=True, slots=True)
class Step:
    """One call that brings the site nearer; `what` and `where` are for the table."""

    what: str
    where: str
    detail: str
    act: Act

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same step in a later plan."""
        return self.what, self.where

    def row(self) -> dict[str, Json]:
        """Return the step as a line of the table."""
        return {"do": self.what, "where": self.where, "what": self.detail}


class Weight(StrEnum):
    """How much a finding matters."""

    MAPPED = "mapped"
    """Other than ours, and works as it is."""
    DECIDE = "decide"
    """A person must decide; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something on the site that is not as a new one would have it."""

    weight: Weight
    where: str
    says: str

    def row(self) -> dict[str, Json]:
        """Return the finding as a line of the table."""
        return {"do": str(self.weight), "where": self.where, "what": self.says}


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps in an order in which they can be made, and findings."""

    steps: tuple[Step, ...]
    findings: tuple[Finding, ...]

    @property
    def needs_a_person(self) -> bool:
        """Whether something is there that no step puts right."""
        return any(one.weight is Weight.DECIDE for one in self.findings)

    def rows(self) -> list[dict[str, Json]]:
        """Return the whole plan as a table."""
        return [*(step.row() for step in self.steps), *(one.row() for one in self.findings)]
