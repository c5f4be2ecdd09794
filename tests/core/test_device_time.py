"""When something happened, as far as a clock that may be wrong can tell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_core.device_time import SKEW_SHOWN_MS_MIN, Stamp, WorkTime, correct

WALLS = st.integers(-(2**53), 2**53)
MONOS = st.integers(0, 10**10)
ACTS = st.builds(Stamp, WALLS, MONOS, st.sampled_from(["boot-1", "boot-2"]))
RECEIVED = st.integers(10**12, 4 * 10**12)
DAY_MS = 86_400_000


@given(ACTS, ACTS, RECEIVED)
def test_correct_then_never_later_than_received_nor_before_1970(
    act: Stamp, sent: Stamp, received: int
) -> None:
    assert 0 <= correct(act, sent=sent, received_ms=received).at_ms <= received


@given(WALLS, WALLS, MONOS, st.integers(0, DAY_MS), RECEIVED)
def test_correct_within_one_boot_is_exact_whatever_the_wall_clock(
    act_wall: int, sent_wall: int, mono: int, later_ms: int, received: int
) -> None:
    act, sent = Stamp(act_wall, mono, "boot-1"), Stamp(sent_wall, mono + later_ms, "boot-1")

    assert correct(act, sent=sent, received_ms=received).at_ms == received - later_ms


@pytest.mark.parametrize("mono_ms", [999_999, 5], ids=["uptime was longer", "was shorter"])
def test_correct_across_boots_uses_the_skew_measured_now(mono_ms: int) -> None:
    act = Stamp(wall_ms=1_000_000, mono_ms=mono_ms, boot="boot-1")
    sent = Stamp(wall_ms=1_600_000, mono_ms=10, boot="boot-2")

    worked = correct(act, sent=sent, received_ms=1_500_000)

    assert worked == WorkTime(at_ms=900_000, skew_ms=100_000)


def test_correct_with_a_monotonic_clock_that_went_back_falls_back_on_the_wall() -> None:
    act, sent = Stamp(1_000_000, 50, "boot-1"), Stamp(1_200_000, 40, "boot-1")

    assert correct(act, sent=sent, received_ms=1_200_000).at_ms == 1_000_000


@pytest.mark.parametrize(
    ("skew_ms", "is_shown"),
    [(0, False), (SKEW_SHOWN_MS_MIN - 1, False), (SKEW_SHOWN_MS_MIN, True), (-(10**9), True)],
)
def test_is_corrected_then_only_skews_that_change_a_time_sheet(
    skew_ms: int,
    is_shown: bool,  # noqa: FBT001 - drawn by name
) -> None:
    assert WorkTime(0, skew_ms).is_corrected is is_shown
