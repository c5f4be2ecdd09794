"""What happened to one device, as the jobs on this phone tell: here and at other addresses."""

import json
from typing import Final

from field_app.ports import DeviceEvent, DeviceHistory
from field_app.sync.acts.acting import rows_of
from field_app.sync.identities import recorded_as
from field_app.sync.labels import label_of, maybe_text, place_at, text_of
from field_app.sync.replica import Replica
from field_core.canon import Body

EVENTS_MAX: Final = 50
"""A device that moved more often than that is a story for the office."""


def device_history(replica: Replica, key: str) -> DeviceHistory | None:
    """Return where a device is recorded and what jobs did to it, newest first."""
    record = recorded_as(replica, key)
    if record is None:
        return None
    names = {key, record.equipment}
    events = [
        _event(replica, job_key, job, row)
        for job_key, job in _jobs_naming(replica, names)
        for row in reversed(rows_of(job, "equipment"))
        if row.get("equipment") in names
    ]
    events.sort(key=lambda event: event.day or "9999", reverse=True)
    return DeviceHistory(record, events[:EVENTS_MAX])


def _jobs_naming(replica: Replica, names: set[str]) -> list[tuple[str, Body]]:
    """A name is looked for in the text of the table first: few of some hundred jobs have it."""
    found: dict[str, Body] = {}
    for name in sorted(names):
        rows = replica.db.conn.execute(
            "SELECT key, body FROM dispatch_job WHERE instr(equipment, ?)", (name,)
        )
        found |= {key: json.loads(text) for key, text in rows}
    return [*found.items()]


def _event(replica: Replica, key: str, job: Body, row: Body) -> DeviceEvent:
    location = maybe_text(job, "service_location")
    return DeviceEvent(
        id=text_of(row, "id"),
        action=text_of(row, "action"),
        job=key,
        label=label_of(key, job.get("name")),
        day=maybe_text(job, "scheduled_date"),
        location=location,
        place=place_at(replica, location),
        reason=maybe_text(row, "reason"),
        note=maybe_text(row, "note"),
    )
