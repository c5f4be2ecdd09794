"""A run as evidence: its readings, the whole of it as a file, and what it answers to a step."""

from collections.abc import Iterator, Sequence
from typing import Final

from field_app.ports import Evidence, Level, StepRow
from field_core.canon import dump
from field_core.cpe import Grade
from field_core.cpe.redaction import redact
from field_core.diagnosis import Probe, Result, Run, Target

LEVELS_MAX: Final = 40
"""Rows on a job: what a person reads; the file beside them has everything."""

_ALWAYS: Final = frozenset({Probe.THROUGHPUT})
_ANSWERS: Final = {"dBm": "optical-rx", "Mbit/s": "throughput-down", "ms": "latency"}
"""Which quantity a step asks for, by its unit."""
MEASURED_UNITS: Final = frozenset(_ANSWERS)
_MEASURED_OF: Final = {"latency": Target.SERVER}


def evidence_of(run: Run, *, step: StepRow | None = None) -> Evidence:
    """Return a run as it is put on its job; secret-looking members of `raw` never leave."""
    answer = answer_for(step, run.results) if step else None
    value = float(answer.value) if answer and isinstance(answer.value, int | float) else None
    body = redact(run.model_dump(mode="json"))
    assert isinstance(body, dict), "an object stays one"
    return Evidence(
        levels=tuple(_levels(run))[:LEVELS_MAX],
        content=dump(body).encode(),
        step=step.id if step and value is not None else None,
        value=value,
    )


def answer_for(step: StepRow | None, results: Sequence[Result]) -> Result | None:
    """Return the result that a step's reading or number asks for, by its unit."""
    if step is None or step.kind not in ("reading", "number"):
        return None
    quantity = _ANSWERS.get(step.unit or "")
    target = _MEASURED_OF.get(quantity or "")
    return next(
        (
            one
            for one in results
            if one.quantity == quantity
            and isinstance(one.value, int | float)
            and target in (None, one.target)
        ),
        None,
    )


def _levels(run: Run) -> Iterator[Level]:
    """Give what was graded, the throughput, and of many stations only those that are not well."""
    for one in run.results:
        if isinstance(one.value, str) or one.value is None or not _is_told(one):
            continue
        name = one.details.get("name")
        yield Level(
            quantity=one.quantity,
            value=float(one.value),
            unit=one.unit,
            verdict=one.grade.value if one.grade else None,
            source=" · ".join(str(part) for part in (one.target.value, one.method, name) if part),
            measured_at=one.measured_at,
        )


def _is_told(one: Result) -> bool:
    if one.grade is None:
        return one.probe in _ALWAYS
    return one.quantity != "client-signal" or one.grade is not Grade.OK
