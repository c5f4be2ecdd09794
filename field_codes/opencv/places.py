"""Where codes probably are: parts of a large picture that look like a label, or like bars."""

from collections.abc import Iterator
from typing import Any, Final

import cv2
import numpy as np

from field_codes.decoders import Grey
from field_codes.opencv.shapes import cut, doubled, warped
from field_codes.views import View

FINDER_PX: Final = 1_280
GRID_PX: Final = 640
SIGMAS: Final = 1.2
LABELS_MAX: Final = 4
MARGIN: Final = 0.12
LABEL_SHARE_MIN: Final = 0.0004
"""Of the picture; smaller and no bar is a pixel wide."""
QUADS_MAX: Final = 4
QUAD_WIDTH_PX: Final = 800
QUAD_HEIGHT_PX: Final = 240
QUIET: Final = 0.15
"""Of the width on either side: a code is read only with its quiet zone (ISO/IEC 15417, 4.4)."""


def labels(view: View) -> Iterator[View]:
    """Cut out what is full of fine edges, the fullest first, each enlarged."""
    for left, top, width, height in label_boxes(view.grey):
        yield from doubled(cut(view, left, top, width, height))


def label_boxes(grey: Grey) -> list[tuple[int, int, int, int]]:
    """Return left, top, width and height of the parts richest in fine edges, in pixels."""
    scale = min(1.0, FINDER_PX / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    edges = np.abs(cv2.Laplacian(small, cv2.CV_32F))
    grid = GRID_PX / max(small.shape) if max(small.shape) > GRID_PX else 1.0
    field = cv2.resize(edges, None, fx=grid, fy=grid, interpolation=cv2.INTER_AREA)
    field = cv2.blur(field, (9, 9))
    full = (field > field.mean() + SIGMAS * field.std()).astype(np.uint8)
    full = cv2.morphologyEx(full, cv2.MORPH_CLOSE, np.ones((11, 11), np.uint8))
    full = cv2.morphologyEx(full, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    return [_in_picture(box, scale * grid, grey) for box in _fullest(full, field)]


def _fullest(full: Any, field: Any) -> list[tuple[int, int, int, int]]:  # noqa: ANN401 - cv2's own
    count, marks, stats, _ = cv2.connectedComponentsWithStats(full)
    least = LABEL_SHARE_MIN * full.size
    energies = np.bincount(marks.ravel(), field.ravel(), count)
    best = [n for n in np.argsort(-energies) if n and stats[n, cv2.CC_STAT_AREA] >= least]
    return [_box(stats[n]) for n in best[:LABELS_MAX]]


def _box(stats: Any) -> tuple[int, int, int, int]:  # noqa: ANN401 - cv2's own
    left, top, width, height, _ = (int(side) for side in stats)
    return left, top, width, height


def _in_picture(
    box: tuple[int, int, int, int], scale: float, grey: Grey
) -> tuple[int, int, int, int]:
    """Return a box of the grid with its margin, in pixels of the picture and inside it."""
    left, top, width, height = (side / scale for side in box)
    right, bottom = left + width * (1 + MARGIN), top + height * (1 + MARGIN)
    x, y = max(0, round(left - width * MARGIN)), max(0, round(top - height * MARGIN))
    return x, y, min(grey.shape[1], round(right)) - x, min(grey.shape[0], round(bottom)) - y


def bars(view: View) -> Iterator[View]:
    """Cut out what the barcode detector takes for bars, unwarped, with its quiet zone."""
    found, quads = cv2.barcode.BarcodeDetector().detect(view.grey)
    for quad in quads[:QUADS_MAX] if found else ():
        yield _unwarped(view, np.asarray(quad, np.float32))


def _unwarped(view: View, quad: Any) -> View:  # noqa: ANN401 - cv2's own
    """The detector's first corner is the lower left one."""
    side = round(QUAD_WIDTH_PX * QUIET)
    right, bottom = side + QUAD_WIDTH_PX, QUAD_HEIGHT_PX
    upright = np.array([(side, bottom), (side, 0), (right, 0), (right, bottom)], np.float32)
    matrix = np.asarray(cv2.getPerspectiveTransform(quad, upright), np.float64)
    return warped(view, matrix, (QUAD_WIDTH_PX + 2 * side, QUAD_HEIGHT_PX))
