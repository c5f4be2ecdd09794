"""The scanner as others call it: real photos, any subset of decoders, a worker, a cancel."""

import asyncio
import threading
import time

import numpy as np
import pytest

from field_app.scanner import Reading, Symbology, installed, read_beside, read_codes, read_picture
from field_codes import reading as reading_module
from field_codes.decoders import Decoders, present
from field_codes.opening import Picture
from field_core.labels import parse_label
from field_core.problems import ProblemError
from tests.app.scanner.pictures import Photo, drawn, file_of, photo, photos, sheet

UNREAD = {"026"}
"""The label of this board is a few pixels high; nothing that was tried reads it."""
PHONE = ("pyzbar", "opencv")
UNREAD_ON_A_PHONE = UNREAD | {"022", "023", "076", "106", "108"}
"""Data Matrix, Aztec and PDF417 have no reader there; the server reads them later."""


def of_phone() -> Decoders:
    has = present(PHONE)
    return Decoders(has.modes, has.names, ("zxing-cpp",))


def texts(reading: Reading) -> set[str]:
    return {code.text for code in reading.codes}


def sound(one: Photo) -> set[str]:
    """The truth as read_codes tells it: without the separators that stand on no label."""
    return {
        text.strip("\x1d").replace("\x1d", "") if "[)>" not in text else text for text in one.texts
    }


@pytest.mark.parametrize("one", photos(), ids=lambda one: one.path.name)
def test_photo_is_read_and_nothing_else_is_read_in_it(one: Photo) -> None:
    reading = read_picture(one.path, budget_s=30)

    expected = set() if one.path.name[:3] in UNREAD else sound(one)
    assert texts(reading) == expected
    assert (reading.missing, reading.is_out_of_time, reading.is_cancelled) == ((), False, False)


@pytest.mark.parametrize("one", photos(), ids=lambda one: one.path.name)
def test_photo_is_read_with_what_a_phone_has(one: Photo) -> None:
    reading = read_picture(one.path, decoders=of_phone(), budget_s=30)

    expected = set() if one.path.name[:3] in UNREAD_ON_A_PHONE else sound(one)
    assert texts(reading) == expected
    assert reading.missing == ("zxing-cpp",)


def test_label_gives_the_identity_of_its_device() -> None:
    """T-06: from the photo of a router's label to MAC and serial, offline."""
    label = parse_label(read_codes(photo("028").path))

    assert label.mac is not None
    assert label.serial is not None
    assert (label.mac.value, label.serial.value) == ("1C:49:7B:A8:D9:A6", "GMK170210005623")
    assert label.mac.provenance.value == "barcode"


def test_codes_of_one_label_are_all_returned() -> None:
    label = sheet(
        drawn("1C497BA8D9A6", Symbology.CODE_128),
        drawn("GMK170210005623", Symbology.CODE_128),
        drawn("54504C47A1B2C3D4", Symbology.QR),
        drawn("3574660239843", Symbology.EAN_13),
    )

    found = {(code.text, code.symbology.value) for code in read_codes(label)}

    assert found == {
        ("1C497BA8D9A6", "Code128"),
        ("GMK170210005623", "Code128"),
        ("54504C47A1B2C3D4", "QR"),
        ("3574660239843", "EAN13"),
    }


def test_small_label_in_a_photo_of_twelve_megapixels_is_read() -> None:
    noise = np.random.default_rng(5)
    scene = noise.integers(90, 110, (3000, 4000), np.uint8)
    label = sheet(
        drawn("TPLGA1B2C3D4", Symbology.CODE_128), drawn("A42BB01C9F3E", Symbology.CODE_128)
    )
    scene[1800 : 1800 + label.shape[0], 2400 : 2400 + label.shape[1]] = label

    codes = read_picture(scene, budget_s=30).codes

    assert {code.text for code in codes} == {"TPLGA1B2C3D4", "A42BB01C9F3E"}
    x, y = codes[0].corners[0]
    assert 2400 <= x <= 3400
    assert 1800 <= y <= 2500


def test_photo_held_sideways_is_read_at_its_upright_place() -> None:
    exif = photo_exif(6)
    paper = np.pad(
        drawn("A42BB01C9F3E", Symbology.CODE_128), ((10, 400), (10, 10)), constant_values=255
    )
    (code,) = read_codes(file_of(np.ascontiguousarray(np.rot90(paper)), "JPEG", exif=exif))

    assert code.text == "A42BB01C9F3E"
    assert all(y < paper.shape[0] / 2 for _, y in code.corners)


def photo_exif(orientation: int) -> bytes:
    from PIL import Image  # noqa: PLC0415 - only here

    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif.tobytes()


SUBSETS = [(), ("zxing-cpp",), ("pyzbar",), ("opencv",), PHONE, ("zxing-cpp", "opencv")]


@pytest.mark.parametrize("subset", SUBSETS)
def test_any_subset_of_decoders_reads_or_says_what_is_missing(subset: tuple[str, ...]) -> None:
    has = present(subset)
    missing = tuple(name for name in ("zxing-cpp", "pyzbar", "opencv") if name not in subset)
    decoders = Decoders(has.modes, has.names, missing)
    picture: Picture = drawn("TPLGA1B2C3D4", Symbology.QR, scale=6)

    if not subset:
        with pytest.raises(ProblemError) as caught:
            read_picture(picture, decoders=decoders)
        assert "zxing-cpp, pyzbar, opencv" in caught.value.problem.sentence()
    else:
        reading = read_picture(picture, decoders=decoders, budget_s=30)
        assert (texts(reading), reading.missing) == ({"TPLGA1B2C3D4"}, missing)


def test_without_opencv_pictures_are_read_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    reading_module._steps.cache_clear()  # noqa: SLF001 - what an app without OpenCV starts with
    monkeypatch.setattr(reading_module, "_STEPS", "field_codes.absent")
    try:
        reading = read_picture(drawn("A1B2C3", Symbology.CODE_128), budget_s=30)
    finally:
        reading_module._steps.cache_clear()  # noqa: SLF001 - as it was

    assert texts(reading) == {"A1B2C3"}
    assert reading.stages == ("zxing-fast", "zxing", "zbar")


def test_budget_bounds_the_time() -> None:
    """The hardest case: twelve megapixels of noise."""
    noise = np.random.default_rng(1).integers(0, 255, (3000, 4000), np.uint8)

    reading = read_picture(noise, budget_s=0.2)

    assert reading.took_s < 5  # a loaded machine's; each view is bounded, so it is seconds at most
    assert reading.codes == ()


async def test_worker_lets_the_screen_run() -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0)
            ticks += 1

    ticking = asyncio.create_task(tick())
    reading = await read_beside(photo("028").path, enough=lambda codes: len(codes) == 2)
    ticking.cancel()

    assert texts(reading) == {"1C497BA8D9A6", "GMK170210005623"}
    assert ticks > 0


async def test_cancelled_worker_ends_soon() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (3000, 4000), np.uint8)
    before = threading.active_count()
    task = asyncio.create_task(read_beside(noise))
    await asyncio.sleep(0.05)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    deadline = time.monotonic() + 20
    loop_executor_idle = asyncio.get_running_loop().run_in_executor(None, lambda: None)
    await loop_executor_idle
    assert time.monotonic() < deadline
    assert threading.active_count() <= before + 2


def test_decoders_of_this_device_are_loaded_once() -> None:
    assert installed() is installed()
