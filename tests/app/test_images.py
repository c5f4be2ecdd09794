"""Pictures made upright, small and plain; whatever cannot become one is said so in words (T-04)."""

import contextlib
import io
import random
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from PIL import ExifTags, Image, ImageDraw, ImageFilter, ImageOps

from field_app.device import images
from field_core.problems import ProblemError

RED, BLUE, WHITE = (220, 20, 20), (20, 20, 220), (255, 255, 255)


def scene(width: int, height: int, *, seed: int = 1) -> Image.Image:
    """A panel with cables, labels and sensor noise: as hard to compress as the real thing."""
    draw = random.Random(seed)
    image = Image.effect_noise((width // 4, height // 4), 25).resize((width, height))
    image = Image.merge("RGB", [image, image.filter(ImageFilter.BLUR), ImageOps.invert(image)])
    pen = ImageDraw.Draw(image)
    for _ in range(300):
        x, y = draw.randrange(width), draw.randrange(height)
        color = tuple(draw.randrange(256) for _ in range(3))
        pen.line((x, y, draw.randrange(width), draw.randrange(height)), fill=color, width=6)
        pen.text((x, y), f"SN {draw.randrange(10**9)}", fill=color)
    return image


def marked(width: int = 400, height: int = 200) -> Image.Image:
    """Left half red, right half blue, upper left corner white."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (width // 2, 0, width, height))
    image.paste(WHITE, (0, 0, width // 8, height // 4))
    return image


def saved(image: Image.Image, form: str = "JPEG", **options: object) -> bytes:
    kept = io.BytesIO()
    image.save(kept, form, **options)
    return kept.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def exif(
    *, orientation: int = 1, taken: str = "", zone: str = "", gps: dict[int, object] | None = None
) -> Image.Exif:
    made = Image.Exif()
    made[ExifTags.Base.Orientation] = orientation
    made[ExifTags.Base.Make] = "Phone"
    if taken:
        made.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken
    if zone:
        made.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.OffsetTimeOriginal] = zone
    made.get_ifd(ExifTags.IFD.GPSInfo).update(gps or {})
    return made


def place(
    latitude: tuple[float, float, float], longitude: tuple[float, float, float], sides: str = "NW"
) -> dict[int, object]:
    tags = ExifTags.GPS
    return {
        tags.GPSLatitudeRef: sides[0],
        tags.GPSLatitude: latitude,
        tags.GPSLongitudeRef: sides[1],
        tags.GPSLongitude: longitude,
    }


def code_of(work: Callable[[], object]) -> str:
    with pytest.raises(ProblemError) as caught:
        work()
    return caught.value.problem.code


# --- the picture that is sent


def test_photo_of_twelve_megapixels_fits_the_limit() -> None:
    content = saved(scene(4032, 3024), quality=97)
    assert len(content) > 4_000_000

    prepared = images.prepare(content)

    assert opened(prepared.content).size == (2048, 1536)
    assert len(prepared.content) <= images.SENT_BYTES_MAX
    assert prepared.mime == "image/jpeg"


def test_picture_that_no_quality_makes_small_enough_loses_pixels_instead() -> None:
    noise = Image.frombytes("RGB", (2048, 2048), random.Random(7).randbytes(2048 * 2048 * 3))

    prepared = images.prepare(saved(noise, "PNG"))

    assert len(prepared.content) <= images.SENT_BYTES_MAX
    assert 400 < max(opened(prepared.content).size) < 2048


def test_small_photo_is_not_made_larger() -> None:
    assert opened(images.prepare(saved(marked(400, 200))).content).size == (400, 200)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("width", [400, 4000])
def test_photo_is_turned_upright(orientation: int, width: int) -> None:
    """The eight orientations of Exif: stored as the camera held it, shown as the eye saw it."""
    upright = marked(width, width // 2)
    stored = _as_held(upright, orientation)

    shown = opened(images.prepare(saved(stored, exif=exif(orientation=orientation))).content)

    edge = min(width, 2048)
    assert shown.size == (edge, edge // 2)
    assert shown.getexif().get(ExifTags.Base.Orientation) is None
    near = [shown.getpixel((round(shown.width * x), round(shown.height * y))) for x, y in _SPOTS]
    assert [_nearest(pixel) for pixel in near] == [WHITE, BLUE, RED, BLUE]


_SPOTS = ((0.05, 0.1), (0.95, 0.1), (0.05, 0.9), (0.95, 0.9))


def _as_held(upright: Image.Image, orientation: int) -> Image.Image:
    """Store a picture the way a camera held so would: the reverse of what a viewer does."""
    turn = Image.Transpose
    back = {
        1: None,
        2: turn.FLIP_LEFT_RIGHT,
        3: turn.ROTATE_180,
        4: turn.FLIP_TOP_BOTTOM,
        5: turn.TRANSPOSE,
        6: turn.ROTATE_90,
        7: turn.TRANSVERSE,
        8: turn.ROTATE_270,
    }[orientation]
    return upright if back is None else upright.transpose(back)


def _nearest(pixel: object) -> tuple[int, int, int]:
    assert isinstance(pixel, tuple)
    return min(
        (RED, BLUE, WHITE), key=lambda c: sum(abs(a - b) for a, b in zip(c, pixel, strict=True))
    )


def test_thumbnail_is_small() -> None:
    prepared = images.prepare(saved(scene(2000, 1000)))

    assert prepared.thumbnail is not None
    assert opened(prepared.thumbnail).size == (320, 160)
    assert len(prepared.thumbnail) < 40_000
    assert opened(images.thumbnail(prepared.content)).size == (320, 160)


def test_transparency_is_laid_on_white() -> None:
    glass = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    palette = marked(100, 100).convert("P")

    assert opened(images.prepare(saved(glass, "PNG")).content).getpixel((50, 50)) == WHITE
    see_through = saved(palette, "PNG", transparency=palette.getpixel((90, 90)))
    shown = opened(images.prepare(see_through).content).getpixel((90, 90))
    assert _nearest(shown) == WHITE


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "RGBA"])
def test_every_ordinary_kind_of_colours_becomes_a_photo(mode: str) -> None:
    content = saved(marked(4000, 2000).convert(mode), "PNG")

    assert opened(images.prepare(content).content).mode == "RGB"


@pytest.mark.parametrize("form", ["WEBP", "BMP", "GIF"])
def test_other_formats_become_jpeg(form: str) -> None:
    content = saved(marked(), form)

    assert images.is_picture(content)
    assert images.prepare(content).mime == "image/jpeg"


def test_second_picture_that_phones_write_is_no_animation() -> None:
    content = saved(marked(), "MPO", save_all=True, append_images=[marked(100, 50)])
    assert opened(content).format == "MPO"

    assert opened(images.prepare(content).content).size == (400, 200)


def test_small_colour_profile_stays_and_a_large_one_goes() -> None:
    small, large = b"p" * 500, b"p" * 20_000

    assert (
        opened(images.prepare(saved(marked(), icc_profile=small)).content).info["icc_profile"]
        == small
    )
    assert (
        "icc_profile" not in opened(images.prepare(saved(marked(), icc_profile=large)).content).info
    )


def test_photo_of_an_iphone_is_sent_as_it_is() -> None:
    heic = b"\0\0\0\x18ftypheic" + bytes(200)

    prepared = images.prepare(heic)

    assert images.is_picture(heic)
    assert (prepared.content, prepared.mime, prepared.thumbnail) == (heic, "image/heic", None)


# --- where and when


def test_time_with_its_zone_is_read() -> None:
    stamp = exif(taken="2026:04:27 09:05:11", zone="-04:00")

    prepared = images.prepare(saved(marked(), exif=stamp))

    assert prepared.taken == datetime(2026, 4, 27, 13, 5, 11, tzinfo=UTC)
    assert prepared.taken.utcoffset() == timedelta(hours=-4)


def test_time_without_a_zone_is_left_open() -> None:
    prepared = images.prepare(saved(marked(), exif=exif(taken="2026:04:27 09:05:11")))

    assert prepared.taken == datetime(2026, 4, 27, 9, 5, 11)  # noqa: DTZ001 - that is the point


@pytest.mark.parametrize("taken", ["0000:00:00 00:00:00", "yesterday", "", "2026:13:45 99:99:99"])
def test_time_that_is_none_is_left_out(taken: str) -> None:
    assert images.prepare(saved(marked(), exif=exif(taken=taken))).taken is None


def test_zone_that_is_none_leaves_the_time_out() -> None:
    stamp = exif(taken="2026:04:27 09:05:11", zone="local")

    assert images.prepare(saved(marked(), exif=stamp)).taken is None


def test_place_is_read_in_degrees() -> None:
    gps = place((45.0, 5.0, 24.36), (74.0, 10.0, 48.0))

    prepared = images.prepare(saved(marked(), exif=exif(gps=gps)))

    assert (prepared.latitude, prepared.longitude) == (45.0901, -74.18)


@pytest.mark.parametrize(
    "gps",
    [
        place((0.0, 0.0, 0.0), (0.0, 0.0, 0.0)),
        place((95.0, 0.0, 0.0), (74.0, 0.0, 0.0)),
        {ExifTags.GPS.GPSLatitude: (45.0, 5.0, 0.0)},
        {ExifTags.GPS.GPSLatitude: 45.0, ExifTags.GPS.GPSLongitude: 74.0},
        {},
    ],
)
def test_place_that_is_none_is_left_out(gps: dict[int, object]) -> None:
    prepared = images.prepare(saved(marked(), exif=exif(gps=gps)))

    assert (prepared.latitude, prepared.longitude) == (None, None)


def test_nothing_of_what_the_camera_wrote_travels_in_the_picture() -> None:
    stamp = exif(taken="2026:04:27 09:05:11", gps=place((45.0, 5.0, 0.0), (74.0, 0.0, 0.0)))

    content = images.prepare(saved(marked(), exif=stamp, comment=b"my phone")).content

    assert dict(opened(content).getexif()) == {}
    assert b"Phone" not in content
    assert b"my phone" not in content


# --- too large


def test_photo_reduced_keeps_place_and_time_and_stands_upright() -> None:
    stamp = exif(
        orientation=6,
        taken="2026:04:27 09:05:11",
        zone="-04:00",
        gps=place((45.0, 5.0, 24.36), (74.0, 10.0, 48.0)),
    )
    large = saved(_as_held(scene(6000, 3000), 6), exif=stamp, quality=100, subsampling=0)

    reduced = images.reduce(large)
    prepared = images.prepare(reduced)

    assert opened(reduced).size == (4096, 2048)
    assert len(reduced) < len(large) / 2
    assert opened(prepared.content).size == (2048, 1024)
    assert prepared.taken == datetime(2026, 4, 27, 9, 5, 11, tzinfo=timezone(timedelta(hours=-4)))
    assert prepared.latitude == 45.0901


# --- refusals


def test_truncated_photo_is_refused() -> None:
    content = saved(scene(1200, 900))

    assert code_of(lambda: images.prepare(content[: len(content) // 2])) == "photo-damaged"
    assert code_of(lambda: images.prepare(content[:200])) == "photo-damaged"
    assert code_of(lambda: images.prepare(b"")) == "photo-damaged"


def test_bytes_changed_anywhere_are_refused_or_decoded_and_never_fail_otherwise() -> None:
    draw = random.Random(3)
    whole = saved(
        scene(200, 150), exif=exif(taken="2026:04:27 09:05:11", gps=place((1, 2, 3), (4, 5, 6)))
    )
    for _ in range(200):
        torn = bytearray(whole)
        for _ in range(draw.randrange(1, 8)):
            torn[draw.randrange(len(torn))] = draw.randrange(256)
        with contextlib.suppress(ProblemError):
            images.prepare(bytes(torn))


def test_bomb_is_refused_by_its_header() -> None:
    """A few hundred bytes that would unfold into gigabytes."""
    bomb = saved(Image.new("1", (30_000, 30_000)), "PNG")
    assert len(bomb) < 200_000

    assert code_of(lambda: images.prepare(bomb)) == "photo-too-many-pixels"
    assert code_of(lambda: images.reduce(bomb)) == "photo-too-many-pixels"
    assert code_of(lambda: images.thumbnail(bomb)) == "photo-too-many-pixels"


def test_baseline_jpeg_of_many_pixels_is_taken_a_progressive_one_is_not() -> None:
    large = Image.new("RGB", (9000, 7000), RED)

    prepared = images.prepare(saved(large))

    assert max(opened(prepared.content).size) == 2048
    assert (
        code_of(lambda: images.prepare(saved(large, progressive=True))) == "photo-too-many-pixels"
    )


def test_single_pixel_is_refused() -> None:
    assert code_of(lambda: images.prepare(saved(Image.new("RGB", (1, 1))))) == "photo-too-small"


def test_print_colours_are_refused() -> None:
    assert code_of(lambda: images.prepare(saved(marked().convert("CMYK")))) == "photo-cmyk"


def test_sixteen_bits_a_colour_are_refused() -> None:
    grey = saved(Image.new("I;16", (100, 100)), "PNG")
    eight = saved(marked(), "PNG")
    colours = eight[:24] + b"\x10" + eight[25:]

    assert code_of(lambda: images.prepare(grey)) == "photo-deep"
    assert code_of(lambda: images.prepare(colours)) in ("photo-deep", "photo-damaged")


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_animation_is_refused(form: str) -> None:
    content = saved(
        marked(), form, save_all=True, append_images=[Image.new("RGB", (400, 200), BLUE)]
    )

    assert code_of(lambda: images.prepare(content)) == "photo-animated"


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7 ...", b"hello", b"", b"RIFF....WAVE", b"\0\0\0\x18ftypmp42"]
)
def test_what_is_no_picture_is_told_by_its_first_bytes(content: bytes) -> None:
    assert not images.is_picture(content)


# --- the signature


def test_strokes_are_drawn_in_ink_on_nothing() -> None:
    drawn = opened(images.png_of([[(100, 100), (900, 100)], [(500, 300)], []]))

    assert drawn.size == (1080, 540)
    assert drawn.getpixel((500, 100)) == (16, 33, 43, 255)
    assert drawn.getpixel((500, 300)) == (16, 33, 43, 255)
    assert drawn.getpixel((500, 500)) == (255, 255, 255, 0)


def test_picture_is_opened_without_waiting_for_the_decoders() -> None:
    """NumPy and the decoders take half a second, which a day without a label does not need."""
    program = "import sys, field_app.device.images; print({'numpy', 'cv2'} & {*sys.modules})"
    said = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )

    assert said.stdout.strip() == "set()"


def test_picture_for_reading_is_grey_upright_and_small() -> None:
    made = images.for_reading(saved(scene(3000, 2000)))

    with Image.open(io.BytesIO(made)) as opened:
        assert (opened.mode, opened.size) == ("L", (images.READ_PX, images.READ_PX * 2 // 3))


def test_picture_of_an_iphone_cannot_be_made_smaller_and_says_so() -> None:
    with pytest.raises(ProblemError) as caught:
        images.for_reading(b"\0\0\0\x18ftypheic" + bytes(200))

    assert caught.value.problem.code == "photo-heic"


def test_picture_for_reading_is_the_part_that_is_known_to_be_the_label() -> None:
    made = images.for_reading(saved(scene(2000, 2000)), (0.25, 0.5, 0.75, 0.75))

    with Image.open(io.BytesIO(made)) as opened:
        assert opened.size == (1000, 500)
