"""What a late reading of a label proposes, and what may come of it: filled in, asked, or kept.

A proposal never replaces what a person typed or scanned (SC-03, T-09). It fills an empty field by
itself only when it is sure; everything else waits for a tap, and after the job has closed it is
evidence for the office.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from field_core.identity import bare, mac, serial_forms
from field_core.labels.model import Field, Found, Label, Provenance

SURE: Final = 0.65
"""What OCR read under its name, as it stands, of a known maker has 0.7; a repaired one 0.6, a MAC
of a maker that nobody registered 0.5 (`field_core.labels.candidates`). Characters that look alike
are in almost every identity: they are shown with it and do not count against it."""
STEP_FIELD: Final = "value"
"""What a step's answer is called in its row."""

IDENTITY: Final[tuple[Field, ...]] = (Field.MAC, Field.GPON, Field.SERIAL)
"""What tells which device it is, the surest first (SC-07)."""
OF_DEVICE: Final = (*IDENTITY, Field.MODEL)
"""What a device's form has a field for."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """One value that a late reading proposes for one field of a device."""

    field: Field
    value: str
    provenance: Provenance
    confidence: float
    alternatives: tuple[str, ...] = ()

    @property
    def is_sure(self) -> bool:
        """Whether it may fill an empty field without being asked about."""
        return self.confidence >= SURE


class Fate(StrEnum):
    """What becomes of a proposal."""

    FILL = "fill"
    """The field is empty and the value sure."""
    ASK = "ask"
    """Shown beside the field until somebody takes it or leaves it."""
    AGREE = "agree"
    """The field says the same, or something that this does not contradict."""
    EVIDENCE = "evidence"
    """The job is closed: told to the office, changed by nobody here."""


def suggested(label: Label) -> tuple[Suggested, ...]:
    """Return what a label that was read late proposes, the surest mark of the device first."""
    found = ((field, label.found[field]) for field in OF_DEVICE if field in label.found)
    return tuple(_suggested(field, value) for field, value in found)


def _suggested(field: Field, found: Found) -> Suggested:
    return Suggested(field, found.value, found.provenance, found.confidence, found.alternatives)


def for_step(proposals: Iterable[Suggested], current: str) -> Suggested | None:
    """Return the proposal that a step's answer is to be compared with.

    An answer is compared with its own kind: a serial that was typed says nothing about a MAC. A
    step without an answer is offered the surest mark.
    """
    marks = {proposal.field: proposal for proposal in proposals if proposal.field in IDENTITY}
    if current:
        return marks.get(_kind_of(current))
    return next(iter(marks.values()), None)


def _kind_of(answer: str) -> Field:
    if mac(answer) is not None:
        return Field.MAC
    return Field.GPON if len(serial_forms(answer)) > 1 else Field.SERIAL


def fate(proposal: Suggested, current: str, *, is_closed: bool) -> Fate:
    """Say what becomes of a proposal for a field that now reads `current` (empty: nothing)."""
    if says_the_same(proposal.value, current):
        return Fate.AGREE
    if is_closed:
        return Fate.EVIDENCE
    return Fate.FILL if not current and proposal.is_sure else Fate.ASK


def says_the_same(one: str, other: str) -> bool:
    """Tell whether two texts name the same device, however they are parted or written."""
    if not one or not other:
        return False
    forms = {bare(one), *serial_forms(one)}
    return not forms.isdisjoint({bare(other), *serial_forms(other)})
