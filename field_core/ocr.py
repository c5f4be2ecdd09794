"""What a device asks of the server about a label, and the texts that come back.

Only texts travel: what they mean is decided by the parser, on the device, with what it knows of
the technician's jobs. So whatever somebody wrote on a label ends as a text of that label.
"""

from collections.abc import Iterable
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, field_validator

from field_core.labels import Label, LabelText, Provenance, parse_label, redacted
from field_core.labels.parsing import CHARACTERS_MAX

DEADLINE_S: Final = 8.0
"""An attempt ends here, answered or not; the reading goes back to its queue (SC-01, T-08)."""
TEXTS_MAX: Final = 80
"""Lines and codes; the fullest label of the samples has 31."""


class OcrAsk(BaseModel):
    """Asks for the label on a picture that was uploaded before."""

    model_config = ConfigDict(frozen=True)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class OcrText(BaseModel):
    """One text of the label: what a code says, or a line that was read."""

    model_config = ConfigDict(frozen=True)
    text: str = Field(max_length=CHARACTERS_MAX)
    provenance: Provenance = Provenance.OCR
    symbology: str = Field(default="", max_length=20)


Share = Annotated[float, Field(ge=0, le=1)]
Place = tuple[Share, Share, Share, Share]
"""Left, top, right and bottom, in shares of a picture's width and height."""


class OcrReply(BaseModel):
    """All the texts that were read; none when nobody could read any."""

    model_config = ConfigDict(frozen=True)
    texts: tuple[OcrText, ...] = Field(default=(), max_length=TEXTS_MAX)
    place: Place | None = None
    """Where on the picture the label is, if that is known."""

    @field_validator("place")
    @classmethod
    def _is_somewhere(cls, place: Place | None) -> Place | None:
        if place is not None and not (place[0] < place[2] and place[1] < place[3]):
            raise ValueError("a place has a width and a height")
        return place


def label_of(texts: Iterable[OcrText], *, known: Iterable[str] = ()) -> Label:
    """Return what the texts say of their device; `known`: identities at hand (`parse_label`)."""
    return parse_label(
        [LabelText(one.text, one.provenance, one.symbology) for one in texts], known=known
    )


def harmless(texts: Iterable[OcrText]) -> tuple[OcrText, ...]:
    """Return texts as they may be kept and sent: as many as a label has, no key of a network."""
    kept = [one.model_copy(update={"text": redacted(one.text)}) for one in texts if one.text]
    return tuple(kept[:TEXTS_MAX])
