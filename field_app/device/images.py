"""Pictures: what came from a camera made upright and small enough to send; strokes made a picture.

Each entry answers with a picture or with a ProblemError, and decodes nothing beyond a limit
(`field_codes.pictures`).
"""

import io
import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from PIL import ExifTags, Image, ImageDraw, ImageOps

from field_app.ports import Prepared
from field_codes.pictures import bounded, is_heic, is_picture, on_white
from field_core.problems import ProblemError
from field_core.signing import PAD

__all__ = ["for_reading", "is_heic", "is_picture", "png_of", "prepare", "reduce", "thumbnail"]

LONG_EDGE_PX: Final = 2048
"""Enough to read a label across a whole panel; larger only costs time on a slow link (T-04)."""
SENT_BYTES_MAX: Final = 600_000
THUMBNAIL_PX: Final = 320
CUT_PX: Final = 1024
"""Of a label cut out of its photo: every line of it can be read on a screen."""
READ_PX: Final = 2048
"""Of what is sent to have a label read: nobody knows yet where in the photo the label is."""
READ_QUALITY: Final = 45
"""As much is read as at 80, at half the size (`python -m benchmarks.ocr_pictures`)."""
PART_PX: Final = 4096
QUALITIES: Final = (85, 78, 70, 60, 50, 40)
"""Of twelve-megapixel photos the first or second fits; noise and foliage go down to 60."""
SMALLER: Final = 0.8
REDUCED_PX: Final = 4096
"""Of a photo over the limit: some 4 MB, and every detail that the picture that is sent keeps."""
PROFILE_BYTES_MAX: Final = 8_192
"""Display P3 takes 536 bytes; print profiles take half a megabyte and are not worth it."""

_UPRIGHT: Final = 1
_INK: Final = (16, 33, 43, 255)
_PEN_PX: Final = 8


def prepare(content: bytes) -> Prepared:
    """Make the picture that is sent, with its thumbnail, and read where and when it was taken.

    Raises ProblemError `photo-…` for what cannot become one.
    """
    if is_heic(content):
        return Prepared(content, "image/heic")
    with bounded(content) as opened:
        exif = opened.getexif()
        taken, place = _taken(exif), _place(exif)
        upright = _decoded(opened)
        return Prepared(
            _small(upright),
            "image/jpeg",
            _jpeg(_fitted(upright, THUMBNAIL_PX), 80),
            taken,
            *(place or (None, None)),
        )


def reduce(content: bytes) -> bytes:
    """Make a photo that is over the limit small enough to take in, with place and time still in it.

    Raises ProblemError.
    """
    with bounded(content) as opened:
        exif = opened.getexif()
        upright = _decoded(opened, REDUCED_PX)
        exif[ExifTags.Base.Orientation] = _UPRIGHT
        kept = io.BytesIO()
        upright.save(kept, "JPEG", quality=90, exif=exif.tobytes(), **_profile(upright))
        return kept.getvalue()


def thumbnail(content: bytes) -> bytes:
    """Return a small picture of one; raises ProblemError."""
    with bounded(content) as opened:
        opened.draft("RGB", (THUMBNAIL_PX, THUMBNAIL_PX))
        return _jpeg(_fitted(_decoded(opened, THUMBNAIL_PX), THUMBNAIL_PX), 80)


def cut(content: bytes, shares: tuple[float, float, float, float]) -> bytes:
    """Return a part of a picture, upright: left, top, right, bottom in shares of its size.

    Raises ProblemError.
    """
    with bounded(content) as opened:
        upright = _decoded(opened, PART_PX)
        width, height = upright.size
        left, top, right, bottom = shares
        part = upright.crop((left * width, top * height, right * width, bottom * height))
        part.info = dict(upright.info)
        return _jpeg(_fitted(part, CUT_PX), 85)


def for_reading(
    content: bytes,
    shares: tuple[float, float, float, float] | None = None,
    *,
    edge_px: int = READ_PX,
    quality: int = READ_QUALITY,
) -> bytes:
    """Make the smallest picture whose label still can be read: upright and in tones of grey.

    shares: where the label is, as in `cut`, when that is known. Raises ProblemError.
    """
    if is_heic(content):
        raise ProblemError("photo-heic")
    with bounded(content) as opened:
        upright = _decoded(opened, edge_px if shares is None else PART_PX)
        if shares is not None:
            width, height = upright.size
            left, top, right, bottom = shares
            upright = upright.crop((left * width, top * height, right * width, bottom * height))
        grey = _fitted(upright.convert("L"), edge_px)
        kept = io.BytesIO()
        grey.save(kept, "JPEG", quality=quality, optimize=True)
        return kept.getvalue()


