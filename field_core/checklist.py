"""Steps of a job: which can be done now, which are missing before the job is complete."""

import math
from collections.abc import Iterable, Sequence

from field_core.canon import Body, Json
from field_core.problems import Problem


def depends_on(step: Body) -> tuple[str, ...]:
    """Return the ids of the steps that come before this one."""
    text = step.get("depends_on")
    return (
        tuple(part.strip() for part in text.split(",") if part.strip())
        if isinstance(text, str)
        else ()
    )


def is_settled(step: Body) -> bool:
    """Tell whether a step needs nothing more: done, or left out with a reason."""
    return bool(step.get("done")) or bool(step.get("skip_reason"))


def is_open(step: Body, steps: Sequence[Body]) -> bool:
    """Tell whether everything this step depends on is settled; unknown ids hold nothing up."""
    by_id = {str(other.get("id")): other for other in steps}
    return all(is_settled(by_id[before]) for before in depends_on(step) if before in by_id)


def missing(steps: Iterable[Body]) -> tuple[Body, ...]:
    """Return the required steps that are not settled yet."""
    return tuple(step for step in steps if step.get("required") and not is_settled(step))


def check_value(step: Body, value: Json) -> Problem | None:
    """Say what is wrong with an answer: not a number, out of bounds, or not one of the choices."""
    problem = Problem("invalid-value", {"field": step.get("step") or step.get("id")})
    if step.get("kind") in ("number", "reading"):
        return None if _is_within(value, step) else problem
    choices = step.get("choices")
    if step.get("kind") == "choice" and isinstance(choices, str):
        return None if value in choices.splitlines() else problem
    return None


def _is_within(value: Json, step: Body) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    low, high = step.get("min_value"), step.get("max_value")
    above = not isinstance(low, (int, float)) or value >= low
    return math.isfinite(value) and above and (not isinstance(high, (int, float)) or value <= high)
