"""The table of readings: one row from the shutter until its answer has been dealt with.

What is under way is not written down, so that a program that was killed leaves nothing that looks
as if it still went on.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from field_app.ports import Box, OcrOf, OcrState, OcrTarget
from field_app.sync.replica import Replica
from field_core.canon import Body, dump
from field_core.labels.model import Field, Provenance
from field_core.problems import CATALOGUE, Problem
from field_core.suggestions import Suggested

_COLUMNS: Final = (
    "SELECT ocr.id, job, kind, target, photo, original, picture, ocr.made_ms, ocr.tries, next_ms, "
    "answer, ocr.problem, details, settled, ended_ms, waits, box, blob.size, blob.got, "
    "blob.verified_ms, blob.problem FROM ocr LEFT JOIN blob ON blob.sha256 = picture "
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One reading as it is kept; the last three are of the picture that is sent."""

    id: str
    job: str
    target: OcrTarget
    photo: str
    original: str
    picture: str | None
    made_ms: int
    tries: int
    next_ms: int
    answer: tuple[Suggested, ...] | None
    problem: Problem | None
    waits: Problem | None
    """Why the latest attempt came to nothing."""
    place: Box | None
    """Where on the picture the label is."""
    settled: Mapping[str, str]
    """What became of the fields that were dealt with: `filled`, `taken`, `left`, `told`."""
    is_ended: bool
    size: int
    got: int
    is_sent: bool

    @property
    def state(self) -> OcrState:
        """How far it has come, as far as that is written down."""
        if self.problem:
            return OcrState.STOPPED
        if self.answer is not None:
            return OcrState.READ if self.answer else OcrState.UNREADABLE
        if self.picture is None:
            return OcrState.PREPARING
        return OcrState.WAITING if self.is_sent else OcrState.SENDING


def every(replica: Replica, job: str | None = None) -> list[Waiting]:
    """Return the readings of a job or all, oldest first."""
    return _found(replica, "WHERE ?1 IS NULL OR job = ?1 ORDER BY ocr.made_ms, ocr.id", (job,))


def one(replica: Replica, ocr: str) -> Waiting | None:
    """Return one reading."""
    return next(iter(_found(replica, "WHERE ocr.id = ?1", (ocr,))), None)


def of_target(replica: Replica, job: str, target: OcrTarget) -> list[Waiting]:
    """Return what was asked for a step or a device, the latest first."""
    place = (job, target.of.value, target.id)
    where = "WHERE job = ?1 AND kind = ?2 AND target = ?3 ORDER BY ocr.made_ms DESC, ocr.id DESC"
    return _found(replica, where, place)


def _found(replica: Replica, where: str, values: tuple[Any, ...]) -> list[Waiting]:
    return [_waiting(row) for row in replica.db.conn.execute(_COLUMNS + where, values)]


def _waiting(row: tuple[Any, ...]) -> Waiting:
    (ocr, job, kind, target, photo, original, picture, made_ms, tries, next_ms, answer) = row[:11]
    code, details, settled, ended_ms, waits, box, size, got, verified_ms, stopped = row[11:]
    code, details = (code, details) if code else (stopped, details)
    told = json.loads(details or "{}")
    return Waiting(
        id=ocr,
        job=job,
        target=OcrTarget(OcrOf(kind), target),
        photo=photo,
        original=original,
        picture=picture,
        made_ms=made_ms,
        tries=tries,
        next_ms=next_ms,
        answer=None if answer is None else tuple(_suggested(one) for one in json.loads(answer)),
        problem=Problem(code, told) if code in CATALOGUE else None,
        waits=Problem(waits, told) if waits in CATALOGUE else None,
        place=Box.parse(box),
        settled=json.loads(settled),
        is_ended=ended_ms is not None,
        size=size or 0,
        got=got or 0,
        is_sent=verified_ms is not None,
    )


def identity_text(reading: Waiting) -> str:
    """Write what a label told as a step keeps it, by field (`Label.as_json`)."""
    return dump({one.field.value: _told(one) for one in reading.answer or ()})


def answer_text(answer: Iterable[Suggested]) -> str:
    """Write what was read as it is kept."""
    return dump([{"field": one.field.value, **_told(one)} for one in answer])


def _told(one: Suggested) -> Body:
    return {
        "value": one.value,
        "provenance": one.provenance.value,
        "confidence": one.confidence,
        "alternatives": list(one.alternatives),
    }


def _suggested(kept: dict[str, Any]) -> Suggested:
    return Suggested(
        Field(kept["field"]),
        kept["value"],
        Provenance(kept["provenance"]),
        kept["confidence"],
        tuple(kept["alternatives"]),
    )
