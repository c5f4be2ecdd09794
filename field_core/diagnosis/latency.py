"""Round-trip times of a row of probes: median, p95, jitter as RFC 3550 has it, and loss as a count.

Times are milliseconds in the order sent; a probe without an answer is None.
"""

import itertools
from collections.abc import Sequence
from statistics import median
from typing import Final, NamedTuple

JITTER_GAIN: Final = 16
"""The estimator's noise reduction (RFC 3550, 6.4.1): J += (|D| - J) / 16."""


class RoundTrips(NamedTuple):
    """What a row of probes says; below a hundred probes a loss is told as a count, not a rate."""

    sent: int
    lost: int
    median_ms: float | None
    p95_ms: float | None
    jitter_ms: float | None


def summed_up(times_ms: Sequence[float | None]) -> RoundTrips:
    """Sum up a row of probes."""
    heard = [time for time in times_ms if time is not None]
    return RoundTrips(
        sent=len(times_ms),
        lost=len(times_ms) - len(heard),
        median_ms=median(heard) if heard else None,
        p95_ms=percentile(heard, 95) if heard else None,
        jitter_ms=jitter(times_ms),
    )


def jitter(times_ms: Sequence[float | None]) -> float | None:
    """Return the running estimate over neighbours that were both heard; one alone has none.

    A round trip stands in for the transit time: sender and receiver are one clock here.
    """
    pairs = [
        (before, after)
        for before, after in itertools.pairwise(times_ms)
        if before is not None and after is not None
    ]
    if not pairs:
        return None
    estimate = 0.0
    for before, after in pairs:
        estimate += (abs(after - before) - estimate) / JITTER_GAIN
    return estimate


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the smallest value that so many per cent of the values do not exceed (nearest rank).

    values: at least one.
    """
    ordered = sorted(values)
    rank = -(-percent * len(ordered) // 100)
    return ordered[max(rank, 1) - 1]
