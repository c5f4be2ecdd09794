"""What a piece of a label may be, and how far it is believed."""

from dataclasses import dataclass
from typing import Final

from field_core.labels.keys import Key
from field_core.labels.model import Field, LabelText, Provenance, Refused


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value that a text may hold."""

    field: Field
    value: str
    text: str
    provenance: Provenance
    confidence: float
    key: Key = Key.NONE
    alternatives: tuple[str, ...] = ()
    maker: str = ""


Answer = Candidate | Refused

SURE: Final = {
    Provenance.BARCODE: 0.98,
    Provenance.TYPED: 0.9,
    Provenance.ERP: 0.9,
    Provenance.OCR: 0.7,
}
UNPROVEN_CODE: Final = 0.9
"""Of Code 39 and ITF, which have no check character."""
UNNAMED: Final = 0.9
"""Each a factor: nothing announces it."""
UNKNOWN_MAKER: Final = 0.75
LOCAL: Final = 0.6
REPAIRED: Final = 0.85
UNLIKE_ANY_VENDOR: Final = 0.6
REPAIRS_MAX: Final = 4
"""A reading with more wrong characters in twelve is another text."""


def sure(source: LabelText) -> float:
    """Return how far a text of this origin is believed."""
    is_unproven = source.symbology in ("Code39", "ITF")
    return round(SURE[source.provenance] * (UNPROVEN_CODE if is_unproven else 1.0), 2)


def first_word(text: str) -> str:
    """Return the first word: what stands behind it belongs to the next line of the label."""
    return next(iter(text.split()), "")
