"""The equipment at a job's location, what the job does to it, and where a device is recorded."""

import json
from collections.abc import Iterable, Sequence
from typing import Final

from field_app.ports import Device, DeviceAct, JobEquipment, JobFacts, Recorded
from field_app.sync.acts.acting import rows_of
from field_app.sync.at_job import facts_of, job_body
from field_app.sync.identities import identity_by_mac, identity_by_serial
from field_app.sync.labels import label_of, maybe_text, text_of
from field_app.sync.replica import Replica
from field_core.canon import Body

_TAKEN_OUT: Final = ("Remove", "Swap")


def job_equipment(replica: Replica, key: str) -> JobEquipment | None:
    """Return the equipment at a job's location, and what the job does to it."""
    body = job_body(replica, key)
    if body is None:
        return None
    rows = rows_of(body, "equipment")
    linked = [replica.named("Service Equipment", text_of(row, "equipment")) for row in rows]
    here = _at(replica, maybe_text(body, "service_location"))
    devices = {*(k for k, _ in here), *(found[0] for found in linked if found)}
    facts = facts_of(replica, key, body, devices)
    here_keys = {k for k, _ in here}
    acts = [
        _act(row, found[0] if found else None, found[1].body if found else {}, here_keys, facts)
        for row, found in zip(rows, linked, strict=True)
    ]
    return JobEquipment(
        facts, [_device(k, device, facts) for k, device in here], _without_done(acts)
    )


def _at(replica: Replica, location: str | None) -> list[tuple[str, Body]]:
    if location is None:
        return []
    rows = replica.db.conn.execute(
        "SELECT key, body FROM service_equipment WHERE service_location = ? "
        "ORDER BY equipment_type, name IS NULL, name, key",
        (location,),
    )
    return [(key, json.loads(text)) for key, text in rows]


def _device(key: str, body: Body, facts: JobFacts) -> Device:
    return Device(
        key=key,
        label=label_of(key, body.get("name")),
        equipment_type=text_of(body, "equipment_type"),
        model=text_of(body, "model"),
        mac_address=maybe_text(body, "mac_address"),
        serial_no=maybe_text(body, "serial_no"),
        gpon_serial=maybe_text(body, "gpon_serial"),
        status=text_of(body, "status"),
        since=maybe_text(body, "installed_on"),
        state=facts.states.get(key),
    )


def _act(row: Body, key: str | None, device: Body, here: set[str], facts: JobFacts) -> DeviceAct:
    action, row_id = text_of(row, "action"), text_of(row, "id")
    return DeviceAct(
        id=row_id,
        action=action,
        equipment=key,
        label=label_of(key, device.get("name")) if key else text_of(row, "equipment"),
        model=text_of(device, "model") or text_of(device, "equipment_type"),
        mac_address=maybe_text(row, "mac_address") or maybe_text(device, "mac_address"),
        serial_no=maybe_text(row, "serial_no") or maybe_text(device, "serial_no"),
        reason=maybe_text(row, "reason"),
        note=maybe_text(row, "note"),
        is_planned=row_id not in facts.states and _is_ahead(action, key, here),
        state=facts.states.get(row_id),
    )


def _is_ahead(action: str, key: str | None, here: set[str]) -> bool:
    """Tell whether a row of the office says what is to be done rather than what was."""
    if action in _TAKEN_OUT:
        return key in here
    return action == "Install" and key is not None and key not in here


def _without_done(acts: Sequence[DeviceAct]) -> list[DeviceAct]:
    """Leave out what the office had planned and somebody has done since: it has its own row."""
    return [
        act
        for number, act in enumerate(acts)
        if act.is_planned
        or act.state is not None
        or act.equipment is None
        or not _is_done_by(act, acts[number + 1 :])
    ]


def _is_done_by(act: DeviceAct, later: Iterable[DeviceAct]) -> bool:
    kinds = _TAKEN_OUT if act.action in _TAKEN_OUT else (act.action,)
    return any(other.equipment == act.equipment and other.action in kinds for other in later)


def recorded(replica: Replica, mac: str | None, serials: Iterable[str]) -> list[Recorded]:
    """Return where a device with this MAC, else with one of these serials, is recorded.

    A MAC settles it (SC-07): serials are asked only about devices that the MAC does not find.
    """
    found = {record.key: record for record in (identity_by_mac(replica, mac) if mac else ())}
    for serial in serials if not found else ():
        for record in identity_by_serial(replica, serial):
            if not (mac and record.mac_address):
                found.setdefault(record.key, record)
    return [*found.values()]
