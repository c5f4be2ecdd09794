"""The run through the stages: order, when to stop, and what a budget or a cancel leaves."""

from collections.abc import Iterable, Iterator

import numpy as np
import pytest

from field_codes.cascade import Cascade, Limits, Reading
from field_codes.codes import Corners, Read, Symbology
from field_codes.decoders import Decode, Decoders, Grey
from field_codes.stages import (
    DESKTOP_LARGE,
    DESKTOP_SMALL,
    PHONE_LARGE,
    PHONE_SMALL,
    TONES,
    Stage,
    stages_for,
)
from field_codes.views import View, scaling

SMALL = np.zeros((100, 200), np.uint8)
LARGE = np.zeros((100, 2000), np.uint8)
CORNERS: Corners = ((0, 0), (20, 0), (20, 10), (0, 10))


class Clock:
    """A clock that a decoder moves."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def reads(*texts: str, symbology: Symbology = Symbology.QR) -> Decode:
    return lambda _: [Read(text, symbology, CORNERS) for text in texts]


def slow(clock: Clock, took_s: float, *texts: str) -> Decode:
    def decode(_: Grey) -> Iterable[Read]:
        clock.now_s += took_s
        return [Read(text, Symbology.QR, CORNERS) for text in texts]

    return decode


def enlarged(view: View) -> Iterator[View]:
    yield view.moved(np.repeat(np.repeat(view.grey, 2, 0), 2, 1), scaling(2, 2))


def sliver(view: View) -> Iterator[View]:
    yield view.toned(np.zeros((5, 100), np.uint8))


STEPS = {"enlarged": enlarged, "sliver": sliver, "nothing": lambda _: iter(())}


def cascade(modes: dict[str, Decode], *stages: Stage) -> Cascade:
    names = {mode: mode.partition("-")[0] for mode in modes}
    table = stages or tuple(Stage(mode) for mode in modes)
    return Cascade(Decoders(modes, names, ("absent",)), STEPS, table)


def read(made: Cascade, grey: Grey = SMALL, **limits: object) -> Reading:
    given = {"now_s": Clock(), "budget_s": 1.0, **limits}
    return made.read(grey, Limits(**given))  # type: ignore[arg-type]  # of any limit


def modes_of(number: int, found_at: int) -> dict[str, Decode]:
    order = ("zxing-fast", "zxing", "zbar", "zxing-rotate", "opencv-qr", "opencv-articles")
    return {m: reads("A") if at == found_at else reads() for at, m in enumerate(order[:number])}


def test_squares_are_followed_by_one_more_stage() -> None:
    made = read(cascade(modes_of(5, 1)))

    assert made.stages == ("zxing-fast", "zxing", "zbar")
    assert [code.text for code in made.codes] == ["A"]


def test_bars_are_followed_by_two_more_stages() -> None:
    modes = modes_of(5, 9) | {"zxing-fast": reads("A", symbology=Symbology.CODE_128)}

    assert read(cascade(modes)).stages == ("zxing-fast", "zxing", "zbar")


def test_large_picture_is_followed_by_three_more_stages() -> None:
    assert len(read(cascade(modes_of(6, 0)), LARGE).stages) == 4


def test_need_decides_when_there_is_one() -> None:
    modes = modes_of(6, 0) | {"opencv-qr": reads("B")}
    wanted = read(cascade(modes), enough=lambda codes: len(codes) == 2)

    assert {code.text for code in wanted.codes} == {"A"}  # one place holds one text
    assert len(wanted.stages) == 6


def test_need_that_is_met_stops_at_once() -> None:
    made = read(cascade(modes_of(6, 0)), enough=lambda codes: codes[0].text == "A")

    assert made.stages == ("zxing-fast",)


def test_doubtful_read_is_given_more_stages_to_be_confirmed() -> None:
    modes = modes_of(6, 9)
    modes["zxing-fast"] = reads("A1", symbology=Symbology.CODE_39)
    modes["opencv-qr"] = reads("A1", symbology=Symbology.CODE_39)

    made = read(cascade(modes))

    assert [(code.text, code.votes) for code in made.codes] == [("A1", 2)]
    assert made.doubtful == ()


def test_doubt_is_not_pursued_for_ever() -> None:
    stages = [Stage("zbar", ("enlarged",) * at) for at in range(9)]
    table = [Stage("zxing"), *stages]
    modes = {"zxing": reads("A1", symbology=Symbology.CODE_39), "zbar": reads()}
    made = read(cascade(modes, *table))

    assert len(made.stages) == 6
    assert [code.text for code in made.doubtful] == ["A1"]


def test_time_that_is_up_stops_between_stages() -> None:
    clock = Clock()
    modes = {"zxing-fast": slow(clock, 0.3), "zxing": slow(clock, 0.9), "zbar": slow(clock, 0.3)}
    made = read(cascade(modes), now_s=clock)

    assert (made.stages, made.is_out_of_time) == (("zxing-fast", "zxing"), True)
    assert made.took_s == pytest.approx(1.2)


def test_view_that_would_overrun_is_left_out() -> None:
    """What the first stage took tells how slow it is here and now."""
    clock = Clock()
    seen: list[tuple[int, ...]] = []

    def looks(grey: Grey) -> Iterable[Read]:
        seen.append(grey.shape)
        return []

    modes = {"zxing-fast": slow(clock, 0.6), "zxing": looks}
    table = (Stage("zxing-fast"), Stage("zxing"))
    read(cascade(modes, *table), np.zeros((1500, 1500), np.uint8), now_s=clock)

    assert len(seen) == 0


def test_cancelled_run_returns_what_it_has() -> None:
    made = read(cascade(modes_of(6, 0)), is_cancelled=lambda: True)

    assert (made.codes, made.stages, made.is_cancelled) == ((), (), True)


def test_cancel_within_a_stage_leaves_its_other_views_out() -> None:
    cancelled: list[int] = []

    def decode(_: Grey) -> Iterable[Read]:
        cancelled.append(1)
        return []

    def both(view: View) -> Iterator[View]:
        yield view
        yield view

    made = Cascade(
        Decoders({"zxing": decode}, {"zxing": "zxing"}), {"both": both}, [Stage("zxing", ("both",))]
    )
    read(made, is_cancelled=lambda: bool(cancelled))

    assert len(cancelled) == 1


def test_stage_without_its_decoder_or_step_is_skipped() -> None:
    table = (Stage("absent"), Stage("zxing", ("unknown",)), Stage("zxing"))
    made = read(cascade({"zxing": reads("A")}, *table))

    assert (made.stages, made.missing) == (("zxing",), ("absent",))


def test_corners_are_told_in_pixels_of_the_picture() -> None:
    made = read(cascade({"zxing": reads("A")}, Stage("zxing", ("enlarged", "enlarged"))))

    assert list(made.codes[0].corners) == [(0, 0), (5, 0), (5, 2.5), (0, 2.5)]
    assert (made.codes[0].stage, made.codes[0].decoder) == ("zxing enlarged enlarged", "zxing")


def test_view_shared_by_stages_is_made_once() -> None:
    made: list[int] = []

    def counted(view: View) -> Iterator[View]:
        made.append(1)
        yield view

    decoders = Decoders({"zxing": reads(), "zbar": reads()}, {"zxing": "zxing", "zbar": "zbar"})
    table = [Stage("zxing", ("counted",)), Stage("zbar", ("counted", "counted"))]
    read(Cascade(decoders, {"counted": counted}, table))

    assert len(made) == 2


def test_sliver_is_not_shown_to_decoders() -> None:
    made = read(cascade({"zxing": reads("A")}, Stage("zxing", ("sliver",))))

    assert made.codes == ()


@pytest.mark.parametrize(
    ("shape", "of_desktop", "of_phone"),
    [((480, 640), DESKTOP_SMALL, PHONE_SMALL), ((3000, 4000), DESKTOP_LARGE, PHONE_LARGE)],
)
def test_table_goes_by_size_and_by_decoder(
    shape: tuple[int, int], of_desktop: tuple[Stage, ...], of_phone: tuple[Stage, ...]
) -> None:
    assert stages_for(shape, has_zxing=True) is of_desktop
    assert stages_for(shape, has_zxing=False) is of_phone


def test_code_that_was_found_and_not_read_is_none() -> None:
    assert read(cascade({"opencv-qr": reads("")})).codes == ()


@pytest.mark.parametrize("table", [DESKTOP_SMALL, DESKTOP_LARGE, PHONE_SMALL, PHONE_LARGE])
def test_stages_of_a_table_differ_and_their_steps_exist(table: tuple[Stage, ...]) -> None:
    from field_codes.opencv.steps import STEPS as REAL  # noqa: PLC0415 - only here

    assert len(set(table)) == len(table)
    assert {step for stage in table for step in stage.steps} <= REAL.keys()
    assert REAL.keys() >= TONES


def test_phone_needs_nothing_that_it_lacks() -> None:
    assert not any(stage.mode.startswith("zxing") for stage in PHONE_SMALL + PHONE_LARGE)
