"""A transfer as slices of time: the steady rate is their median once the start is over."""

import itertools
from collections.abc import Sequence
from statistics import median
from typing import Final

SLICE_S: Final = 0.25
DROPPED_S: Final = 1.0
"""Slow start: on fibre TCP is at its rate well within a second."""
SLICES_MIN: Final = 4
"""A second of steady transfer; less is no measurement."""
_BITS: Final = 8
_MEGA: Final = 1_000_000

Counted = Sequence[tuple[float, int]]
"""Seconds since the start, and bytes so far over all streams, at the end of each slice."""


def slices_mbps(counted: Counted) -> list[tuple[float, float]]:
    """Return each slice's end in seconds and its rate in Mbit/s."""
    return [
        (after_s, (after - before) * _BITS / _MEGA / (after_s - before_s))
        for (before_s, before), (after_s, after) in itertools.pairwise(counted)
        if after_s > before_s
    ]


def steady_mbps(counted: Counted) -> float | None:
    """Return the median rate after the start, or None when that was too short to say."""
    begun = [point for point in counted if point[0] >= DROPPED_S]
    rates = [rate for _, rate in slices_mbps(begun)]
    return median(rates) if len(rates) >= SLICES_MIN else None
