"""A device that is not on this phone, as the index of all devices knows it.

What is done to it here stands on this: it is the very device that is put in, not a second one.
"""

import json
from typing import Final

from sqlite_utils import Database

from field_core.canon import Body
from field_core.replay import Held

DOCTYPE: Final = "Service Equipment"
DOCTYPE_OF_INDEX: Final = "Equipment Identity"
_AS_IT_IS: Final = (
    "mac_address", "serial_no", "gpon_serial", "serial_aliases",
    "equipment_type", "status", "held_by", "service_location",
)  # fmt: skip


def device_in_index(db: Database, key: str) -> Held | None:
    """Return what the index says of a device, in the form of its document."""
    row = db.conn.execute(
        "SELECT body FROM view WHERE doctype = 'Equipment Identity' "
        "AND json_extract(body, '$.equipment') = ?",
        (key,),
    ).fetchone()
    return Held(DOCTYPE, as_device(json.loads(row[0]))) if row else None


def as_device(row: Body) -> Body:
    """Return a row of the index in the names that the device's own document has for it."""
    told = {name: row.get(name) for name in _AS_IT_IS}
    told |= {"name": row.get("equipment_name"), "installed_on": row.get("since")}
    return {name: value for name, value in told.items() if value is not None}
