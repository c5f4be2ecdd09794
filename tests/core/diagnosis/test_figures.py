"""Round trips and transfers, summed up as their definitions say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_core.diagnosis.latency import jitter, percentile, summed_up
from field_core.diagnosis.rates import slices_mbps, steady_mbps

TIMES = st.lists(st.none() | st.floats(0, 5_000), max_size=40)


def test_jitter_is_the_running_estimate_of_rfc_3550() -> None:
    # |D| = 16, then 0: J = 16/16 = 1, then 1 - 1/16.
    assert jitter([10.0, 26.0, 26.0]) == pytest.approx(0.9375)


def test_jitter_is_taken_between_neighbours_that_were_heard() -> None:
    assert jitter([10.0, None, 50.0]) is None
    assert jitter([10.0, None, 50.0, 66.0]) == pytest.approx(1.0)


def test_row_is_summed_up() -> None:
    times = [*map(float, range(1, 20)), None]

    assert summed_up(times)[:4] == (20, 1, 10.0, 19.0)


def test_row_without_an_answer_has_a_count_and_no_times() -> None:
    assert summed_up([None, None]) == (2, 2, None, None, None)


@given(TIMES)
def test_sums_stay_within_what_was_heard(times: list[float | None]) -> None:
    found = summed_up(times)
    heard = [time for time in times if time is not None]

    assert found.sent - found.lost == len(heard)
    if heard:
        assert found.median_ms is not None
        assert found.p95_ms is not None
        assert min(heard) <= found.median_ms <= max(heard)
        assert found.p95_ms in heard
    assert (found.jitter_ms or 0) <= max(heard, default=0)


def test_percentile_of_one_value_is_that_value() -> None:
    assert percentile([3.0], 0) == percentile([3.0], 95) == 3.0


def steady(rate_mbps: float, *, until_s: float) -> list[tuple[float, int]]:
    ends = [at * 0.25 for at in range(int(until_s / 0.25) + 1)]
    return [(at, int(at * rate_mbps * 125_000)) for at in ends]


def test_rate_is_the_median_of_slices_after_the_first_second() -> None:
    slow_start = [(0.0, 0), (0.5, 100), (1.0, 1_000)]
    after = [(at + 1.0, total + 1_000) for at, total in steady(100, until_s=3)[1:]]

    assert steady_mbps([*slow_start, *after]) == pytest.approx(100, rel=1e-3)


def test_transfer_that_was_too_short_has_no_rate() -> None:
    assert steady_mbps(steady(100, until_s=1.5)) is None
    assert steady_mbps([]) is None


def test_slice_without_time_is_left_out() -> None:
    assert slices_mbps([(1.0, 0), (1.0, 500), (2.0, 125_500)]) == [(2.0, 1.0)]
