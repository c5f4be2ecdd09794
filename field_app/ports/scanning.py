"""Codes read in pictures: what a scanner gives to the screens, and where in the picture it was."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol


class Box(NamedTuple):
    """A place in a picture, in shares of its width and height, whatever size it is made."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def text(self) -> str:
        """The four shares, as they are kept with a photo."""
        return " ".join(f"{share:.4f}" for share in self)

    @classmethod
    def parse(cls, text: str | None) -> "Box | None":
        """Read four shares; anything else is no place."""
        try:
            box = cls(*(float(part) for part in (text or "").split()))
        except (TypeError, ValueError):
            return None
        return box if 0 <= box.left < box.right <= 1 and 0 <= box.top < box.bottom <= 1 else None


class ReadCode(Protocol):
    """One code of a picture."""

    @property
    def text(self) -> str:
        """What it says."""

    @property
    def symbology(self) -> str:
        """What kind of code it is: `QR`, `Code128`, …."""

    @property
    def is_checked(self) -> bool:
        """Whether it has a check of its own that a wrong read would not pass."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What one picture gave."""

    codes: Sequence[ReadCode]
    doubtful: Sequence[ReadCode]
    """Read once, by a way that can err: to show, never to fill in."""
    box: Box | None
    """Where the codes are, with a margin: what is kept of the label."""
    took_s: float
    is_out_of_time: bool = False


Enough = Callable[[Sequence[ReadCode]], bool]


class Scanning(Protocol):
    """The codes of pictures, read beside the screen; all of it raises ProblemError."""

    @property
    def missing(self) -> Sequence[str]:
        """The decoders that this device lacks, by name."""

    @property
    def can_read(self) -> bool:
        """Whether there is any decoder at all."""

    async def prepare(self) -> None:
        """Load what there is, beside the screen; the first picture need not wait for it then."""

    async def look(
        self, picture: bytes, *, enough: Enough | None = None, is_live: bool = False
    ) -> Sight:
        """Read a picture; cancelling ends it soon. is_live: one frame of many, quickly."""

    async def cut(self, picture: bytes, box: Box) -> bytes:
        """Return that part of a picture, small enough to show, as a JPEG."""
