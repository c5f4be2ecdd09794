"""Where on a picture the label is, by the codes that were read of it."""

from collections.abc import Iterable, Sequence
from typing import Final

from field_codes.codes import Code

MARGIN: Final = 0.4
"""Around the codes, in shares of their longer side: the print beside them is evidence too."""

Frame = tuple[float, float, float, float]
"""Left, top, right and bottom in shares of a picture's width and height."""


def frame_of(codes: Iterable[Code], size: tuple[int, int]) -> Frame | None:
    """Return the place of codes with a margin, on a picture of (width, height) in pixels."""
    points = [point for code in codes for point in code.corners]
    if not points:
        return None
    xs, ys = [x for x, _ in points], [y for _, y in points]
    margin = MARGIN * max(max(xs) - min(xs), max(ys) - min(ys))
    left, right = _spread(xs, margin, size[0])
    top, bottom = _spread(ys, margin, size[1])
    return (left, top, right, bottom) if left < right and top < bottom else None


def _spread(pixels: Sequence[float], margin: float, of: int) -> tuple[float, float]:
    return max(0.0, (min(pixels) - margin) / of), min(1.0, (max(pixels) + margin) / of)
