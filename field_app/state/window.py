"""The stretch of a long list that is drawn: a few screens of rows, however long the list is."""

from typing import Final

COUNT: Final = 90
"""Rows held at a time; a phone shows about eight, so a flick stays inside."""
STEP: Final = 30
"""The stretch moves by this many rows, so that not every pixel makes it read again."""


class Window:
    """Rows `first` to `first + count` of `total`, all of one height."""

    def __init__(self, *, count: int = COUNT) -> None:
        self.first = 0
        self.count = count
        self.total = 0

    @property
    def after(self) -> int:
        """How many rows come after those drawn."""
        return max(0, self.total - self.first - self.count)

    def begin(self, offset_px: float, *, row_px: float) -> None:
        """Begin at a stretch that one left, before it is known how many rows there are."""
        self.total = self.count + int(offset_px // row_px)
        self.move(offset_px, row_px=row_px)

    def fit(self, total: int) -> None:
        """Take how many rows there are; a stretch that is past them all begins anew."""
        self.total = total
        if self.first >= total:
            self.first = 0

    def move(self, offset_px: float, *, row_px: float) -> bool:
        """Have the row at the top of the view near the middle; tell whether the stretch moved."""
        top = int(max(0.0, offset_px) // row_px)
        last = -(-max(0, self.total - self.count) // STEP) * STEP
        wanted = min(max(0, (top - STEP) // STEP * STEP), last)
        if wanted == self.first:
            return False
        self.first = wanted
        return True
