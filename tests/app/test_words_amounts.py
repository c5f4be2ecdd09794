"""Words for quantities, lengths of time and times of day."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_app.i18n import Language, Words

FR, EN = Words("fr"), Words("en")


@pytest.mark.parametrize(
    ("value", "fr", "en"), [(2.0, "2", "2"), (2.5, "2,5", "2.5"), (0.125, "0,125", "0.125")]
)
def test_number_has_its_languages_decimal_mark(value: float, fr: str, en: str) -> None:
    assert (FR.number(value), EN.number(value)) == (fr, en)


@pytest.mark.parametrize(
    ("language", "value", "amount"),
    [
        ("fr", 1.5, "1,5 mètre"),
        ("fr", 2.0, "2 mètres"),
        ("en", 1.0, "1 metre"),
        ("en", 1.5, "1.5 metres"),
    ],
)
def test_unit_has_its_languages_plural(language: Language, value: float, amount: str) -> None:
    assert Words(language).amount(value, "Mètre") == amount


def test_unit_that_nobody_named_stays_as_it_is() -> None:
    assert (FR.amount(3, "Rouleau"), FR.amount(3, "")) == ("3 Rouleau", "3")


@pytest.mark.parametrize(
    ("ms", "text"),
    [(-5, "0 min"), (59_999, "0 min"), (3_540_000, "59 min"), (3_900_000, "1 h 05")],
)
def test_length_of_time_is_written_in_hours_and_minutes(ms: int, text: str) -> None:
    assert FR.duration(ms) == text


@pytest.mark.parametrize("typed", ["9:05", "09:05", "9 h 05", "9h05", "0905", "905", " 9.05 "])
def test_time_of_day_is_read_however_it_is_typed(typed: str) -> None:
    assert FR.instant("2026-04-27", typed) == "2026-04-27T13:05:00.000000Z"


@pytest.mark.parametrize("typed", ["", "24:00", "9:5x", "9:60", "-9", "neuf", "9:05:30"])
def test_text_that_is_no_time_of_day_is_none(typed: str) -> None:
    assert FR.instant("2026-04-27", typed) is None


@given(st.integers(0, 23), st.integers(0, 59))
def test_time_of_day_is_written_as_it_was_read(hour: int, minute: int) -> None:
    instant = FR.instant("2026-07-01", f"{hour}:{minute:02}")

    assert instant is not None
    assert (FR.hour(instant), FR.local_day(instant)) == (f"{hour:02}:{minute:02}", "2026-07-01")


def test_time_that_the_clock_skips_in_spring_is_an_hour_later() -> None:
    instant = FR.instant("2026-03-08", "2:30")

    assert instant is not None
    assert FR.hour(instant) == "03:30"


def test_date_with_its_year_is_written_out() -> None:
    assert (FR.full_day("2025-11-03"), FR.full_day("2026-05-01")) == (
        "3 novembre 2025",
        "1er mai 2026",
    )
    assert EN.full_day("2025-11-03") == "November 3, 2025"
