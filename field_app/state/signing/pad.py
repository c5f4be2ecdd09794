"""The strokes of a signature as they are drawn, in the measure of `field_core.signing.PAD`."""

from collections.abc import Callable, Sequence
from typing import Final

from field_app.state.screen import Screen
from field_core.signing import PAD

PIECE_POINTS: Final = 32
"""Points that are drawn again with each one that comes; what is older stays as it is drawn."""

Point = tuple[float, float, float]


class Pad(Screen):
    """Grows point by point; `pieces` are its lines cut into lengths that are quickly drawn."""

    def __init__(self, *, width: float, now_ms: Callable[[], int]) -> None:
        super().__init__()
        self.width = width
        self.height = width * PAD[1] / PAD[0]
        self.strokes: list[list[Point]] = []
        self.pieces: list[Sequence[Point]] = []
        """In the screen's own measure; all but the last are whole."""
        self._now_ms = now_ms
        self._began_ms = 0

    def start(self, x: float, y: float) -> None:
        """Begin a line."""
        if not self.strokes:
            self._began_ms = self._now_ms()
        point = self._at(x, y)
        self.strokes.append([self._on_pad(point)])
        self.pieces.append([point])
        self.changed()

    def move(self, x: float, y: float) -> None:
        """Draw the line on."""
        if not self.strokes:
            return
        point = self._at(x, y)
        self.strokes[-1].append(self._on_pad(point))
        last = self.pieces[-1]
        if len(last) < PIECE_POINTS:
            self.pieces[-1] = [*last, point]
        else:
            self.pieces.append([last[-1], point])
        self.changed()

    def clear(self) -> None:
        """Begin anew."""
        self.strokes, self.pieces = [], []
        self.changed()

    def _at(self, x: float, y: float) -> Point:
        """Return where the pen is: on the paper, even when the finger has left it."""
        since = float(self._now_ms() - self._began_ms)
        return min(max(x, 0.0), self.width), min(max(y, 0.0), self.height), since

    def _on_pad(self, point: Point) -> Point:
        scale = PAD[0] / self.width
        return point[0] * scale, point[1] * scale, point[2]
