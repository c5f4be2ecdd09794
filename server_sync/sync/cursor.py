"""The cursor a device holds: epoch and feed number, opaque to the device."""

from typing import Final, NamedTuple

DIGITS_MAX: Final = 18
"""More than a million numbers a second for thirty thousand years; longer ones are no numbers."""


class Cursor(NamedTuple):
    """How far a device has read, and in which life of the database.

    Between two pages it also tells `whole`: up to where the device last held everything. What
    moved on while pages were read was never sent as it was before, so it goes whole, not patched.
    """

    epoch: str
    seq: int
    whole: int | None = None

    @property
    def patched_from(self) -> int:
        """The number up to which the device is known to hold every document as it was."""
        return self.seq if self.whole is None else self.whole

    def __str__(self) -> str:
        return ".".join(map(str, (part for part in self if part is not None)))


def parse(text: str | None) -> Cursor | None:
    """Read a cursor; anything that is none means `from the start`, never an error."""
    epoch, *numbers = (text or "").split(".")
    if not epoch or not all(map(_is_number, numbers)):
        return None
    match [*map(int, numbers)]:
        case [seq]:
            return Cursor(epoch, seq)
        case [seq, whole]:
            return Cursor(epoch, seq, whole)
        case _:
            return None


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) <= DIGITS_MAX
