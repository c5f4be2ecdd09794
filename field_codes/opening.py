"""Whatever is given as a picture made into its tones of grey, or refused with a sentence."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from field_codes.decoders import Grey
from field_core.problems import ProblemError

Picture = str | os.PathLike[str] | bytes | NDArray[np.uint8]
"""A path, the bytes of a file, or an array: BGR (H, W, 3) or grey (H, W), uint8."""
Develop = Callable[[bytes, str], tuple[int, int, bytes]]
"""Decodes a file's bytes, given with its name for the sentence: width, height, a byte a pixel."""

FILE_BYTES_MAX: Final = 64_000_000
"""A 48-megapixel JPEG of the best quality has 25 MB."""
ARRAY_PIXELS_MAX: Final = 25_000_000
"""Twice a phone's photo; camera frames have a tenth."""
ARRAY_EDGE_PX_MIN: Final = 12
"""No code fits in less, and OpenCV's detectors refuse slivers."""

_MEGA: Final = 1_000_000
_COLOURS: Final = 3
_STRIP_ROWS: Final = 256
_LUMA_OF_BGR: Final = np.array([0.114, 0.587, 0.299], np.float32)
"""ITU-R BT.601, as JPEG itself computes luminance."""


def opened(picture: Picture, develop: Develop) -> Grey:
    """Return a picture as luminance; raises ProblemError `photo-…` or `not-found`."""
    if isinstance(picture, np.ndarray):
        return _of_array(picture)
    name = "—" if isinstance(picture, bytes) else Path(picture).name
    content = picture if isinstance(picture, bytes) else _content(Path(picture))
    width, height, tones = develop(content, name)
    return np.frombuffer(bytearray(tones), np.uint8).reshape(height, width)


def _content(path: Path) -> bytes:
    """Read a file that is one: no device, no pipe, nothing without end."""
    try:
        if not path.is_file():
            raise ProblemError("not-found")
        size = path.stat().st_size
        if size > FILE_BYTES_MAX:
            raise _too_large(path.name, size)
        return path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a name with a null character in it
        raise ProblemError("not-found") from error


def _too_large(name: str, size: int) -> ProblemError:
    return ProblemError(
        "photo-too-large", name=name, size_mb=size // _MEGA, limit_mb=FILE_BYTES_MAX // _MEGA
    )


def _of_array(array: NDArray[Any]) -> Grey:
    if array.dtype != np.uint8:
        raise ProblemError("photo-deep")
    is_grey, is_bgr = array.ndim == 2, array.ndim == 3 and array.shape[2] == _COLOURS  # noqa: PLR2004 - axes
    if not (is_grey or is_bgr):
        raise ProblemError("photo-damaged")
    height, width = array.shape[:2]
    if min(height, width) < ARRAY_EDGE_PX_MIN:
        raise ProblemError("photo-too-small", width=width, height=height)
    if height * width > ARRAY_PIXELS_MAX:
        raise ProblemError(
            "photo-too-many-pixels",
            megapixels=height * width // _MEGA,
            limit_megapixels=ARRAY_PIXELS_MAX // _MEGA,
        )
    return np.ascontiguousarray(array) if is_grey else _grey_of_bgr(array)


def _grey_of_bgr(array: NDArray[np.uint8]) -> Grey:
    """Weigh the colours strip by strip: as floats the whole would take sixteen bytes a pixel."""
    grey = np.empty(array.shape[:2], np.uint8)
    for top in range(0, len(grey), _STRIP_ROWS):
        rows = slice(top, top + _STRIP_ROWS)
        grey[rows] = np.rint(array[rows].astype(np.float32) @ _LUMA_OF_BGR)
    return grey
