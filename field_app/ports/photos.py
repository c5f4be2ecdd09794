"""Photos: taken, prepared, shown, and who takes them in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from field_app.ports.ocr import OcrTarget
from field_app.ports.signing import Strokes
from field_core.problems import Problem


@dataclass(frozen=True, slots=True)
class PhotoRow:
    """One photo of a job; `sent` of `size` bytes are at the server."""

    id: str
    sha256: str
    size: int
    sent: int
    is_received: bool
    """Whether the server has compared its hash."""
    is_here: bool
    """Whether this device keeps its bytes."""
    problem: str | None
    caption: str | None
    kind: str | None
    step: str | None
    taken_at: str | None
    latitude: float | None
    longitude: float | None
    is_replaced: bool
    """Whether it was taken again."""


class PhotoState(StrEnum):
    """How far a photo has come, from the shutter to the office."""

    PREPARING = "preparing"
    """Its original is on this device; the picture that is sent is being made."""
    REFUSED = "refused"
    """It cannot be sent as it is; its original is kept until a person decides."""
    ELSEWHERE = "elsewhere"
    """Another device took it; whether the server has its bytes is not known here."""
    ON_DEVICE = "on-device"
    SENDING = "sending"
    RECEIVED = "received"
    IN_OFFICE = "in-office"
    NEEDS_YOU = "needs-you"
    NEEDS_REVIEW = "needs-review"
    STOPPED = "stopped"
    """The server does not take its bytes."""


@dataclass(frozen=True, slots=True)
class PhotoCard:
    """One photo as its screen shows it; `id` stays the same from the shutter on."""

    id: str
    sha256: str | None
    """Of the picture that is sent; None while there is none."""
    state: PhotoState
    percent: int = 0
    """How much of it the server has."""
    caption: str = ""
    step: str | None = None
    """The id of the step it belongs to."""
    step_fr: str = ""
    step_en: str = ""
    taken_at: str | None = None
    size: int = 0
    latitude: float | None = None
    longitude: float | None = None
    replaces: str | None = None
    is_replaced: bool = False
    is_here: bool = False
    """Whether this device keeps its bytes."""
    kind: str | None = None
    """What it shows: `label`, …."""
    crop: str | None = None
    """Where in it the label is (`Box.text`)."""
    may_drop: bool = False
    """Whether it can go as if it had never been taken: nothing of it was offered to the server."""
    problem: Problem | None = None

    def step_label(self, language: str) -> str:
        """Return what its step is called."""
        return self.step_en if language == "en" else self.step_fr


class Shot(NamedTuple):
    """A photo as it comes from a camera or a gallery, and what it is for.

    name: what the file is called. is_picked: it may be older than the visit, so the time in it
    counts. replaces: the id of the photo that was taken again. kind: what it shows (`label`).
    crop: where in it that is (`Box.text`). reads: whose label is to be read from it by the server,
    since no decoder here could; both are kept in one transaction.
    """

    content: bytes
    key: str
    name: str = ""
    step: str | None = None
    replaces: str | None = None
    is_picked: bool = False
    kind: str | None = None
    crop: str | None = None
    reads: OcrTarget | None = None


class Prepared(NamedTuple):
    """The picture that is sent: upright, small, without what a camera adds but place and time.

    thumbnail: None for a picture that cannot be decoded here. taken: with its zone where the
    camera wrote one.
    """

    content: bytes
    mime: str
    thumbnail: bytes | None = None
    taken: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Capture:
    """A photo whose original is kept here and whose picture is not made yet, or cannot be."""

    id: str
    key: str
    sha256: str
    name: str
    step: str | None
    replaces: str | None
    is_picked: bool
    at: str
    """When it was taken in, as a corrected instant in text."""
    problem: Problem | None = None
    kind: str | None = None
    crop: str | None = None


class Photo(NamedTuple):
    """A picture as it is to be kept.

    kind: what it shows (`label`, `installation`, …). taken_at: an instant in text; None is now.
    latitude, longitude: degrees. replaces: the id of the photo that was taken again. crop: where
    in it the label is (`Box.text`).
    """

    content: bytes
    mime: str
    caption: str | None = None
    step: str | None = None
    kind: str | None = None
    taken_at: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    replaces: str | None = None
    crop: str | None = None


class Fetching(Protocol):
    """Photos that are at the server and not on this device, fetched for who looks at them."""

    @property
    def is_held(self) -> bool:
        """Whether photos wait for a network that is not the phone's own."""

    async def fetch(self, sha256: str, size: int, tell: Callable[[int], None]) -> bytes:
        """Return a photo of so many bytes, which then is kept here for a while.

        tell: how many of its bytes are here. Raises ProblemError `blob-missing` when the server
        does not have it, `blob-mismatch` for other bytes than its own, `signed-out`, or why
        nobody answered; what came before that is gone on with the next time.
        """


class Photographs(Protocol):
    """Photos from the shutter to the job: the original first, then the picture that is sent."""

    def check_space(self) -> None:
        """Raise ProblemError `photo-no-space` when a photo would not find room."""

    def check_size(self, name: str, size: int) -> None:
        """Raise ProblemError `photo-too-large` for a file of so many bytes."""

    async def take(self, shot: Shot) -> str:
        """Keep a photo for good and return its id; its picture is made afterwards.

        Raises ProblemError when it is no photo, too large, or finds no room; nothing is kept then.
        """

    @property
    def takes_uploads(self) -> bool:
        """Whether a browser can hand files over one by one."""

    async def uploaded(self, name: str) -> bytes:
        """Return a file that a browser handed over, which then is gone; raises ProblemError."""

    async def reduce(self, content: bytes, name: str) -> bytes:
        """Make a photo that is over the limit small enough to take; raises ProblemError."""

    async def thumbnail(self, sha256: str) -> bytes | None:
        """Return a small picture; None when this device has none."""

    async def picture(self, sha256: str) -> bytes | None:
        """Return the picture itself; None when this device does not keep it."""

    def png_of(self, strokes: Strokes) -> bytes:
        """Draw a signature's strokes, which lie on `field_core.signing.PAD`."""

    def on_change(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Have every photo's progress told on the loop; returns what ends that."""

    def on_recovered(self, listener: Callable[[int], None]) -> None:
        """Have told, once, how many photos an earlier run had left half made and now are whole."""
