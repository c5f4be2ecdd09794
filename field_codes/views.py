"""A way of looking at a picture: its pixels, and where they lie in the picture itself."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from field_codes.codes import Corners, Point
from field_codes.decoders import Grey

Matrix = NDArray[np.float64]
"""A homography, shape (3, 3), from pixels of a view to pixels of the picture."""

_SAME: Final[Matrix] = np.eye(3)


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A picture made from the picture: cut, turned, enlarged, with another contrast."""

    grey: Grey
    to_picture: Matrix

    @classmethod
    def whole(cls, grey: Grey) -> "View":
        """Look at the picture as it is."""
        return cls(grey, _SAME)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        height, width = self.grey.shape
        return width, height

    def toned(self, grey: Grey) -> "View":
        """Return the same place with other tones."""
        return View(grey, self.to_picture)

    def moved(self, grey: Grey, from_here: Matrix) -> "View":
        """Return what was made by moving pixels of this view by a homography."""
        return View(grey, self.to_picture @ np.linalg.inv(from_here))

    def placed(self, corners: Corners) -> Corners:
        """Return the corners of a code in pixels of the picture."""
        a, b, c, d = (self._placed(point) for point in corners)
        return a, b, c, d

    def _placed(self, point: Point) -> Point:
        x, y, w = self.to_picture @ (*point, 1.0)
        return round(float(x / w), 1), round(float(y / w), 1)


def scaling(factor_x: float, factor_y: float) -> Matrix:
    """Return the homography that enlarges."""
    return np.diag([factor_x, factor_y, 1.0])


def shifting(by_x: float, by_y: float) -> Matrix:
    """Return the homography that moves the origin."""
    matrix = np.eye(3)
    matrix[:2, 2] = by_x, by_y
    return matrix
