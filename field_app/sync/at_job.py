"""The parts of a job as their screens list them: material, notes and time, with their states."""

import json
from collections.abc import Iterable

from field_app.ports import JobFacts, JobMaterials, JobNotes, JobTimes, RunningTime
from field_app.sync import job_parts
from field_app.sync.acts.times import running
from field_app.sync.author import author
from field_app.sync.items import item_of
from field_app.sync.labels import label_of, maybe_text, place_at, text_of
from field_app.sync.replica import Replica
from field_app.sync.row_states import row_states
from field_core.canon import Body


def job_body(replica: Replica, key: str) -> Body | None:
    """Return a job's document, if it is here."""
    held = replica.document(key)
    return held.body if held and held.doctype == "Dispatch Job" else None


def facts_of(replica: Replica, key: str, body: Body, more: Iterable[str] = ()) -> JobFacts:
    """Return what every part of a job is told; `more` are documents whose states count too."""
    location = maybe_text(body, "service_location")
    return JobFacts(
        label=label_of(key, body.get("name")),
        status=text_of(body, "status"),
        location=location,
        place=place_at(replica, location),
        people=people(replica),
        states=row_states(replica, [key, *more]),
    )


def people(replica: Replica) -> dict[str, str]:
    """Return what technicians are called."""
    return {
        text_of(body, "name") or key: text_of(body, "full_name")
        for key, body in replica.documents("Dispatch Technician")
        if body.get("full_name")
    }


# --- material, notes, time


def job_materials(replica: Replica, key: str) -> JobMaterials | None:
    """Return the material of a job."""
    body = job_body(replica, key)
    if body is None:
        return None
    rows = job_parts.materials_of(body)
    codes = json.dumps([row.item for row in rows if row.item])
    found = replica.db.conn.execute(
        "SELECT body FROM view WHERE doctype = 'Item' AND name IN (SELECT value FROM json_each(?))",
        (codes,),
    )
    items = {item.code: item for (text,) in found for item in [item_of(json.loads(text))]}
    return JobMaterials(facts_of(replica, key, body), rows, items)


def job_notes(replica: Replica, key: str) -> JobNotes | None:
    """Return the notes of a job, oldest first."""
    body = job_body(replica, key)
    if body is None:
        return None
    return JobNotes(facts_of(replica, key, body), job_parts.notes_of(body))


def job_times(replica: Replica, key: str) -> JobTimes | None:
    """Return the time entries of a job, oldest first, and what of one's own runs elsewhere."""
    body = job_body(replica, key)
    if body is None:
        return None
    return JobTimes(
        facts_of(replica, key, body), job_parts.times_of(body), _running_elsewhere(replica, key)
    )


def _running_elsewhere(replica: Replica, key: str) -> list[RunningTime]:
    rows = replica.db.conn.execute(
        "SELECT key, body FROM dispatch_job WHERE key != ? AND time_entries IS NOT NULL", (key,)
    )
    mine = author(replica)
    bodies: list[tuple[str, Body]] = [(other, json.loads(text)) for other, text in rows]
    return [
        RunningTime(
            job=other,
            label=label_of(other, body.get("name")),
            activity=text_of(row, "activity"),
            started_at=text_of(row, "started_at"),
        )
        for other, body in bodies
        for row in running(body, mine)
    ]
