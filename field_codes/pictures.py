"""Pictures opened with care: what a stranger's bytes may be, and how much of them is decoded.

Decoders raise whatever such bytes make them stumble over, so each entry here answers with a picture
or with a ProblemError, and nothing beyond a limit is decoded.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

from PIL import Image, ImageOps

from field_core.problems import ProblemError

EDGE_PX_MIN: Final = 32
PIXELS_MAX: Final = 50_000_000
"""Decoded whole: 150 MB, what a phone spares. Progressive JPEGs count here too: their
coefficients are held whole."""
PIXELS_MAX_SCALED: Final = 200_000_000
"""A baseline JPEG is decoded at a half, quarter or eighth, so today's largest sensors pass."""
GREY_PIXELS_MAX: Final = 25_000_000
"""What is searched for codes; a 48-megapixel sensor's picture is as sharp at half its size."""
SCANS_MAX: Final = 100
"""Progressive encoders make about ten."""

Image.MAX_IMAGE_PIXELS = None  # our own limits hold instead: known to the person, by kind of file

_FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
_STARTS: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM")
_HEIC_BRANDS: Final = (b"heic", b"heix", b"mif1", b"msf1", b"hevc")
_DEEP: Final = ("I", "F", "I;16", "I;16L", "I;16B", "I;16N")
_PNG_DEPTH_AT: Final = 24
_DEEP_BITS: Final = 16
_MEGA: Final = 1_000_000
_SCAN: Final = b"\xff\xda"


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


def luminance(content: bytes, name: str = "") -> Luminance:
    """Decode a picture upright to its tones of grey, for who looks for codes in it.

    Larger ones than the limit are decoded at a half or a quarter where their format can. Raises
    ProblemError `photo-…`.
    """
    if is_heic(content):
        raise ProblemError("photo-heic")
    if not is_picture(content):
        raise ProblemError("photo-not-image", name=name)
    with bounded(content) as opened:
        _check_scans(opened, content)
        opened.draft("L", _drafted(opened.size))
        upright = ImageOps.exif_transpose(opened)
        grey = on_white(upright).convert("L") if upright.mode != "L" else upright
        return Luminance(*grey.size, grey.tobytes())


# --- looking before decoding


@contextmanager
def bounded(content: bytes) -> Iterator[Image.Image]:
    """Open a picture that keeps to the limits, by its header alone.

    Whatever a decoder raises while it is used becomes the one thing that can be said about it.
    """
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as opened:
            _check(opened, content)
            yield opened
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


def _drafted(size: tuple[int, int]) -> tuple[int, int]:
    """Return the size to ask a decoder for: as it is, or the half or quarter below the limit."""
    width, height = size
    divisor = 1
    while width * height > GREY_PIXELS_MAX * divisor**2:
        divisor *= 2
    return width // divisor, height // divisor


def on_white(image: Image.Image) -> Image.Image:
    """Lay what is transparent on white, as a sheet of paper would show it."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        paper = Image.new("RGBA", image.size, (255, 255, 255, 255))
        paper.alpha_composite(image.convert("RGBA"))
        return paper.convert("RGB")
    return image.convert("RGB")
