"""The port behind which a model reads labels, and the ways in which it fails."""

from typing import Protocol

from server_sync.ocr.page import Page


class ModelBusyError(Exception):
    """It did not answer, or asked to be left alone: later it may."""

    def __init__(self, reason: str, *, after_s: float | None = None) -> None:
        """reason: for the log, without a key or a picture in it. after_s: what it asked for."""
        super().__init__(reason)
        self.after_s = after_s


class ModelRefusedError(Exception):
    """It does not know our key or has no such model: only the office can mend that."""


class LabelModel(Protocol):
    """Reads the text of a label."""

    @property
    def name(self) -> str:
        """Which model answers; another one's answers are its own."""

    async def read(self, picture: bytes, mime: str, /) -> Page | None:
        """Return the page, or None when the model would not or could not read it.

        Raises ModelBusyError, ModelRefusedError.
        """
