"""Dispatch Jobs: one per planned visit, in a status that fits its day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from field_core.canon import Body, Json
from server_sync.demo.book import Book
from server_sync.demo.customers import LUCIE, Place
from server_sync.demo.draw import Draw
from server_sync.demo.equipment import Equipment
from server_sync.demo.flows import checklist
from server_sync.demo.moments import clock, stamp
from server_sync.demo.visits import Visit
from server_sync.demo.words.people import TECHNICIANS
from server_sync.demo.words.steps import FLOW_OF_JOB_TYPE
from server_sync.demo.work import Scene, Worker, begun, completed, incomplete

SUBJECTS: Final = {
    "Install": "Installation fibre",
    "Repair": "Réparation",
    "Service Call": "Appel de service",
    "Swap": "Échange d'appareil",
    "Removal": "Récupération d'équipement",
    "Survey": "Visite préalable",
    "Maintenance": "Entretien du réseau",
}
_TAGS: Final = {
    "Install": ("Fibre", 3),
    "Repair": ("Fibre", 2),
    "Service Call": ("Wi-Fi", 1),
    "Swap": ("TV", 1),
    "Removal": ("Fibre", 1),
    "Survey": ("Fibre", 1),
    "Maintenance": ("Fibre", 2),
}
_ACTIONS: Final = {"Install": "Install", "Swap": "Swap", "Repair": "Inspect", "Removal": "Remove"}
_ON_EVERY_DEVICE: Final = frozenset({"Install", "Remove"})
_TODAY: Final = {2: "On Site", 3: "En Route", 4: "Paused", 5: "Accepted", 0: "Accepted"}
"""By technician: where the first visit of today stands; what follows is dispatched."""
_DISPATCHED_DAYS: Final = 4
"""Days ahead that technicians have been told of; what is later is only scheduled."""
_CANCELLED_PERCENT: Final = 5
_CLOSED_PERCENT: Final = 12
"""Past visits that were cancelled, and that or given up."""
_PRIORITIES: Final = ("Medium", "Medium", "Medium", "Low", "High")


@dataclass(frozen=True, slots=True)
class Field:
    """What making a job takes: the book, who works, and what stands where."""

    book: Book
    draw: Draw
    today: date
    technicians: Sequence[str]
    places: Sequence[Place]
    equipment: Equipment
    subscriptions: Mapping[int, str]
    """The Internet subscription of a location, by number."""
    issues: Mapping[Visit, str]
    first: frozenset[Visit]
    """The first visit of each technician and day."""


def add_job(work: Field, visit: Visit) -> str:
    """Add the job of one visit; return its name."""
    status = _status(work, visit)
    rows = steps_of(work, visit.job_type, visit.place, visit)
    body: Body = {
        **plain_job(work, visit.job_type, visit.place, rows),
        "issue": work.issues.get(visit),
        "priority": work.draw.one(_PRIORITIES, "priority", *_about(visit)),
        "status": status,
        "scheduled_date": visit.day.isoformat(),
        "scheduled_time": clock(visit.start),
        "duration_minutes": visit.minutes,
        "assigned_technician": work.technicians[visit.technician],
        "tags": tags_of(visit.job_type, TECHNICIANS[visit.technician].levels),
        **_evidence(work, visit, status, rows),
    }
    return work.book.add("Dispatch Job", body)


def plain_job(work: Field, job_type: str, place_number: int, rows: list[Body]) -> Body:
    """Return what a job says about its customer, place, equipment and flow."""
    place = work.places[place_number - 1]
    customer = work.book.get("Customer", place.customer)
    location = work.book.get("Service Location", place.name)
    flow = FLOW_OF_JOB_TYPE.get(job_type)
    steps: list[Json] = [*rows]
    return {
        "subject": f"{SUBJECTS[job_type]} – {customer['customer_name']}, {place.town.name}",
        "customer": place.customer,
        "service_location": place.name,
        "service_subscription": work.subscriptions.get(place_number),
        "job_type": job_type,
        "description": f"{SUBJECTS[job_type]} au {location['civic_address']}.",
        "access_notes": location.get("access_notes"),
        "flow_template": flow.name if flow else None,
        "flow_version": flow.version if flow else None,
        "equipment": _equipment(work, job_type, place_number),
        "checklist": steps,
    }


def steps_of(work: Field, job_type: str, place: int, *about: object) -> list[Body]:
    """Return the checklist rows of a job."""
    flow = FLOW_OF_JOB_TYPE.get(job_type)
    if flow is None:
        return []
    return checklist(flow, work.draw, f"{about}", has_tv=place == LUCIE)


def tags_of(job_type: str, levels: Mapping[str, int]) -> list[Json]:
    """Return the job's tag at a level that its technician has; no tag they lack."""
    tag, level = _TAGS[job_type]
    have = min(level, levels.get(tag, 0))
    return [{"tag": tag, "level": have}] if have else [{"tag": "Fibre", "level": 1}]


def _status(work: Field, visit: Visit) -> str:
    if visit.day < work.today:
        return _closed_status(work.draw, visit)
    if visit.day == work.today:
        begun_as = _TODAY.get(visit.technician, "Dispatched")
        return begun_as if visit in work.first else "Dispatched"
    soon = work.today + timedelta(days=_DISPATCHED_DAYS)
    return "Dispatched" if visit.day <= soon else "Scheduled"


def _closed_status(draw: Draw, visit: Visit) -> str:
    if visit.job_type == "Install":
        return "Completed"  # its equipment is recorded as installed
    luck = draw.below(100, "outcome", *_about(visit))
    if luck < _CANCELLED_PERCENT:
        return "Cancelled"
    return "Incomplete" if luck < _CLOSED_PERCENT else "Completed"


def _evidence(work: Field, visit: Visit, status: str, rows: list[Body]) -> Body:
    match status:
        case "Completed":
            return completed(work.draw, visit, _worker(work, visit), _scene(work, visit), rows)
        case "Incomplete":
            return incomplete(work.draw, visit, _worker(work, visit), _scene(work, visit), rows)
        case "Cancelled":
            at = stamp(visit.day - timedelta(days=1), 15 * 60 + 10)
            return {"cancelled_by": "Sophie D.", "cancelled_at": at}
        case "On Site" | "Paused" | "En Route":
            return begun(visit, status)
        case _:
            return {}


def _worker(work: Field, visit: Visit) -> Worker:
    return Worker(work.technicians[visit.technician], TECHNICIANS[visit.technician].full_name)


def _scene(work: Field, visit: Visit) -> Scene:
    place = work.places[visit.place - 1]
    customer = work.book.get("Customer", place.customer)
    standing = work.equipment.at(visit.place)
    return Scene(
        str(customer["customer_name"]),
        str(customer["language"]),
        standing[0].mac if standing else "",
    )


def _equipment(work: Field, job_type: str, place: int) -> list[Json]:
    """Return what is to be done to which device."""
    standing = work.equipment.at(place)
    action = "Remove" if (job_type, place) == ("Install", LUCIE) else _ACTIONS.get(job_type)
    if action is None:
        return []
    chosen = standing if action in _ON_EVERY_DEVICE else standing[-1:]
    return [_row(piece.name, piece.mac, piece.serial, action) for piece in chosen]


def _row(name: str, mac: str, serial: str, action: str) -> Body:
    return {"equipment": name, "action": action, "mac_address": mac, "serial_no": serial}


def _about(visit: Visit) -> tuple[object, ...]:
    return (visit.day, visit.technician, visit.start)
