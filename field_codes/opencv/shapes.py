"""Pixels moved: enlarged, made smaller, turned so that the bars stand upright, cut in tiles."""

import math
from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from field_codes.decoders import Grey
from field_codes.views import Matrix, View, scaling, shifting

DOUBLE_PX_MAX: Final = 2_200_000
"""Enlarged beyond this nothing more was read, and each decoder takes a tenth of a second."""
MIDDLE_PX: Final = 2_000
LOOK_PX: Final = 800
"""The angle of bars is plain on a copy this small."""
ANGLES: Final = 36
BLOCK_PX: Final = 16
TURN_DEGREES_MIN: Final = 4.0
"""Decoders scan rows and columns themselves and bear this much."""
TILE_OVERLAP: Final = 0.1

_RIGHT: Final = 90.0
_HALF_TURN: Final = 180.0


def doubled(view: View) -> Iterator[View]:
    """Enlarge twice, or as far as the limit allows."""
    width, height = view.size
    factor = min(2.0, math.sqrt(DOUBLE_PX_MAX / (width * height)))
    yield scaled(view, factor) if factor > 1 else view


def halved(view: View) -> Iterator[View]:
    """Make half as large: what is blurred gets sharp, noise is averaged away."""
    yield scaled(view, 0.5)


def middling(view: View) -> Iterator[View]:
    """Make so small that any decoder has time for it."""
    yield scaled(view, min(1.0, MIDDLE_PX / max(view.size)))


def scaled(view: View, factor: float) -> View:
    """Return the view enlarged by a factor."""
    width, height = (max(1, round(side * factor)) for side in view.size)
    how = cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
    grey = cv2.resize(view.grey, (width, height), interpolation=how)
    exact = scaling(width / view.size[0], height / view.size[1])
    return view.moved(np.ascontiguousarray(grey, np.uint8), exact)


def upright(view: View) -> Iterator[View]:
    """Turn the view so that most of its edges stand upright; nothing when they do already."""
    degrees = edge_angle(view.grey)
    if degrees is not None and TURN_DEGREES_MIN < degrees % _RIGHT < _RIGHT - TURN_DEGREES_MIN:
        yield turned(view, degrees)


def straight(view: View) -> Iterator[View]:
    """Turn the view so that most of its edges stand upright, where that is needed."""
    yield next(upright(view), view)


def turned(view: View, degrees: float) -> View:
    """Return the view turned about its middle, with room for its corners."""
    width, height = view.size
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    cosine, sine = abs(matrix[0, 0]), abs(matrix[0, 1])
    room = math.ceil(width * cosine + height * sine), math.ceil(width * sine + height * cosine)
    matrix[:, 2] += (room[0] - width) / 2, (room[1] - height) / 2
    return warped(view, np.vstack([matrix, (0.0, 0.0, 1.0)]), room)


def warped(view: View, matrix: Matrix, size: tuple[int, int]) -> View:
    """Return the view moved by a homography; what lies beyond its edges continues them."""
    grey = cv2.warpPerspective(
        view.grey, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return view.moved(np.ascontiguousarray(grey, np.uint8), matrix)


def cut(view: View, left: int, top: int, width: int, height: int) -> View:
    """Return a part of the view."""
    grey = np.ascontiguousarray(view.grey[top : top + height, left : left + width])
    return view.moved(grey, shifting(-left, -top))


def tiled(view: View) -> Iterator[View]:
    """Cut in four that overlap, each enlarged: for many small codes on one sheet."""
    width, height = view.size
    part_w, part_h = (math.ceil(side / 2 * (1 + TILE_OVERLAP)) for side in (width, height))
    for left in (0, width - part_w):
        for top in (0, height - part_h):
            yield from doubled(cut(view, left, top, part_w, part_h))


def edge_angle(grey: Grey) -> float | None:
    """Return by how many degrees to turn so that the strongest common edges stand upright.

    The structure tensor of each block tells its direction and how sure it is (Bigün and Granlund,
    1987); blocks vote with coherence times the root of their energy.
    """
    small = _small(grey)
    dx, dy = cv2.Sobel(small, cv2.CV_32F, 1, 0), cv2.Sobel(small, cv2.CV_32F, 0, 1)
    xx, yy, xy = (_blocks(product) for product in (dx * dx, dy * dy, dx * dy))
    if not xx.size:
        return None
    spread = np.hypot(xx - yy, 2 * xy)
    energy = xx + yy
    weights = np.where(energy > 0, spread / np.maximum(energy, 1e-6) * np.sqrt(energy), 0)
    angles = np.degrees(0.5 * np.arctan2(2 * xy, xx - yy)) % _HALF_TURN
    votes, _ = np.histogram(angles, ANGLES, (0, _HALF_TURN), weights=weights)
    if not votes.any():
        return None
    return _refined(angles, weights, int(votes.argmax()))


def _small(grey: Grey) -> Grey:
    factor = LOOK_PX / max(grey.shape)
    if factor >= 1:
        return grey
    small = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def _blocks(product: object) -> NDArray[np.float32]:
    """Sum over blocks."""
    field = np.asarray(product, np.float32)
    rows, columns = (side // BLOCK_PX for side in field.shape)
    whole = field[: rows * BLOCK_PX, : columns * BLOCK_PX]
    sums = whole.reshape(rows, BLOCK_PX, columns, BLOCK_PX).sum(axis=(1, 3))
    return np.asarray(sums, np.float32)


def _refined(angles: Matrix, weights: Matrix, best: int) -> float:
    """Return the weighted middle of the angles near the fullest bin."""
    middle = (best + 0.5) * _HALF_TURN / ANGLES
    off = (angles - middle + _RIGHT) % _HALF_TURN - _RIGHT
    near = np.abs(off) <= _HALF_TURN / ANGLES
    return float(middle + np.average(off[near], weights=weights[near] + 1e-9))
