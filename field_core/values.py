"""One value, changed on two sides: which one is kept, and which one lost.

If the current value is what it was when the device read it, the new one is taken; if it already is
the new one, nothing happens; else the field's policy decides.
"""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from field_core.canon import Json
from field_core.fields import Policy
from field_core.operations import Verdict
from field_core.results import Loser


@dataclass(frozen=True, slots=True)
class Value:
    """The value kept for one field, the verdict on the edit, and what lost."""

    kept: Json
    verdict: Verdict
    losers: tuple[Loser, ...] = ()


def merge_value(policy: Policy, was: Json, now: Json, current: Json, field: str) -> Value:
    """Merge one edit `was` → `now` into `current`."""
    if same(current, was):
        return Value(now, Verdict.APPLIED)
    if same(current, now):
        return Value(current, Verdict.APPLIED)
    if policy is Policy.DEVICE:
        return Value(now, Verdict.MERGED, (Loser(field, was, now, current),))
    combine = _COMBINE.get(policy)
    combined = combine(now, current) if combine else None
    if combined is not None:
        return Value(combined, Verdict.MERGED)
    return Value(current, Verdict.SUPERSEDED, (Loser(field, was, current, now),))


def same(one: Json, other: Json) -> bool:
    """Compare as JSON does, at every depth: 1 is 1.0, but a check mark is not a number."""
    if one != other:
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return all(same(item, other[name]) for name, item in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return all(map(same, one, other))
    return isinstance(one, bool) == isinstance(other, bool)


def _pick(better: Callable[[Any, Any], bool]) -> Callable[[Json, Json], Json]:
    def pick(now: Json, current: Json) -> Json:
        if now is None or current is None:
            return current if now is None else now
        if not _are_ordered(now, current):
            return None
        return now if better(now, current) else current

    return pick


def _are_ordered(one: Json, other: Json) -> bool:
    """Tell whether one of two values is the greater: two texts, or two numbers."""
    if isinstance(one, (str, bool)) or isinstance(other, bool):
        return type(one) is type(other)
    return isinstance(one, (int, float)) and isinstance(other, (int, float))


def _union(now: Json, current: Json) -> Json:
    have = [] if current is None else current
    if not isinstance(now, list) or not isinstance(have, list):
        return None
    return [*have, *(item for item in now if not any(same(item, each) for each in have))]


_COMBINE: Final[Mapping[Policy, Callable[[Json, Json], Json]]] = {
    Policy.MAX: _pick(operator.gt),
    Policy.MIN: _pick(operator.lt),
    Policy.UNION: _union,
}
"""What keeps both edits in one value; null where the two values do not allow it."""
