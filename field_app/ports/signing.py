"""What is signed, and with what."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from field_core.canon import Body


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """Who signed what; `changed` names the facts that are different since, by field or table."""

    sha256: str
    signed_by: str
    signed_at: str | None
    language: str
    device: str | None
    is_changed_since: bool
    """“Signed before modification”: what was signed is not what the job says now."""
    changed: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """What a customer would sign now, what was signed, and in what they differ."""

    text: str
    summary: "Summary"
    customer: str
    """The customer's name."""
    language: str
    """Of the text: the one asked for, else that of the signature, else the customer's own."""
    signed: SignatureRow | None = None
    signed_sha256: str = ""
    """Of the facts that were signed."""
    image: str | None = None
    """The sha256 of the signature's image, where its bytes are on this device."""
    signed_text: str | None = None
    """What was signed, where the record is on this device."""


Strokes = Sequence[Sequence[Sequence[float]]]
"""Lines of `(x, y)` or `(x, y, ms)` points, as drawn."""


class Summary(NamedTuple):
    """What a customer is about to sign, and its sha256."""

    facts: Body
    sha256: str


class Signed(NamedTuple):
    """A signature: its image, whose it is, and the hash of the summary that was shown.

    text_sha256: when given, and the job has changed since the summary was made, signing is
    refused: the customer has not seen what would be signed. text: what was shown, word for word.
    """

    content: bytes
    mime: str
    signed_by: str
    language: str
    text_sha256: str | None = None
    strokes: Strokes = ()
    text: str = ""
