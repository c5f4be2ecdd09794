"""Views made with OpenCV: a code read in one is placed where it is in the picture."""

from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from field_codes import zxing
from field_codes.codes import Symbology
from field_codes.decoders import Grey
from field_codes.opencv import shapes
from field_codes.opencv.places import label_boxes
from field_codes.opencv.steps import STEPS, _careful
from field_codes.views import View
from tests.app.scanner.pictures import drawn, middle

TEXT = "1C497BA8D9A6"
CODE = drawn(TEXT, Symbology.CODE_128, scale=3)
DECODE = zxing.MODES["zxing"]


def picture(degrees: float = 0, size: tuple[int, int] = (700, 900)) -> Grey:
    """Return a code a little left of the middle of grey paper, turned."""
    height, width = size
    paper = np.full(size, 200, np.uint8)
    top, left = (height - CODE.shape[0]) // 2, (width - CODE.shape[1]) // 2 - 60
    paper[top : top + CODE.shape[0], left : left + CODE.shape[1]] = CODE
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return np.asarray(
        cv2.warpAffine(paper, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE), np.uint8
    )


def centre(degrees: float, size: tuple[int, int] = (700, 900)) -> tuple[float, float]:
    height, width = size
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    x, y = matrix @ (width / 2 - 60, height / 2, 1)
    return float(x), float(y)


def views(name: str, grey: Grey) -> list[View]:
    made = [View.whole(grey)]
    for step in name.split():
        made = [new for view in made for new in STEPS[step](view)]
    return made


@pytest.mark.parametrize(
    ("steps", "degrees"),
    [
        ("doubled", 0),
        ("doubled clahe", 0),
        ("flat", 0),
        ("otsu", 0),
        ("adaptive", 0),
        ("bright", 0),
        ("unsharp", 0),
        ("deblurred", 0),
        ("middling", 0),
        ("labels", 0),
        ("doubled halved", 0),
        ("upright", 30),
        ("straight", 30),
        ("doubled upright clahe", 57),
        ("labels upright", -35),
        ("bars", 20),
    ],
)
def test_code_read_in_a_view_is_placed_in_the_picture(steps: str, degrees: float) -> None:
    found = [
        (read.text, view.placed(read.corners))
        for view in views(steps, picture(degrees))
        for read in DECODE(view.grey)
    ]

    assert TEXT in [text for text, _ in found]
    x, y = middle(found[0][1])
    there = centre(degrees)
    assert abs(x - there[0]) < 25
    assert abs(y - there[1]) < 40


def test_bars_turned_are_read_only_when_they_are_turned_back() -> None:
    grey = picture(35)

    assert list(DECODE(grey)) == []
    assert [read.text for view in views("upright", grey) for read in DECODE(view.grey)] == [TEXT]


def test_upright_picture_is_not_turned() -> None:
    assert views("upright", picture()) == []
    assert len(views("straight", picture())) == 1


@pytest.mark.parametrize("degrees", [0, 10, 30, 45, 60, 80])
def test_angle_of_bars_is_measured(degrees: float) -> None:
    measured = shapes.edge_angle(picture(degrees))

    assert measured is not None
    assert min(abs((measured + degrees) % 90), 90 - abs((measured + degrees) % 90)) < 2


@pytest.mark.parametrize("shape", [(10, 10), (100, 100), (3, 900)])
def test_paper_without_edges_has_no_angle(shape: tuple[int, int]) -> None:
    assert shapes.edge_angle(np.full(shape, 90, np.uint8)) is None


def test_label_is_found_in_a_large_picture() -> None:
    grey = np.full((3000, 4000), 140, np.uint8)
    grey[2000 : 2000 + CODE.shape[0], 2600 : 2600 + CODE.shape[1]] = CODE

    left, top, width, height = label_boxes(grey)[0]

    assert left <= 2610
    assert top <= 2010
    assert left + width >= 2590 + CODE.shape[1]
    assert top + height >= 1990 + CODE.shape[0]
    assert width * height < grey.size / 20


def test_enlarging_keeps_to_its_limit() -> None:
    (large,) = views("doubled", np.zeros((2000, 2000), np.uint8))
    (small,) = views("doubled", np.zeros((100, 200), np.uint8))

    assert (large.size, small.size) == ((2000, 2000), (400, 200))


@pytest.mark.parametrize("step", sorted(STEPS))
@pytest.mark.parametrize("shape", [(12, 12), (12, 3000), (2000, 13)])
def test_odd_sizes_give_views_or_none(step: str, shape: tuple[int, int]) -> None:
    grey = np.random.default_rng(3).integers(0, 255, shape, np.uint8)

    assert all(view.grey.dtype == np.uint8 for view in views(step, grey))


def test_inverted_picture_is_the_picture_once_more() -> None:
    (again,) = views("inverted inverted", picture())

    assert np.array_equal(again.grey, picture())


def test_what_opencv_refuses_ends_the_views() -> None:
    def refused(view: View) -> Iterator[View]:
        yield view
        raise cv2.error("too small")

    assert len(list(_careful(refused)(View.whole(picture())))) == 1


def test_tiles_cover_the_picture() -> None:
    whole = np.arange(200 * 300, dtype=np.uint32).reshape(200, 300).astype(np.uint8)
    places = [view.placed(((0, 0),) * 4)[0] for view in views("tiled", whole)]

    assert places == [(0, 0), (0, 89), (135, 0), (135, 89)]
