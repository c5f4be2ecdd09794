"""The photos of a job as its screen shows them, from the shutter to the office."""

from typing import Final

from field_app.ports import Capture, PhotoCard, PhotoRow, PhotoState, SendState
from field_app.sync.acts.acting import rows_of
from field_app.sync.captures import captures
from field_app.sync.job_parts import photos_of
from field_app.sync.labels import maybe_text, text_of
from field_app.sync.outbox import Entry
from field_app.sync.queries import state_of
from field_app.sync.replica import Replica
from field_core.canon import Body
from field_core.problems import CATALOGUE, Problem

_WAITING: Final = {
    SendState.NEEDS_YOU: PhotoState.NEEDS_YOU,
    SendState.NEEDS_REVIEW: PhotoState.NEEDS_REVIEW,
}


def cards_of(replica: Replica, key: str) -> list[PhotoCard]:
    """Return a job's photos, newest first, those whose picture is not made yet before all."""
    held = replica.document(key)
    body = held.body if held else {}
    rows = {text_of(row, "id"): row for row in rows_of(body, "photos")}
    steps = {text_of(step, "id"): step for step in rows_of(body, "checklist")}
    sent, free = _attachments(replica, key), _never_offered(replica, key)
    made = [
        _card(photo, rows[photo.id], steps, sent.get(photo.id), free)
        for photo in photos_of(replica, key)
    ]
    return [*[_capture(one, steps) for one in captures(replica, key)[::-1]], *made[::-1]]


def _attachments(replica: Replica, key: str) -> dict[str, Entry]:
    """Return what this device did for each photo, while the outbox still knows it."""
    return {
        str(entry.operation.get("item_id")): entry
        for entry in replica.outbox.entries()
        if entry.key == key and entry.kind == "attach"
    }


def _never_offered(replica: Replica, key: str) -> set[str]:
    """Return the operations on a job that the server cannot know of."""
    rows = replica.db.conn.execute(
        "SELECT id FROM outbox WHERE key = ? AND verdict IS NULL AND offered = 0 AND seq = 0",
        (key,),
    )
    return {row[0] for row in rows}


def _card(
    photo: PhotoRow, row: Body, steps: dict[str, Body], entry: Entry | None, free: set[str]
) -> PhotoCard:
    state = _state(photo, row, entry)
    step = steps.get(photo.step or "", {})
    code = photo.problem if state is PhotoState.STOPPED else entry.problem if entry else None
    return PhotoCard(
        id=photo.id,
        sha256=photo.sha256 or None,
        state=state,
        percent=_percent(photo),
        caption=photo.caption or "",
        step=photo.step,
        step_fr=text_of(step, "label_fr") or text_of(step, "step"),
        step_en=text_of(step, "label_en") or text_of(step, "step"),
        taken_at=photo.taken_at,
        size=photo.size,
        latitude=photo.latitude,
        longitude=photo.longitude,
        replaces=maybe_text(row, "replaces"),
        is_replaced=photo.is_replaced,
        is_here=photo.is_here,
        kind=maybe_text(row, "kind"),
        crop=maybe_text(row, "crop"),
        may_drop=entry is not None and entry.id in free,
        problem=Problem(code) if code and code in CATALOGUE else None,
    )


def _state(photo: PhotoRow, row: Body, entry: Entry | None) -> PhotoState:
    """Say how far a photo has come, never more than the server has said."""
    told = state_of(entry) if entry else None
    if photo.problem:
        return PhotoState.STOPPED
    if told in _WAITING:
        return _WAITING[told]
    if photo.is_received and (row.get("image") or told is SendState.IN_OFFICE):
        return PhotoState.IN_OFFICE
    if entry is None and not photo.is_here:
        return PhotoState.ELSEWHERE
    if photo.is_received and told is not SendState.ON_DEVICE:
        return PhotoState.RECEIVED
    return PhotoState.SENDING if photo.sent > 0 else PhotoState.ON_DEVICE


def _percent(photo: PhotoRow) -> int:
    return min(100, 100 * photo.sent // photo.size) if photo.size else 0


def _capture(capture: Capture, steps: dict[str, Body]) -> PhotoCard:
    step = steps.get(capture.step or "", {})
    return PhotoCard(
        id=capture.id,
        sha256=None,
        state=PhotoState.REFUSED if capture.problem else PhotoState.PREPARING,
        step=capture.step,
        step_fr=text_of(step, "label_fr") or text_of(step, "step"),
        step_en=text_of(step, "label_en") or text_of(step, "step"),
        taken_at=capture.at,
        replaces=capture.replaces,
        is_here=True,
        kind=capture.kind,
        crop=capture.crop,
        may_drop=capture.problem is not None,
        problem=capture.problem,
    )
