"""The scanner behind the screens' port: read beside the screen, loaded late, missing altogether."""

import asyncio

import pytest

from field_app.compose.scanning import LateScanner
from field_app.device import images
from field_app.ports import Box
from field_app.scanner import BesideScanner
from field_app.scanner.beside import box_of
from field_codes.codes import Code, Symbology
from field_core.labels import parse_label
from field_core.problems import ProblemError
from tests.app.scanner.pictures import photo

LABEL = photo("028").path


def code(*corners: tuple[float, float]) -> Code:
    first, second, third, fourth = corners
    return Code("X", Symbology.QR, (first, second, third, fourth), "zbar", "pyzbar")


async def test_label_is_read_with_its_place_while_the_loop_runs() -> None:
    """T-06: the screen goes on meanwhile."""
    scanner = BesideScanner(cut=images.cut)
    await scanner.prepare()
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.001)
            ticks += 1

    ticking = asyncio.create_task(tick())
    sight = await scanner.look(LABEL.read_bytes())
    ticking.cancel()

    assert parse_label(sight.codes).found["mac_address"].value == "1C:49:7B:A8:D9:A6"  # type: ignore[index]  # the field's own word
    assert sight.box is not None
    assert ticks > 1
    assert images.is_picture(await scanner.cut(LABEL.read_bytes(), sight.box))
    assert (scanner.can_read, "pyzbar" in scanner.missing) == (True, False)


async def test_frame_of_a_stream_has_less_time_than_a_photo() -> None:
    scanner = BesideScanner(cut=images.cut)

    sight = await scanner.look(photo("026").path.read_bytes(), is_live=True)

    assert sight.took_s < 3


@pytest.mark.parametrize(
    ("codes", "box"),
    [
        ([], None),
        ([code((5, 5), (5, 5), (5, 5), (5, 5))], None),
        ([code((40, 40), (60, 40), (60, 60), (40, 60))], Box(0.32, 0.32, 0.68, 0.68)),
        ([code((0, 0), (100, 0), (100, 100), (0, 100))], Box(0, 0, 1, 1)),
    ],
)
def test_box_goes_around_the_codes_with_a_margin_inside_the_picture(
    codes: list[Code], box: Box | None
) -> None:
    assert box_of(codes, (100, 100)) == box


@pytest.mark.parametrize("text", [None, "", "1 2", "a b c d", "0.5 0 0.4 1", "0 0 1 2"])
def test_box_that_is_none_is_no_place(text: str | None) -> None:
    assert Box.parse(text) is None


def test_box_keeps_its_place_in_text() -> None:
    box = Box(0.1, 0.2, 0.6, 0.5)
    assert Box.parse(box.text) == box


async def test_scanner_is_loaded_when_it_is_first_wanted() -> None:
    late = LateScanner()
    assert (late.missing, late.can_read) == ((), True)

    sight = await late.look(LABEL.read_bytes())
    box = sight.box
    assert box is not None
    part = await late.cut(LABEL.read_bytes(), box)

    assert (late.can_read, images.is_picture(part)) == (True, True)
    assert "pyzbar" not in late.missing


async def test_device_without_its_libraries_says_which_and_has_labels_typed() -> None:
    late = LateScanner(package="field_app.no_such_scanner")
    await late.prepare()

    with pytest.raises(ProblemError) as told:
        await late.look(b"")

    assert told.value.problem.code == "scanner-missing"
    assert (late.can_read, late.missing) == (False, ("field_app.no_such_scanner",))
