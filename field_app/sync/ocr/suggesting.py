"""What readings propose for the fields as they are now."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from field_app.ports import OcrOf, OcrTarget, Suggestion
from field_app.sync.acts.acting import rows_of
from field_app.sync.labels import text_of
from field_app.sync.ocr.rows import Waiting, identity_text, of_target
from field_app.sync.replica import Replica
from field_core.canon import Body, Json
from field_core.status import is_closed, parse
from field_core.suggestions import STEP_FIELD, Fate, Suggested, fate, for_step

_DRAFT: Final = "draft:{job}/step/{step}"
"""Where `Drafts` keeps what is being typed for a step and is not saved yet."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """One proposal for one field, with what stands there now and what becomes of it."""

    reading: Waiting
    key: str
    """Of the document whose field it is."""
    field: str
    """As the target calls it."""
    path: str
    """As an operation calls it."""
    what: Suggested
    current: str
    fate: Fate


def suggestions(replica: Replica, job: str, target: OcrTarget) -> list[Suggestion]:
    """Return what is to be asked about, one a field, the latest reading first."""
    found: dict[str, Suggestion] = {}
    for reading in of_target(replica, job, target):
        for proposed in proposals(replica, reading):
            if proposed.fate is Fate.ASK or target.of is OcrOf.FORM:
                found.setdefault(proposed.field, _suggestion(proposed))
    return [*found.values()]


def _suggestion(proposed: Proposed) -> Suggestion:
    reading, what = proposed.reading, proposed.what
    return Suggestion(
        ocr=reading.id,
        photo=reading.photo,
        field=proposed.field,
        value=what.value,
        provenance=what.provenance,
        is_sure=what.is_sure,
        alternatives=what.alternatives,
        sha256=reading.picture,
        place=reading.place,
        current=proposed.current,
    )


def origin_of(path: str, reading: Waiting, what: Suggested) -> dict[str, Json]:
    """Return what a step keeps beside its answer: how it came, and all that the label told."""
    row = path.rpartition(".")[0]
    return {f"{row}.source": what.provenance.value, f"{row}.identity": identity_text(reading)}


def proposals(replica: Replica, reading: Waiting) -> Iterator[Proposed]:
    """Yield what a reading proposes for fields that were not dealt with yet."""
    if not reading.answer or reading.is_ended:
        return
    is_over = job_is_over(replica, reading.job)
    place = _device if reading.target.of is not OcrOf.STEP else _step
    for key, field, path, what, current in place(replica, reading):
        if field not in reading.settled:
            outcome = fate(what, current, is_closed=is_over)
            yield Proposed(reading, key, field, path, what, current, outcome)


def job_is_over(replica: Replica, job: str) -> bool:
    """Tell whether a job is closed, or no longer on this device."""
    held = replica.document(job)
    status = parse(held.body.get("status")) if held else None
    return held is None or (status is not None and is_closed(status))


_Place = tuple[str, str, str, Suggested, str]


def _step(replica: Replica, reading: Waiting) -> Iterator[_Place]:
    held = replica.document(reading.job)
    rows = rows_of(held.body, "checklist") if held else []
    step = next((row for row in rows if str(row.get("id")) == reading.target.id), None)
    current = _answer(replica, reading, step) if step else ""
    what = for_step(reading.answer or (), current) if step else None  # the office took it out
    if what:
        path = f"checklist.{reading.target.id}.{STEP_FIELD}"
        yield reading.job, STEP_FIELD, path, what, current


def _answer(replica: Replica, reading: Waiting, step: Body) -> str:
    """Return a step's answer; what is being typed over it counts as much as what was saved."""
    draft = replica.get(_DRAFT.format(job=reading.job, step=reading.target.id))
    typed = str(json.loads(json.loads(draft)["text"])["typed"]) if draft else ""
    return typed.strip() or text_of(step, STEP_FIELD)


def _device(replica: Replica, reading: Waiting) -> Iterator[_Place]:
    """A form's fields are its own: nothing is known of what stands in them."""
    held = replica.document(reading.target.id) if reading.target.of is OcrOf.DEVICE else None
    for what in reading.answer or ():
        field = what.field.value
        yield reading.target.id, field, field, what, text_of(held.body, field) if held else ""
