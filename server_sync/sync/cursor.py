"""The cursor a device holds: epoch and feed number, opaque to the device."""

from typing import NamedTuple


class Cursor(NamedTuple):
    """How far a device has read, and in which life of the database."""

    epoch: str
    seq: int

    def __str__(self) -> str:
        return f"{self.epoch}.{self.seq}"


def parse(text: str | None) -> Cursor | None:
    """Read a cursor; anything that is none means `from the start`, never an error."""
    epoch, _, seq = (text or "").partition(".")
    return Cursor(epoch, int(seq)) if epoch and seq.isdecimal() else None
