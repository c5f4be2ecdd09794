"""Labels that no decoder here could read: photos that wait, and what was read of them."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

from field_app.ports.outbox import JobLink
from field_app.ports.scanning import Box
from field_core.labels.model import Provenance
from field_core.problems import Problem


class OcrOf(StrEnum):
    """What a label is read for."""

    STEP = "step"
    DEVICE = "device"
    FORM = "form"
    """A device that is being written down and is not recorded yet."""


class OcrTarget(NamedTuple):
    """Whose fields a reading is for.

    id: of the step's row; the device's key; or the name that the open form gave itself.
    """

    of: OcrOf
    id: str


class OcrState(StrEnum):
    """How far a reading has come."""

    PREPARING = "preparing"
    """The picture that is sent is being made."""
    SENDING = "sending"
    """Its picture is on its way, or waits for signal."""
    WAITING = "waiting"
    """The server has the picture; the next attempt is at `next_ms`."""
    ASKING = "asking"
    """The server is being asked right now, for eight seconds at most."""
    READ = "read"
    UNREADABLE = "unreadable"
    """Nobody could read it: a person types it."""
    STOPPED = "stopped"
    """It cannot go on by itself; `problem` says why."""

    @property
    def is_over(self) -> bool:
        """Whether nothing more is going to happen."""
        return self in (OcrState.READ, OcrState.UNREADABLE, OcrState.STOPPED)


@dataclass(frozen=True, slots=True)
class OcrRow:
    """One label that waits, or waited, to be read."""

    id: str
    job: JobLink
    target: OcrTarget
    photo: str
    """Id of the photo, from the shutter on."""
    step_fr: str
    step_en: str
    """What the step is called; empty for a device."""
    state: OcrState
    made_ms: int
    tries: int = 0
    next_ms: int = 0
    sha256: str | None = None
    """The picture that is sent, or else the original."""
    percent: int = 0
    """How much of its picture the server has."""
    problem: Problem | None = None
    """Why it stopped, or why the latest attempt came to nothing."""

    def step_label(self, language: str) -> str:
        """Return what its step is called."""
        return self.step_en if language == "en" else self.step_fr


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a late reading proposes for one field, for as long as nobody took it or left it."""

    ocr: str
    """Id of the reading."""
    photo: str
    """Id of the photo, from the shutter on."""
    field: str
    """`value` of a step, or the field of a device: `mac_address`, `gpon_serial`…"""
    value: str
    provenance: Provenance
    """`barcode` when the server's decoders read it, else `ocr`."""
    is_sure: bool
    """Whether it may fill an empty field without being asked about."""
    alternatives: tuple[str, ...]
    sha256: str | None
    """The picture that it was read from."""
    place: Box | None = None
    """Where on it the label is, if that is known."""
    current: str = ""
    """What stands in the field now."""


class OcrQueue(Protocol):
    """The readings under way."""

    @property
    def asking(self) -> str | None:
        """The reading that the server is being asked about at this moment."""

    @property
    def is_held(self) -> bool:
        """Whether pictures wait for Wi-Fi, as the person chose."""

    def prefer(self, job: str | None) -> None:
        """Have the readings of a job that is open on the screen go first; None: no job is."""

    def on_change(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Have every reading's progress told on the loop; returns what ends that."""
