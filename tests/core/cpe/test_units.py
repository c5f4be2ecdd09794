"""Units, and what of them can be believed."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_core.cpe import units
from field_core.cpe.units import Level, PowerUnit

DBM, TENTH, MILLI = PowerUnit.DBM, PowerUnit.TENTH_DBM, PowerUnit.MILLI_DBM
MICROWATT, VALUE = PowerUnit.TENTH_MICROWATT, PowerUnit.BY_VALUE
FINITE = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e18, max_value=1e18)


def rounded(level: Level | None) -> tuple[float, PowerUnit, bool] | None:
    return None if level is None else (round(level.dbm, 2), level.unit, level.is_assumed)


@pytest.mark.parametrize(
    ("raw", "unit", "expected"),
    [
        (5624, MICROWATT, (-2.5, MICROWATT, False)),
        (-192, MICROWATT, (-19.2, DBM, True)),
        (-19, MICROWATT, (-19, DBM, True)),
        (0, MICROWATT, None),
        (65_535, MICROWATT, None),
        (-22, DBM, (-22, DBM, False)),
        (-2310, DBM, (-23.1, DBM, True)),
        (-588.89, DBM, (-58.89, DBM, True)),
        (-1e9, DBM, None),
        (0, DBM, None),
        (3, DBM, None),
        (17, VALUE, (-27.7, MICROWATT, True)),
        (-21.3, VALUE, (-21.3, DBM, False)),
        (-213, VALUE, (-21.3, DBM, True)),
        (0, VALUE, None),
        (-215, TENTH, (-21.5, TENTH, False)),
        (215, TENTH, None),
        (-700, TENTH, None),
        (-21_500, MILLI, (-21.5, MILLI, False)),
        (-21, MILLI, (-21, DBM, True)),
        (0, MILLI, None),
    ],
)
def test_receive_level(
    raw: float, unit: PowerUnit, expected: tuple[float, PowerUnit, bool] | None
) -> None:
    assert rounded(units.received(raw, unit)) == expected


@pytest.mark.parametrize(
    ("raw", "unit", "expected"),
    [
        (16_218, MICROWATT, (2.1, MICROWATT, False)),
        (-1, MICROWATT, None),
        (2, DBM, (2, DBM, False)),
        (0, DBM, None),
        (30, DBM, None),
        (23, TENTH, (2.3, TENTH, False)),
        (2300, MILLI, (2.3, MILLI, False)),
        (15_849, VALUE, (2.0, MICROWATT, True)),
        (2.35, VALUE, (2.35, DBM, True)),
        (1e9, VALUE, None),
    ],
)
def test_launch_level(
    raw: float, unit: PowerUnit, expected: tuple[float, PowerUnit, bool] | None
) -> None:
    assert rounded(units.sent(raw, unit)) == expected


@given(FINITE, st.sampled_from(PowerUnit))
def test_level_is_never_outside_of_what_can_be(raw: float, unit: PowerUnit) -> None:
    received, sent = units.received(raw, unit), units.sent(raw, unit)

    assert received is None or (units.RX_DBM_MIN < received.dbm <= units.RX_DBM_MAX and raw)
    assert sent is None or (units.TX_DBM_MIN <= sent.dbm <= units.TX_DBM_MAX and raw)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [(12_032, 47.0), (45, 45), (41.6, 41.6), (-2560, -10), (0, None), (200, None), (-50, None)],
)
def test_temperature(raw: float, expected: float | None) -> None:
    assert units.celsius(raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [(3298, 3.298), (32_440, 3.244), (3.25, 3.25), (0, None), (50, None), (60_000, None)],
)
def test_voltage(raw: float, expected: float | None) -> None:
    assert units.volts(raw) == expected


def test_bias_is_within_what_lasers_draw() -> None:
    found = [units.milliamperes(amperes) for amperes in (0.007, 0, -1, 5)]

    assert found == [7.0, None, None, None]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [(104, -58), (1, -109.5), (220, 0), (0, None), (221, None), (255, None), (-60, -60)],
)
def test_signal_is_rcpi_or_negative_dbm(raw: float, expected: float | None) -> None:
    assert units.signal(raw) == expected


@pytest.mark.parametrize(("raw", "expected"), [(-45, -45), (0, None), (4, None), (-130, None)])
def test_signal_in_dbm(raw: float, expected: float | None) -> None:
    assert units.signal_dbm(raw) == expected


def test_watts_become_a_level() -> None:
    assert math.isclose(units.from_watts(14.454e-6) or 0, -18.4, abs_tol=0.01)
    assert units.from_watts(0) is None
