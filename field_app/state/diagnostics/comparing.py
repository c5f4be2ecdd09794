"""Two runs beside each other: before the repair, and after it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from field_core.cpe import Grade
from field_core.diagnosis import Result, Run

_RANK: Final = {Grade.OK: 0, Grade.UNKNOWN: 1, Grade.WATCH: 2, Grade.BAD: 3}
_SEVERAL: Final = frozenset({"client-signal", "channel-busy", "wifi-channel", "node-signal"})
"""Quantities of which a run has one for each station, band or node."""


@dataclass(frozen=True, slots=True)
class Change:
    """One quantity, before and after; `is_better` None where nothing can be said."""

    before: Result
    after: Result
    is_better: bool | None


def compared(before: Run, after: Run) -> list[Change]:
    """Return what both runs measured and what changed a grade first, then what was measured."""
    found = [*_pairs(before, after)]
    return sorted(found, key=lambda one: one.is_better is None)


def _pairs(before: Run, after: Run) -> Iterator[Change]:
    had = {(r.quantity, r.target): r for r in before.results if _counts(r)}
    for result in after.results:
        old = had.get((result.quantity, result.target))
        if old is not None and _counts(result):
            yield Change(old, result, _is_better(old, result))


def _counts(result: Result) -> bool:
    is_number = isinstance(result.value, int | float) and result.quantity not in _SEVERAL
    return is_number and (result.grade is not None or result.probe in _SHOWN)


_SHOWN: Final = frozenset({"throughput"})


def _is_better(before: Result, after: Result) -> bool | None:
    if before.grade is None or after.grade is None or before.grade is after.grade:
        return None
    return _RANK[after.grade] < _RANK[before.grade]
