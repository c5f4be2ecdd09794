"""A value's grade, held still when it only wavers around a bound."""

from field_core.cpe.model import Grade
from field_core.cpe.thresholds import Limits


def grade(
    value: float | None, limits: Limits, *, before: Grade | None = None, margin: float = 0.0
) -> Grade:
    """Return a grade; the one `before` stays until the value is more than `margin` past a bound."""
    if value is None:
        return Grade.UNKNOWN
    now = limits.grade(value)
    if before is not None and before in {
        limits.grade(value - margin),
        limits.grade(value + margin),
    }:
        return before
    return now


def worst(grades: list[Grade]) -> Grade:
    """Return the worst of the known grades; none known is unknown."""
    for candidate in (Grade.BAD, Grade.WATCH, Grade.OK):
        if candidate in grades:
            return candidate
    return Grade.UNKNOWN
