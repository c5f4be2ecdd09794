"""Pictures: what came from a camera made upright and small enough to send; strokes made a picture.

The one owner of Pillow. Decoders raise whatever a stranger's bytes make them stumble over, so each
entry here answers with a picture or with a ProblemError, and decodes nothing beyond a limit.
"""

import io
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final, NamedTuple

from PIL import ExifTags, Image, ImageDraw, ImageOps

from field_app.ports import Prepared
from field_core.problems import ProblemError
from field_core.signing import PAD

LONG_EDGE_PX: Final = 2048
"""Enough to read a label across a whole panel; larger only costs time on a slow link (T-04)."""
SENT_BYTES_MAX: Final = 600_000
THUMBNAIL_PX: Final = 320
EDGE_PX_MIN: Final = 32
PIXELS_MAX: Final = 50_000_000
"""Decoded whole: 150 MB, what a phone spares. Progressive JPEGs count here too: their
coefficients are held whole."""
PIXELS_MAX_SCALED: Final = 200_000_000
"""A baseline JPEG is decoded at a half, quarter or eighth, so today's largest sensors pass."""
QUALITIES: Final = (85, 78, 70, 60, 50, 40)
"""Of twelve-megapixel photos the first or second fits; noise and foliage go down to 60."""
GREY_PIXELS_MAX: Final = 25_000_000
"""What is searched for codes; a 48-megapixel sensor's picture is as sharp at half its size."""
SCANS_MAX: Final = 100
"""Progressive encoders make about ten."""
SMALLER: Final = 0.8
REDUCED_PX: Final = 4096
"""Of a photo over the limit: some 4 MB, and every detail that the picture that is sent keeps."""
PROFILE_BYTES_MAX: Final = 8_192
"""Display P3 takes 536 bytes; print profiles take half a megabyte and are not worth it."""

Image.MAX_IMAGE_PIXELS = None  # our own limits hold instead: known to the person, by kind of file

_FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
_STARTS: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM")
_HEIC_BRANDS: Final = (b"heic", b"heix", b"mif1", b"msf1", b"hevc")
_DEEP: Final = ("I", "F", "I;16", "I;16L", "I;16B", "I;16N")
_PNG_DEPTH_AT: Final = 24
_DEEP_BITS: Final = 16
_MEGA: Final = 1_000_000
_UPRIGHT: Final = 1
_SCAN: Final = b"\xff\xda"
_INK: Final = (16, 33, 43, 255)
_PEN_PX: Final = 8


class Luminance(NamedTuple):
    """The tones of a picture: a byte a pixel, row by row from the top."""

    width: int
    height: int
    tones: bytes


def is_picture(content: bytes) -> bool:
    """Tell by the first bytes whether this is a kind of picture that is taken."""
    is_webp = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    return content.startswith(_STARTS) or is_webp or is_heic(content)


def is_heic(content: bytes) -> bool:
    """Tell whether this is an iPhone's own format, which is sent as it is: nothing decodes it."""
    return content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS


def prepare(content: bytes) -> Prepared:
    """Make the picture that is sent, with its thumbnail, and read where and when it was taken.

    Raises ProblemError `photo-…` for what cannot become one.
    """
    if is_heic(content):
        return Prepared(content, "image/heic")
    with _reading(), Image.open(io.BytesIO(content), formats=_FORMATS) as opened:
        _check(opened, content)
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
    with _reading(), Image.open(io.BytesIO(content), formats=_FORMATS) as opened:
        _check(opened, content)
        exif = opened.getexif()
        upright = _decoded(opened, REDUCED_PX)
        exif[ExifTags.Base.Orientation] = _UPRIGHT
        kept = io.BytesIO()
        upright.save(kept, "JPEG", quality=90, exif=exif.tobytes(), **_profile(upright))
        return kept.getvalue()


def thumbnail(content: bytes) -> bytes:
    """Return a small picture of one; raises ProblemError."""
    with _reading(), Image.open(io.BytesIO(content), formats=_FORMATS) as opened:
        _check(opened, content)
        opened.draft("RGB", (THUMBNAIL_PX, THUMBNAIL_PX))
        return _jpeg(_fitted(_decoded(opened, THUMBNAIL_PX), THUMBNAIL_PX), 80)


