"""Which devices a technician is likely to hold: they settle what looks alike on a label."""

import json

from field_app.sync.replica import Replica
from field_core.canon import Body

_MARKS = ("mac_address", "serial_no", "gpon_serial")


def likely(replica: Replica, job: str) -> list[str]:
    """Return the identities on a job, at its location and in the technician's van."""
    held = replica.document(job)
    location = held.body.get("service_location") if held else None
    rows = replica.db.conn.execute(
        "SELECT body FROM view WHERE doctype = 'Service Equipment' AND "
        "(json_extract(body, '$.service_location') = ?1 OR json_extract(body, '$.held_by') = ?2)",
        (location, replica.get("technician")),
    )
    bodies: list[Body] = [json.loads(text) for (text,) in rows]
    planned = held.body.get("equipment") if held else None
    bodies += [row for row in planned if isinstance(row, dict)] if isinstance(planned, list) else []
    return [str(body[mark]) for body in bodies for mark in _MARKS if body.get(mark)]
