"""Limits as settings, and grades that hold still."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from field_core.canon import Json
from field_core.cpe.grading import grade, worst
from field_core.cpe.model import Grade
from field_core.cpe.thresholds import DEFAULT, Limits, Range, Thresholds, read_thresholds

RX = DEFAULT.pon_class("GPON").rx_dbm
LEVELS = st.floats(-40, 0)


def test_class_follows_the_kind_of_pon() -> None:
    kinds = ("GPON", "XGS-PON", "XG-PON", "EPON", None)

    assert [DEFAULT.pon_class(kind).rx_dbm.watch.low for kind in kinds] == [-27, -28, -28, -27, -27]


def test_olt_profile_overrides_class_or_limits() -> None:
    own: dict[str, Json] = {
        "ok": {"low": -20, "high": -12},
        "watch": {"low": -22, "high": -9},
        "unit": "dBm",
    }
    thresholds = read_thresholds(
        {
            "olt_profiles": {
                "rural": {"pon_class": "GPON C+"},
                "strict": {"rx_dbm": {**own, "source": "our design rule"}},
            }
        }
    )
    found = {name: thresholds.pon_class("GPON", name) for name in ("rural", "strict", "other")}

    assert {name: pon.rx_dbm.watch.low for name, pon in found.items()} == {
        "rural": -30,
        "strict": -22,
        "other": -27,
    }
    assert found["strict"].rx_dbm.source == "our design rule"
    assert found["strict"].tx_dbm == DEFAULT.pon_class("GPON").tx_dbm


@pytest.mark.parametrize(
    "wrong",
    [
        {"default_class": "GPON Z"},
        {"olt_profiles": {"rural": {"pon_class": "GPON Z"}}},
        {"hysteresis": 0.5},
        {"bias_ma": {"ok": {"low": 9, "high": 1}, "watch": {}, "unit": "mA", "source": "x"}},
    ],
)
def test_settings_that_cannot_be_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Thresholds.model_validate({**DEFAULT.model_dump(), **wrong})


def test_settings_survive_being_written_and_read() -> None:
    assert Thresholds.model_validate_json(DEFAULT.model_dump_json()) == DEFAULT


@pytest.mark.parametrize(
    ("value", "found", "bound"),
    [
        (-27.7, Grade.BAD, -27), (-26, Grade.WATCH, -25), (-9, Grade.WATCH, -10),
        (-6.5, Grade.BAD, -8), (-24.1, Grade.OK, -27), (-11, Grade.OK, -8),
    ],
)  # fmt: skip
def test_bound_spoken_of_is_the_one_that_matters(value: float, found: Grade, bound: float) -> None:
    assert RX.grade(value) is found
    assert RX.bound(value, found) == bound


def test_bounds_of_open_ranges() -> None:
    floor = Limits(ok=Range(low=-67), watch=Range(low=-75), unit="dBm", source="x")
    ceiling = Limits(ok=Range(high=50), watch=Range(high=75), unit="%", source="x")

    assert floor.bound(-71, Grade.WATCH) == -67
    assert ceiling.bound(80, Grade.BAD) == 75


@pytest.mark.parametrize(
    ("before", "value", "found"),
    [
        (Grade.OK, -25.4, Grade.OK), (Grade.OK, -25.5, Grade.OK), (Grade.OK, -25.6, Grade.WATCH),
        (Grade.WATCH, -24.6, Grade.WATCH), (Grade.WATCH, -24.4, Grade.OK),
        (Grade.WATCH, -27.4, Grade.WATCH), (Grade.BAD, -26.6, Grade.BAD),
        (Grade.BAD, -26.4, Grade.WATCH), (Grade.UNKNOWN, -25.4, Grade.WATCH),
        (None, -25.4, Grade.WATCH),
    ],
)  # fmt: skip
def test_grade_stays_within_half_a_decibel_of_a_bound(
    before: Grade | None, value: float, found: Grade
) -> None:
    assert grade(value, RX, before=before, margin=DEFAULT.hysteresis_db) is found


@given(LEVELS, st.sampled_from(Grade))
def test_grade_held_is_the_plain_one_or_the_one_before(value: float, before: Grade) -> None:
    assert grade(value, RX, before=before, margin=0.5) in {before, RX.grade(value)}


@given(LEVELS)
def test_grade_given_back_is_kept(value: float) -> None:
    first = grade(value, RX)

    assert grade(value, RX, before=first, margin=0.5) is first


def test_grade_of_nothing_is_unknown() -> None:
    assert grade(None, RX, before=Grade.OK, margin=0.5) is Grade.UNKNOWN
    assert worst([]) is Grade.UNKNOWN
    assert worst([Grade.UNKNOWN, Grade.OK, Grade.WATCH]) is Grade.WATCH


def test_every_limit_names_its_source() -> None:
    limits = [limit for limit in vars(DEFAULT).values() if isinstance(limit, Limits)]

    assert len(limits) == 9
    assert all(limit.source and limit.unit for limit in limits)
