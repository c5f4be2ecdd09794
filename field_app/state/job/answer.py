"""What was typed for a step, read as its kind wants it: the answer, or what is wrong with it."""

import re
from dataclasses import dataclass
from typing import Final

from field_app.ports import StepRow
from field_core.canon import Body, Json
from field_core.checklist import NUMBER_MAX, Measured, check_value
from field_core.identity import bare, read_gpon_serial, read_mac, read_serial
from field_core.labels import Field
from field_core.numbers import read_number, write_number
from field_core.problems import Problem, ProblemError

NUMERIC: Final = ("number", "reading")
TYPED: Final = ("text", "scan", "choice", *NUMERIC)
"""Kinds whose answer is given here; the others are done by confirming."""

_PAST: Final = (Measured.BELOW, Measured.ABOVE)
_PARTED: Final = re.compile(r"\w{1,4}([:.\-\u2010\u2011\u2013]\w{1,4}){2,}")
_HEXADECIMAL: Final = re.compile("[0-9A-F]*[A-F][0-9A-F]*")
_ABOUT_A_MAC: Final = range(11, 14)
"""Twelve digits, one forgotten or one too many."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: its value, or the problem with it; neither while nothing was given."""

    value: Json = None
    problem: Problem | None = None

    @property
    def is_failing(self) -> bool:
        """Whether it is a number past a bound, and one that somebody may have measured."""
        if self.problem is None or not isinstance(self.value, float):
            return False
        return self.problem.details.get("wrong") in _PAST and abs(self.value) <= NUMBER_MAX


def read_answer(step: StepRow, typed: str, *, language: str, is_serial: bool = False) -> Answer:
    """Read what was typed; `is_serial`: take it for a serial number, whatever it looks like."""
    text = typed.strip()
    if not text or step.kind not in TYPED:
        return Answer()
    if step.kind in NUMERIC:
        number = read_number(text, language)
        value: Json = number if number is not None else text
        return Answer(number, check_value(_rules(step), value))
    if step.kind == "scan":
        return _read_identity(text, is_serial=is_serial)
    return Answer(text, check_value(_rules(step), text))


def _rules(step: StepRow) -> Body:
    return {
        "id": step.id,
        "step": step.code,
        "kind": step.kind,
        "unit": step.unit,
        "min_value": step.low,
        "max_value": step.high,
        "choices": "\n".join(step.choices) or None,
    }


def _read_identity(text: str, *, is_serial: bool) -> Answer:
    try:
        return Answer(identity_of(text, is_serial=is_serial)[1])
    except ProblemError as error:
        return Answer(None, error.problem)


def identity_of(text: str, *, is_serial: bool = False) -> tuple[Field, str]:
    """Return a MAC as `A4:2B:…` (T-10), else a GPON serial in letters, else a maker's serial.

    Raises ProblemError with the reason.
    """
    if looks_like_mac(text) and not is_serial:
        return Field.MAC, read_mac(text)
    try:
        return Field.GPON, read_gpon_serial(text)
    except ProblemError:
        return Field.SERIAL, read_serial(text)


def looks_like_mac(text: str) -> bool:
    """Tell whether a text is meant as a MAC: parted into groups, or about twelve hex digits."""
    marks = bare(text)
    is_hexadecimal = _HEXADECIMAL.fullmatch(marks) is not None and len(marks) in _ABOUT_A_MAC
    return is_hexadecimal or _PARTED.fullmatch(text) is not None


def written(step: StepRow, language: str) -> str:
    """Return the answer that a step has, as it would be typed."""
    value = step.value
    if step.kind not in TYPED or value is None:
        return ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return write_number(value, language)
    return str(value)
