"""Instants as text: one spelling that sorts like time."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_core.instants import from_ms, from_text, ms_to_text, to_ms, to_text

INSTANTS = st.datetimes(
    min_value=datetime(2, 1, 1),  # noqa: DTZ001 - the strategy wants naive limits
    max_value=datetime(9998, 12, 31),  # noqa: DTZ001 - the strategy adds zones
    timezones=st.integers(-14, 14).map(lambda h: timezone(timedelta(hours=h))),
)


def test_to_text_then_utc_with_microseconds() -> None:
    montreal = timezone(timedelta(hours=-4))

    assert to_text(datetime(2026, 4, 27, 9, tzinfo=montreal)) == "2026-04-27T13:00:00.000000Z"


@given(INSTANTS)
def test_from_text_gives_back_what_to_text_wrote(instant: datetime) -> None:
    assert from_text(to_text(instant)) == instant


@given(INSTANTS, INSTANTS)
def test_text_sorts_like_time(one: datetime, other: datetime) -> None:
    assert (to_text(one) < to_text(other)) == (one < other)


@given(st.integers(0, 4_102_444_800_000))
def test_milliseconds_survive_the_way_there_and_back(ms: int) -> None:
    assert to_ms(from_ms(ms)) == ms
    assert to_ms(from_text(ms_to_text(ms))) == ms


def test_to_text_of_an_instant_without_zone_is_a_programmer_mistake() -> None:
    with pytest.raises(AssertionError, match="needs a zone"):
        to_text(datetime(2026, 4, 27))  # noqa: DTZ001 - that is the mistake


@pytest.mark.parametrize(
    "text",
    ["yesterday", "2026-04-27", "2026-04-27T13:00:00", "0001-01-01T00:00:00+14:00"],
)
def test_from_text_of_no_instant_raises_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        from_text(text)


def test_from_text_then_any_zone_is_turned_into_utc() -> None:
    assert from_text("2026-04-27T09:00:00-04:00") == datetime(2026, 4, 27, 13, tzinfo=UTC)