def png_of(strokes: Sequence[Sequence[Sequence[float]]]) -> bytes:
    """Draw strokes that lie on the pad in ink, on nothing: the paper shows through."""
    image = Image.new("RGBA", PAD, (255, 255, 255, 0))
    pen = ImageDraw.Draw(image)
    for line in strokes:
        points = [(point[0], point[1]) for point in line]
        if len(points) > 1:
            pen.line(points, fill=_INK, width=_PEN_PX, joint="curve")
        for x, y in (points[0], points[-1]) if points else ():
            pen.circle((x, y), _PEN_PX / 2, fill=_INK)
    kept = io.BytesIO()
    image.save(kept, "PNG", optimize=True)
    return kept.getvalue()


# --- decoding


def _decoded(opened: Image.Image, edge_px: int = LONG_EDGE_PX) -> Image.Image:
    """Decode upright, in colours, no larger than is needed; the profile stays with the picture."""
    profile = opened.info.get("icc_profile")
    opened.draft("RGB", (edge_px, edge_px))
    # Made small before it is turned: turning copies the whole picture.
    upright = ImageOps.exif_transpose(_fitted(opened, edge_px))
    plain = on_white(upright)
    plain.info = {"icc_profile": profile} if _is_small(profile) else {}
    return plain


def _is_small(profile: object) -> bool:
    return isinstance(profile, bytes) and len(profile) <= PROFILE_BYTES_MAX


def _fitted(image: Image.Image, edge_px: float) -> Image.Image:
    """Return a copy whose long edge is at most so long."""
    scale = edge_px / max(image.size)
    if scale >= 1:
        image.load()
        return image
    width, height = (max(1, round(side * scale)) for side in image.size)
    wide_enough = image if image.mode != "P" else image.convert("RGBA")
    smaller = wide_enough.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
    smaller.info = dict(image.info)
    return smaller


def _small(image: Image.Image) -> bytes:
    """Return a JPEG within the limit: first less quality, then fewer pixels."""
    while True:
        for quality in QUALITIES:
            content = _jpeg(image, quality)
            if len(content) <= SENT_BYTES_MAX:
                return content
        image = _fitted(image, max(image.size) * SMALLER)


def _jpeg(image: Image.Image, quality: int) -> bytes:
    """Write a JPEG with its colour profile and nothing else of what the camera wrote."""
    kept = io.BytesIO()
    image.save(kept, "JPEG", quality=quality, optimize=True, exif=b"", **_profile(image))
    return kept.getvalue()


def _profile(image: Image.Image) -> dict[str, Any]:
    return {"icc_profile": image.info.get("icc_profile")}


# --- what the camera wrote (Exif 3.0, CIPA DC-008)


def _taken(exif: Image.Exif) -> datetime | None:
    """Return when it was taken, with its zone where there is one."""
    photo = exif.get_ifd(ExifTags.IFD.Exif)
    text = str(photo.get(ExifTags.Base.DateTimeOriginal) or "").strip("\0 ")
    zone = str(photo.get(ExifTags.Base.OffsetTimeOriginal) or "").strip("\0 ")
    try:
        taken = datetime.strptime(text, "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - the zone comes next
        return taken.replace(tzinfo=datetime.strptime(zone, "%z").tzinfo) if zone else taken
    except ValueError:
        return None


def _place(exif: Image.Exif) -> tuple[float, float] | None:
    """Return latitude and longitude in degrees; cameras without a fix write zeros or nothing."""
    gps: Any = exif.get_ifd(ExifTags.IFD.GPSInfo)
    latitude = _degrees(gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef))
    longitude = _degrees(gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef))
    if latitude is None or longitude is None or (latitude, longitude) == (0, 0):
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None  # noqa: PLR2004 - degrees


def _degrees(parts: Any, side: object) -> float | None:  # noqa: ANN401 - whatever a camera wrote
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(value):
        return None
    return round(-value if str(side)[:1] in ("S", "W") else value, 6)
