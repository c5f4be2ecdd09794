"""A page to hand over: what stands on it, whoever draws it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

Mood = Literal["good", "warn", "bad", "neutral"]


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A named value, with what is said beside it in small letters."""

    label: str
    value: str
    note: str = ""
    mood: Mood = "neutral"


@dataclass(frozen=True, slots=True)
class PrintedVerdict:
    """A finding in words, its state as a word as well as a colour, and what to do."""

    state: str
    sentence: str
    action: str
    mood: Mood


@dataclass(frozen=True, slots=True)
class PrintedSection:
    """A titled part of a page."""

    title: str
    lines: Sequence[PrintedLine] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole document: heading, facts below it, findings, sections, what stands at the foot."""

    title: str
    facts: Sequence[str] = ()
    verdicts: Sequence[PrintedVerdict] = ()
    sections: Sequence[PrintedSection] = field(default_factory=tuple)
    foot: str = ""


class Printing(Protocol):
    """Makes a PDF of a sheet; slow enough to be done off the loop."""

    def pdf(self, sheet: Sheet) -> bytes:
        """Return the bytes of a PDF of A4 pages."""
