"""Where a device is recorded and since when, from the index that every device holds.

`mac_address`, `serial_no` and `gpon_serial` of some 7,600 devices are looked up by index, without
what parts their groups: `a42b.b01c.9f3e` and `A4:2B:B0:1C:9F:3E` are the same.
"""

import json
from collections.abc import Iterable

from field_app.ports import Recorded
from field_app.sync.labels import label_of, maybe_text, place_at, text_of
from field_app.sync.migrations import IDENTITY_COLUMNS, IDENTITY_ROWS, bare_sql
from field_app.sync.replica import Replica
from field_core.canon import Body
from field_core.identity import bare, mac, serial_forms


def identity_by_mac(replica: Replica, typed: str) -> list[Recorded]:
    """Return where a MAC is recorded; nothing for what is no MAC of a device."""
    digits = mac(typed)
    return _found(replica, ("mac_address",), (digits,)) if digits else []


def identity_by_serial(replica: Replica, typed: str) -> list[Recorded]:
    """Return where a serial number is recorded, a maker's or a GPON one in either form."""
    return _found(replica, ("serial_no", "gpon_serial"), serial_forms(typed))


def identities(replica: Replica, typed: str) -> list[Recorded]:
    """Return where a device is recorded that bears this mark, whichever it is."""
    marks = {bare(typed), *serial_forms(typed)} - {""}
    return _found(replica, IDENTITY_COLUMNS, sorted(marks))


def _found(replica: Replica, columns: Iterable[str], marks: Iterable[str]) -> list[Recorded]:
    """Answer each device once, by index row or document; our own unsent ones have no row yet."""
    found: dict[str, Recorded] = {}
    for column in columns:
        for mark in marks:
            for key, doctype, body in _rows(replica, column, mark):
                recorded = _recorded(replica, key, doctype, body)
                found.setdefault(recorded.key, recorded)
    return list(found.values())


def _rows(replica: Replica, column: str, mark: str) -> list[tuple[str, str, Body]]:
    rows = replica.db.conn.execute(
        f"SELECT key, doctype, body FROM view WHERE {IDENTITY_ROWS} "  # noqa: S608 - our own columns
        f"AND {bare_sql(column)} = ? ORDER BY doctype, id",
        (mark,),
    )
    return [(key, doctype, json.loads(body)) for key, doctype, body in rows]


def _recorded(replica: Replica, key: str, doctype: str, body: Body) -> Recorded:
    """Where the device itself is here too, it has a name, and what was just done to it counts."""
    is_index = doctype == "Equipment Identity"
    device = text_of(body, "equipment") if is_index else key
    held = replica.document(device)
    if held is None:
        name = text_of(body, "equipment_name") or device
        return _of(replica, device, name, body, since="since")
    return _of(
        replica, device, label_of(device, held.body.get("name")), held.body, since="installed_on"
    )


def recorded_as(replica: Replica, key: str) -> Recorded | None:
    """Return how a device is recorded now, by its key: with what was just done to it."""
    held = replica.device(key)
    if held is None:
        return None
    name = text_of(held.body, "name") or key
    return _of(replica, key, name, held.body, since="installed_on")


def _of(replica: Replica, key: str, label: str, body: Body, *, since: str) -> Recorded:
    location = maybe_text(body, "service_location")
    return Recorded(
        equipment=label,
        mac_address=maybe_text(body, "mac_address"),
        serial_no=maybe_text(body, "serial_no"),
        gpon_serial=maybe_text(body, "gpon_serial"),
        location=location,
        place=place_at(replica, location),
        since=maybe_text(body, since) if location else None,
        key=key,
        equipment_type=text_of(body, "equipment_type"),
        model=text_of(body, "model"),
        status=text_of(body, "status"),
        held_by=maybe_text(body, "held_by"),
    )
