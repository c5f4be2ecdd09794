"""Whatever is given as a picture: upright tones of grey, or a sentence; never a crash."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from field_app.scanner import read_codes
from field_codes import opening as opening_module
from field_codes.decoders import Grey
from field_codes.opening import opened
from field_codes.pictures import luminance
from field_core.problems import ProblemError
from tests.app.scanner.pictures import file_of, photo

RAMP = np.arange(256, dtype=np.uint8).reshape(16, 16).repeat(4, 0).repeat(6, 1)


UNDONE: dict[int, Callable[[Grey], Grey]] = {
    1: lambda g: g,
    2: np.fliplr,
    3: lambda g: np.rot90(g, 2),
    4: np.flipud,
    5: np.transpose,
    6: np.rot90,
    7: lambda g: np.rot90(np.transpose(g), 2),
    8: lambda g: np.rot90(g, -1),
}


def grey_of(picture: Any) -> Grey:  # noqa: ANN401 - anything may be given
    return opened(picture, luminance)


def code_of(picture: Any) -> str:  # noqa: ANN401 - anything may be given
    with pytest.raises(ProblemError) as caught:
        grey_of(picture)
    assert "—" not in caught.value.problem.sentence() or isinstance(picture, bytes)
    return caught.value.problem.code


def test_file_is_decoded_to_its_tones() -> None:
    assert np.array_equal(grey_of(file_of(RAMP)), RAMP)


def test_path_is_read_as_text_or_as_path(tmp_path: Path) -> None:
    path = tmp_path / "label.png"
    path.write_bytes(file_of(RAMP))

    assert np.array_equal(grey_of(path), RAMP)
    assert np.array_equal(grey_of(str(path)), RAMP)


@pytest.mark.parametrize("orientation", UNDONE)
def test_picture_is_turned_as_the_camera_was_held(orientation: int) -> None:
    """Exif 3.0, 4.6.5.1.6: what is stored is undone to what was seen."""
    stored = np.ascontiguousarray(UNDONE[orientation](RAMP))
    exif = Image.Exif()
    exif[0x0112] = orientation

    assert np.array_equal(grey_of(file_of(stored, exif=exif)), RAMP)


def test_colours_weigh_as_eyes_see_them() -> None:
    bgr = np.zeros((300, 40, 3), np.uint8)
    bgr[:100, :, 0], bgr[100:200, :, 1], bgr[200:, :, 2] = 255, 255, 255

    grey = grey_of(bgr)

    assert [int(grey[at, 0]) for at in (0, 150, 299)] == [29, 150, 76]
    assert np.array_equal(grey_of(bgr[..., 0]), bgr[..., 0])


def test_transparent_paper_is_white() -> None:
    image = np.zeros((64, 64, 4), np.uint8)

    assert grey_of(file_of(image)).min() == 255


def test_palette_and_black_and_white_are_read() -> None:
    palette = Image.fromarray(RAMP).convert("P")
    bitmap = Image.fromarray(RAMP).convert("1")

    assert grey_of(_saved(palette)).shape == RAMP.shape
    assert set(np.unique(grey_of(_saved(bitmap)))) == {0, 255}


def test_largest_sensors_are_decoded_at_a_part_of_their_size() -> None:
    tall = np.full((9_000, 6_000), 200, np.uint8)

    assert grey_of(file_of(tall, "JPEG")).shape == (4_500, 3_000)


def _saved(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:  # noqa: ANN401 - Pillow's own
    import io  # noqa: PLC0415 - only here

    kept = io.BytesIO()
    image.save(kept, kind, **options)
    return kept.getvalue()


def animated() -> bytes:
    frames = [Image.new("L", (64, 64), tone) for tone in (0, 90)]
    return _saved(frames[0], "GIF", save_all=True, append_images=frames[1:])


def scans_without_end() -> bytes:
    whole = file_of(RAMP, "JPEG", progressive=True)
    at = whole.rindex(b"\xff\xda")
    return whole[:at] + whole[at:-2] * 200 + whole[-2:]


HOSTILE = {
    "not an image": (b"Bonjour", "photo-not-image"),
    "nothing": (b"", "photo-not-image"),
    "a TIFF": (_saved(Image.fromarray(RAMP), "TIFF"), "photo-not-image"),
    "half a JPEG": (file_of(RAMP, "JPEG")[:300], "photo-damaged"),
    "half a PNG": (file_of(np.tile(RAMP, (4, 4)))[:-200], "photo-damaged"),
    "a head alone": (b"\xff\xd8\xff\xe0", "photo-damaged"),
    "one pixel": (file_of(RAMP[:1, :1]), "photo-too-small"),
    "a bomb": (file_of(np.zeros((10_000, 10_000), np.uint8)), "photo-too-many-pixels"),
    "print colours": (_saved(Image.new("CMYK", (64, 64)), "JPEG"), "photo-cmyk"),
    "deep tones": (_saved(Image.new("I;16", (64, 64))), "photo-deep"),
    "a film": (animated(), "photo-animated"),
    "an iPhone's own": (b"\0\0\0\x18ftypheic" + bytes(64), "photo-heic"),
    "scans without end": (scans_without_end(), "photo-damaged"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_gives_a_problem(name: str) -> None:
    content, problem = HOSTILE[name]

    assert code_of(content) == problem


ARRAYS = {
    "empty": (np.zeros((0, 0, 3), np.uint8), "photo-too-small"),
    "one pixel": (np.zeros((1, 1, 3), np.uint8), "photo-too-small"),
    "floats": (np.zeros((64, 64, 3), np.float32), "photo-deep"),
    "a row": (np.zeros(64, np.uint8), "photo-damaged"),
    "four colours": (np.zeros((64, 64, 4), np.uint8), "photo-damaged"),
    "huge": (np.broadcast_to(np.uint8(0), (9_000, 9_000)), "photo-too-many-pixels"),
}


@pytest.mark.parametrize("name", ARRAYS)
def test_hostile_array_gives_a_problem(name: str) -> None:
    array, problem = ARRAYS[name]

    assert code_of(array) == problem


def test_path_that_is_no_file_is_not_found(tmp_path: Path) -> None:
    assert code_of(tmp_path) == "not-found"
    assert code_of(tmp_path / "absent.jpg") == "not-found"
    assert code_of("/dev/zero") == "not-found"
    assert code_of("a\0b") == "not-found"


def test_file_that_may_not_be_read_is_not_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> bytes:
        raise PermissionError

    path = tmp_path / "closed.png"
    path.write_bytes(file_of(RAMP))
    monkeypatch.setattr(Path, "read_bytes", refuse)

    assert code_of(path) == "not-found"


def test_file_that_is_too_large_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening_module, "FILE_BYTES_MAX", 10)
    path = tmp_path / "big.png"
    path.write_bytes(file_of(RAMP))

    assert code_of(path) == "photo-too-large"


MUTATED = (photo("023").path.read_bytes(), photo("106").path.read_bytes(), file_of(RAMP, "WEBP"))


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(MUTATED),
    st.lists(st.tuples(st.integers(0, 1 << 20), st.binary(min_size=1, max_size=8)), max_size=6),
    st.floats(0.05, 1.0),
)
def test_mutated_file_gives_codes_or_a_problem(
    content: bytes, changes: list[tuple[int, bytes]], share: float
) -> None:
    changed = bytearray(content)
    for at, put in changes:
        start = at % len(changed)
        changed[start : start + len(put)] = put
    try:
        grey = grey_of(bytes(changed[: int(len(changed) * share)]))
    except ProblemError:
        return
    assert grey.ndim == 2


def test_reading_a_hostile_file_raises_the_problem() -> None:
    with pytest.raises(ProblemError):
        read_codes(b"Bonjour")
