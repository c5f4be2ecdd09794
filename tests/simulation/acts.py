"""What a technician does in the world: drafts of operations on what the phone shows."""

import random
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from field_core.instants import ms_to_text
from field_core.offers import ACCEPT, DECLINE, TABLE
from field_core.status import TRANSITIONS, Actor
from tests.simulation.crashes import Crash
from tests.simulation.device import Device

Draft = dict[str, Any]
TEMPTING: Final = 0.4
"""An offer that others have too is looked at before any other job."""
ANSWERED: Final = 0.8
"""Of what is done on a job that is on offer; the rest is done without being asked."""


def do_something(device: Device, rng: random.Random) -> None:
    """Do one thing a technician does, if the phone shows a job to do it on."""
    try:
        jobs = device.jobs()
        if not jobs:
            return
        offers = [pair for pair in jobs if not pair[1].get("assigned_technician")]
        looked_at = offers if offers and rng.random() < TEMPTING else jobs
        key, job = rng.choice(sorted(looked_at, key=lambda pair: pair[0]))
        is_offer = not job.get("assigned_technician") and rng.random() < ANSWERED
        act = _answer if is_offer else rng.choices(_ACTS, weights=_WEIGHTS)[0]
        drafts = act(device, rng, key, job)
    except Crash:
        device.die()
        return
    if drafts:
        device.record(*({"id": device.new_id(), **draft} for draft in drafts))


def contend(devices: Sequence[Device], rng: random.Random) -> None:
    """Everybody who has an offer on the screen takes it, in the same minute."""
    shown: dict[str, list[Device]] = defaultdict(list)
    for device in devices:
        try:
            for key, job in device.jobs():
                if not job.get("assigned_technician"):
                    shown[key].append(device)
        except Crash:
            device.die()
    contested = [key for key, phones in shown.items() if len({d.email for d in phones}) > 1]
    if contested:
        key = rng.choice(sorted(contested))
        for device in shown[key]:
            _accept(device, key)


def _accept(device: Device, key: str) -> None:
    try:
        said = _said(device, key, ACCEPT)
    except Crash:
        device.die()
    else:
        device.record({"id": device.new_id(), **said})


def _answer(device: Device, rng: random.Random, key: str, _job: Any) -> list[Draft]:
    """Answer an offer that several technicians have: the first acceptance received has it."""
    return [_said(device, key, rng.choices((ACCEPT, DECLINE), (5, 1))[0])]


def _said(device: Device, key: str, answer: str) -> Draft:
    skew_ms = int(device.replica.get("skew_ms") or 0)
    said = {
        "technician": device.replica.get("technician"),
        "answer": answer,
        "at": ms_to_text(device.clock.stamp().wall_ms - skew_ms),
    }
    return _row(device, key, TABLE, said)


def _note(device: Device, rng: random.Random, key: str, _job: Any) -> list[Draft]:
    return [_row(device, key, "notes", {"text": f"note {rng.randrange(10**9)}"})]


def _material(device: Device, rng: random.Random, key: str, _job: Any) -> list[Draft]:
    return [
        _row(device, key, "materials", {"item": "FIBRE-DROP", "qty": float(rng.randint(1, 40))})
    ]


def _row(device: Device, key: str, table: str, item: dict[str, Any]) -> Draft:
    return {"kind": "append", "key": key, "list": table, "item_id": device.new_id(), "item": item}


def _step(_device: Device, rng: random.Random, key: str, job: Any) -> list[Draft]:
    rows = job.get("checklist") or []
    if not rows:
        return []
    row = rng.choice(rows)
    path = f"checklist.{row['id']}."
    value = str(rng.randrange(10**6))
    return [
        {
            "kind": "set",
            "key": key,
            "fields": {
                f"{path}value": [row.get("value"), value],
                f"{path}done": [row.get("done"), True],
            },
        }
    ]


def _work_notes(_device: Device, rng: random.Random, key: str, job: Any) -> list[Draft]:
    return [
        {
            "kind": "set",
            "key": key,
            "fields": {"work_notes": [job.get("work_notes"), f"work {rng.randrange(10**9)}"]},
        }
    ]


def _move(_device: Device, rng: random.Random, key: str, job: Any) -> list[Draft]:
    current = job.get("status")
    moves = [
        (to, m)
        for (a, to), m in TRANSITIONS.items()
        if a.value == current and m.actor is not Actor.OFFICE
    ]
    if not moves:
        return []
    to, move = rng.choice(moves)
    return [
        {
            "kind": "transition",
            "key": key,
            "from": current,
            "to": to.value,
            "reason": "because" if move.needs_reason else None,
        }
    ]


def _create_equipment(device: Device, rng: random.Random, key: str, job: Any) -> list[Draft]:
    """Install something new: create it and put it on the job, in one act."""
    new, mac = device.new_id(), rng.randbytes(5).hex().upper()
    made = {
        "kind": "create",
        "key": new,
        "doctype": "Service Equipment",
        "body": {
            "equipment_type": "ONT",
            "service_location": job.get("service_location"),
            "status": "Installed",
            "mac_address": f"02{mac}",
        },
    }
    return [made, _row(device, key, "equipment", {"equipment": new, "action": "Install"})]


def _swap(device: Device, rng: random.Random, key: str, job: Any) -> list[Draft]:
    """Remove what is at the location and install something new, in one act."""
    there = [
        (k, body)
        for k, body in device.replica.documents("Service Equipment")
        if body.get("service_location") == job.get("service_location")
    ]
    if not there:
        return []
    old, body = rng.choice(there)
    removed = {
        "kind": "set",
        "key": old,
        "fields": {
            "service_location": [body.get("service_location"), None],
            "status": [body.get("status"), "To Return"],
        },
    }
    return [removed, *_create_equipment(device, rng, key, job)]


def _photo(device: Device, rng: random.Random, key: str, _job: Any) -> list[Draft]:
    device.take_photo(key, b"\xff\xd8\xff" + rng.randbytes(rng.randint(20, 200)), "photo")
    return []


def _sign(device: Device, rng: random.Random, key: str, _job: Any) -> list[Draft]:
    device.take_photo(key, b"\x89PNG" + rng.randbytes(60), "signature", "image/png")
    return []


def _forbidden(_device: Device, rng: random.Random, key: str, job: Any) -> list[Draft]:
    """Something a technician's role does not allow: it must be refused, and kept."""
    return [
        {
            "kind": "set",
            "key": key,
            "fields": {"priority": [job.get("priority"), rng.choice(("Low", "High"))]},
        }
    ]


_TABLE = (
    (_note, 6),
    (_step, 8),
    (_move, 5),
    (_work_notes, 3),
    (_material, 2),
    (_create_equipment, 2),
    (_swap, 1),
    (_photo, 2),
    (_sign, 1),
    (_forbidden, 1),
)
_ACTS = [act for act, _ in _TABLE]
_WEIGHTS = [weight for _, weight in _TABLE]