def luminance(content: bytes, name: str = "") -> Luminance:
    """Decode a picture upright to its tones of grey, for who looks for codes in it.

    Larger ones than the limit are decoded at a half or a quarter where their format can. Raises
    ProblemError `photo-…`.
    """
    if is_heic(content):
        raise ProblemError("photo-heic")
    if not is_picture(content):
        raise ProblemError("photo-not-image", name=name)
    with _reading(), Image.open(io.BytesIO(content), formats=_FORMATS) as opened:
        _check(opened, content)
        _check_scans(opened, content)
        opened.draft("L", _drafted(opened.size))
        upright = ImageOps.exif_transpose(opened)
        grey = _on_white(upright).convert("L") if upright.mode != "L" else upright
        return Luminance(*grey.size, grey.tobytes())


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


# --- looking before decoding


@contextmanager
def _reading() -> Iterator[None]:
    """Turn whatever a decoder raises into the one thing that can be said about it."""
    try:
        yield
    except ProblemError:
        raise
    except Exception as error:
        raise ProblemError("photo-damaged") from error


def _check(opened: Image.Image, content: bytes) -> None:
    """Refuse by the header alone; nothing has been decoded yet."""
    width, height = opened.size
    if min(width, height) < EDGE_PX_MIN:
        raise ProblemError("photo-too-small", width=width, height=height)
    is_scaled = opened.format in ("JPEG", "MPO") and not opened.info.get("progressive")
    limit = PIXELS_MAX_SCALED if is_scaled else PIXELS_MAX
    if width * height > limit:
        raise ProblemError(
            "photo-too-many-pixels",
            megapixels=width * height // _MEGA,
            limit_megapixels=limit // _MEGA,
        )
    if opened.mode == "CMYK":
        raise ProblemError("photo-cmyk")
    if opened.mode in _DEEP or _is_deep_png(opened, content):
        raise ProblemError("photo-deep")
    # Phones write a small second picture beside the first (MPO): that is no animation.
    if opened.format != "MPO" and getattr(opened, "is_animated", False):
        raise ProblemError("photo-animated")


def _check_scans(opened: Image.Image, content: bytes) -> None:
    """Refuse a JPEG that is sent in more scans than any camera makes: each is a pass over it all.

    Within the data a byte FF is followed by 00, so that the marker is found by its two bytes
    (ITU-T T.81, B.1.1.5).
    """
    if opened.format in ("JPEG", "MPO") and content.count(_SCAN) > SCANS_MAX:
        raise ProblemError("photo-damaged")


def _is_deep_png(opened: Image.Image, content: bytes) -> bool:
    """PNGs of 16 bits a colour open as if they had 8; their header says so at byte 24."""
    return opened.format == "PNG" and content[_PNG_DEPTH_AT] == _DEEP_BITS


# --- decoding


def _drafted(size: tuple[int, int]) -> tuple[int, int]:
    """Return the size to ask a decoder for: as it is, or the half or quarter below the limit."""
    width, height = size
    divisor = 1
    while width * height > GREY_PIXELS_MAX * divisor**2:
        divisor *= 2
    return width // divisor, height // divisor


def _decoded(opened: Image.Image, edge_px: int = LONG_EDGE_PX) -> Image.Image:
    """Decode upright, in colours, no larger than is needed; the profile stays with the picture."""
    profile = opened.info.get("icc_profile")
    opened.draft("RGB", (edge_px, edge_px))
    # Made small before it is turned: turning copies the whole picture.
    upright = ImageOps.exif_transpose(_fitted(opened, edge_px))
    plain = _on_white(upright)
    plain.info = {"icc_profile": profile} if _is_small(profile) else {}
    return plain


def _is_small(profile: object) -> bool:
    return isinstance(profile, bytes) and len(profile) <= PROFILE_BYTES_MAX


def _on_white(image: Image.Image) -> Image.Image:
    """Lay what is transparent on white, as a sheet of paper would show it."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        paper = Image.new("RGBA", image.size, (255, 255, 255, 255))
        paper.alpha_composite(image.convert("RGBA"))
        return paper.convert("RGB")
    return image.convert("RGB")


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
