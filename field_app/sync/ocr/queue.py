"""The queue as its screen shows it."""

from field_app.ports import OcrOf, OcrRow, OcrState
from field_app.sync.acts.acting import rows_of
from field_app.sync.labels import text_of
from field_app.sync.ocr.rows import Waiting, every
from field_app.sync.replica import Replica
from field_app.sync.reviewing import link_of
from field_core.canon import Body

_WHOLE = 100


def queue(replica: Replica) -> list[OcrRow]:
    """Return what waits to be read and what nobody could read, newest first."""
    waiting = [row for row in every(replica) if not row.is_ended and _is_shown(row)]
    return [_row(replica, row) for row in reversed(waiting)]


def _is_shown(row: Waiting) -> bool:
    return row.state is not OcrState.READ


def _row(replica: Replica, row: Waiting) -> OcrRow:
    step = _step(replica, row)
    return OcrRow(
        id=row.id,
        job=link_of(replica, row.job, ""),
        target=row.target,
        photo=row.photo,
        step_fr=text_of(step, "label_fr") or text_of(step, "label_en"),
        step_en=text_of(step, "label_en") or text_of(step, "label_fr"),
        state=row.state,
        made_ms=row.made_ms,
        tries=row.tries,
        next_ms=row.next_ms,
        sha256=row.picture or row.original,
        percent=row.got * _WHOLE // row.size if row.size else 0,
        problem=row.problem or row.waits,
    )


def _step(replica: Replica, row: Waiting) -> Body:
    held = replica.document(row.job) if row.target.of is OcrOf.STEP else None
    rows = rows_of(held.body, "checklist") if held else []
    return next((step for step in rows if step.get("id") == row.target.id), {})
