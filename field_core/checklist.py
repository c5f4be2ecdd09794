"""Steps of a job: which count, which can be done now, which are missing, which answers will do."""

import json
import math
from enum import StrEnum
from typing import Final

from field_core import jsonlogic, signing
from field_core.canon import Body, Json
from field_core.problems import Problem

NUMBER_MAX: Final = 1e9
"""Nothing that a technician measures comes near; what does was a slip of the hand."""
TEXT_MAX: Final = 140
"""The ERP keeps an answer in 140 characters and refuses a longer one."""
CONDITION_MAX: Final = 4_000
"""Characters of a rule; those of flows have some tens."""

BY_PHOTO: Final = "photo"
"""How the identity of a scan came that is only on a photo yet: it is to be confirmed (T-07)."""

_NUMERIC: Final = ("number", "reading")


class Measured(StrEnum):
    """How a measured value stands to its bounds."""

    WITHIN = "within"
    BELOW = "below"
    ABOVE = "above"


def steps_of(job: Body) -> list[Body]:
    """Return the steps of a job, in their order."""
    return _rows(job, "checklist")


def _rows(job: Body, table: str) -> list[Body]:
    rows = job.get(table)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


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


def is_to_confirm(step: Body) -> bool:
    """Tell whether a step was done by a photo of a label that nobody has read yet."""
    return step.get("source") == BY_PHOTO and bool(step.get("done")) and step.get("value") is None


# --- which steps count


def is_applicable(step: Body, job: Body) -> bool:
    """Tell whether a step counts on this job, by its condition (JSONLogic).

    The rule sees the job, and answers as `steps.<code>`. One that cannot be read or evaluated
    hides nothing: the step counts.
    """
    text = step.get("condition")
    if not isinstance(text, str) or not text.strip() or len(text) > CONDITION_MAX:
        return True
    try:
        answers: Json = {str(row.get("step")): answer_of(row) for row in steps_of(job)}
        return jsonlogic.truth(jsonlogic.apply(json.loads(text), {**job, "steps": answers}))
    except (ValueError, RecursionError):
        return True


def answer_of(step: Body) -> Json:
    """Return what was answered: a number where one was asked for, true when just done, or nothing.

    The ERP gives every answer back as text.
    """
    value = step.get("value")
    if step.get("kind") in _NUMERIC and isinstance(value, str):
        value = _number(value)
    return True if value is None and step.get("done") else value


def _number(text: str) -> Json:
    try:
        value = float(text)
    except ValueError:
        return text
    return value if math.isfinite(value) else text


# --- which can be done, which are missing


def waits_for(step: Body, job: Body) -> tuple[Body, ...]:
    """Return the steps that hold this one up; one that does not count hands its own place on."""
    by_id = {str(row.get("id")): row for row in steps_of(job)}
    waiting, seen, found = [*depends_on(step)], set[str](), list[Body]()
    while waiting:
        before = waiting.pop(0)
        if before in seen or before not in by_id:
            continue
        seen.add(before)
        row = by_id[before]
        if not is_applicable(row, job):
            waiting += depends_on(row)
        elif not is_settled(row):
            found.append(row)
    return tuple(found)


def is_open(step: Body, job: Body) -> bool:
    """Tell whether everything that this step depends on is settled."""
    return not waits_for(step, job)


def missing(job: Body) -> tuple[Body, ...]:
    """Return the required steps that a job still needs before it is complete.

    A reading that failed is not settled by leaving it out (T-12).
    """
    return tuple(
        step
        for step in steps_of(job)
        if step.get("required")
        and (not is_settled(step) or is_failed(step))
        and is_applicable(step, job)
    )


def asked_signature(job: Body) -> Body | None:
    """Return the step that asks for the signature and only lacks that, if there is one."""
    asked = (step for step in steps_of(job) if step.get("kind") == "signature")
    open_now = (
        step
        for step in asked
        if not is_settled(step) and is_applicable(step, job) and is_open(step, job)
    )
    return next(open_now, None)


def is_failed(step: Body) -> bool:
    """Tell whether a reading was taken, is out of its bounds, and was not taken again since."""
    if step.get("kind") != "reading" or step.get("done"):
        return False
    value = answer_of(step)
    return isinstance(value, float | int) and measured(step, value) is not Measured.WITHIN


# --- which answers will do


def measured(step: Body, value: float) -> Measured:
    """Say how a value stands to the bounds of a step."""
    low, high = bounds(step)
    if value < low:
        return Measured.BELOW
    return Measured.ABOVE if value > high else Measured.WITHIN


def bounds(step: Body) -> tuple[float, float]:
    """Return the least and the greatest value that a step takes."""
    low, high = step.get("min_value"), step.get("max_value")
    return (
        low if isinstance(low, (int, float)) else -NUMBER_MAX,
        high if isinstance(high, (int, float)) else NUMBER_MAX,
    )


def check_value(step: Body, value: Json) -> Problem | None:
    """Say what is wrong with an answer, if anything; the detail `wrong` tells it in one word.

    `number`: it is none, and `example` would be one; `below`, `above`: past `limit` in `unit`;
    `long`: more than `limit` characters; `choices`: none of them.
    """
    if step.get("kind") in _NUMERIC:
        return _check_number(step, value)
    choices = step.get("choices")
    if step.get("kind") == "choice" and isinstance(choices, str):
        return None if value in choices.splitlines() else _wrong(step, "choices")
    if isinstance(value, str) and len(value) > TEXT_MAX:
        return _wrong(step, "long", limit=TEXT_MAX)
    return None


def _check_number(step: Body, value: Json) -> Problem | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value:  # noqa: PLR0124 - NaN alone
        return _wrong(step, "number", example=_example(step))
    found = measured(step, value)
    if found is Measured.WITHIN:
        return None
    limit = bounds(step)[0 if found is Measured.BELOW else 1]
    return _wrong(step, str(found), limit=limit, unit=step.get("unit"))


def _example(step: Body) -> float:
    """Return a number that a step would take, with a decimal so that its mark is seen."""
    low, high = (step.get(name) for name in ("min_value", "max_value"))
    match low, high:
        case float() | int(), float() | int():
            return round((low + high) / 2, 1)
        case float() | int(), _:
            return low + 2.5
        case _, float() | int():
            return high - 2.5
        case _:
            return 12.5


def _wrong(step: Body, wrong: str, **details: Json) -> Problem:
    field = step.get("step") or step.get("id")
    return Problem("invalid-value", {"field": field, "wrong": wrong, **details})


def photos_of(step: Body, job: Body) -> list[Body]:
    """Return the photos of a step, without those that were taken again."""
    rows = _rows(job, "photos")
    replaced = {row.get("replaces") for row in rows}
    names = {step.get("id"), step.get("step")} - {None}
    return [row for row in rows if row.get("step") in names and row.get("id") not in replaced]


def check_evidence(step: Body, job: Body) -> Problem | None:
    """Say what must be there before a step is done: its photo, the signature."""
    kind, named = step.get("kind"), {"step": step.get("label_fr") or step.get("step")}
    if kind == "photo" and not photos_of(step, job):
        return Problem("photo-needed", named)
    if kind == "signature" and not signing.is_signed(job):
        return Problem("signature-needed", named)
    return None
