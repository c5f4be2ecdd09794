"""What a finished visit leaves behind: answered steps, times, readings, materials, a signature."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from field_core.canon import Body, Json
from server_sync.demo.draw import Draw
from server_sync.demo.moments import stamp
from server_sync.demo.visits import Visit
from server_sync.demo.words.goods import MATERIALS
from server_sync.demo.words.people import INCOMPLETE_REASONS, WORK_NOTES

_TRAVEL_MINUTES: Final = 20
_STEPS_BEFORE_GIVING_UP: Final = 1
_SIGNED_TEXT: Final = "Les travaux décrits ont été effectués à ma satisfaction."
_SPEED_MAX: Final = 480


@dataclass(frozen=True, slots=True)
class Worker:
    """Who did the work: the Dispatch Technician's name, and the person's."""

    name: str
    full_name: str


@dataclass(frozen=True, slots=True)
class Scene:
    """Where the work was done: the customer who signs, their language, a device to scan."""

    customer: str
    language: str
    mac: str


def completed(
    draw: Draw, visit: Visit, worker: Worker, scene: Scene, checklist: list[Body]
) -> Body:
    """Return the fields of a job that was done, its steps answered."""
    end = _end(draw, visit)
    note = draw.one(WORK_NOTES, "work", *_about(visit))
    signs = any(row["kind"] == "signature" for row in checklist)
    return {
        "started_at": stamp(visit.day, visit.start),
        "completed_at": stamp(visit.day, end),
        "work_notes": note,
        "checklist": _answered(draw, visit, worker, scene, checklist, end),
        "time_entries": _times(visit, worker, end),
        "readings": _readings(draw, visit, checklist),
        "materials": _materials(draw, visit),
        "notes": [{"text": note, "at": stamp(visit.day, end - 5), "by": worker.full_name}],
        "status_log": _log(visit, worker, "Completed", end),
        **(_signature(visit, scene, end) if signs else {}),
    }


def incomplete(
    draw: Draw, visit: Visit, worker: Worker, scene: Scene, checklist: list[Body]
) -> Body:
    """Return the fields of a job that was given up after its first step, with the reason."""
    end = visit.start + 20
    reason = draw.one(INCOMPLETE_REASONS, "reason", *_about(visit))
    begun = _answered(draw, visit, worker, scene, checklist[:_STEPS_BEFORE_GIVING_UP], end)
    return {
        "started_at": stamp(visit.day, visit.start),
        "completed_at": stamp(visit.day, end),
        "closed_reason": reason,
        "checklist": [*begun, *checklist[_STEPS_BEFORE_GIVING_UP:]],
        "time_entries": _times(visit, worker, end),
        "notes": [{"text": f"{reason}.", "at": stamp(visit.day, end), "by": worker.full_name}],
        "status_log": _log(visit, worker, "Incomplete", end, reason),
    }


def begun(visit: Visit, status: str) -> Body:
    """Return the fields of a job that somebody is on the way to, or at."""
    return {} if status == "En Route" else {"started_at": stamp(visit.day, visit.start)}


def _end(draw: Draw, visit: Visit) -> int:
    return visit.start + visit.minutes - draw.between(0, 15, "early", *_about(visit))


def _about(visit: Visit) -> tuple[object, ...]:
    return (visit.day, visit.technician, visit.start)


def _answered(
    draw: Draw, visit: Visit, worker: Worker, scene: Scene, checklist: list[Body], end: int
) -> list[Json]:
    span = max(1, end - visit.start - 5)
    rows: list[Json] = []
    for number, row in enumerate(checklist, start=1):
        at = stamp(visit.day, visit.start + span * number // len(checklist))
        done: Body = {"done": 1, "done_at": at, "done_by": worker.name, "device_time": at}
        value = _answer(draw, visit, scene, row)
        rows.append({**row, **done, **({"value": value} if value else {})})
    return rows


def _answer(draw: Draw, visit: Visit, scene: Scene, row: Body) -> str | None:
    about = (*_about(visit), row["step"])
    answers: dict[Json, Callable[[], str]] = {
        "reading": lambda: str(_level(draw, visit)),
        "number": lambda: _number(draw, row, about),
        "choice": lambda: draw.one(str(row["choices"]).splitlines(), "choice", *about),
        "text": lambda: draw.one(WORK_NOTES, "text", *about),
        "scan": lambda: scene.mac,
        "confirm": lambda: "1",
    }
    answer = answers.get(row["kind"])
    return answer() if answer else None


def _number(draw: Draw, row: Body, about: tuple[object, ...]) -> str:
    top = min(_SPEED_MAX, int(float(str(row["max_value"]))))
    return str(draw.between(top // 2, top, "number", *about))


def _level(draw: Draw, visit: Visit) -> float:
    """Return an optical receive level in dBm that passes, from -23.9 to -14.0."""
    return -draw.between(140, 239, "level", *_about(visit)) / 10


def _times(visit: Visit, worker: Worker, end: int) -> list[Json]:
    leave = stamp(visit.day, visit.start - _TRAVEL_MINUTES)
    arrive = stamp(visit.day, visit.start)
    return [
        {"activity": "Travel", "started_at": leave, "ended_at": arrive, "by": worker.full_name},
        {
            "activity": "Work",
            "started_at": arrive,
            "ended_at": stamp(visit.day, end),
            "by": worker.full_name,
        },
    ]


def _readings(draw: Draw, visit: Visit, checklist: list[Body]) -> list[Json]:
    if not any(row["kind"] == "reading" for row in checklist):
        return []
    return [
        {
            "quantity": "optical-rx",
            "value": _level(draw, visit),
            "unit": "dBm",
            "verdict": "pass",
            "source": "ont",
            "measured_at": stamp(visit.day, visit.start + visit.minutes // 2),
        }
    ]


def _materials(draw: Draw, visit: Visit) -> list[Json]:
    if visit.job_type not in {"Install", "Repair"}:
        return []
    charge = draw.one(MATERIALS, "material", *_about(visit))
    quantity = draw.between(5, 60, "metres", *_about(visit)) if charge.unit == "Mètre" else 1
    return [
        {
            "item": charge.code,
            "description": charge.name,
            "qty": float(quantity),
            "uom": charge.unit,
            "rate": float(charge.price),
        }
    ]


def _signature(visit: Visit, scene: Scene, end: int) -> Body:
    return {
        "signed_by": scene.customer,
        "signed_at": stamp(visit.day, end),
        "signed_language": scene.language,
        "signed_text_sha256": hashlib.sha256(_SIGNED_TEXT.encode()).hexdigest(),
    }


def _log(visit: Visit, worker: Worker, last: str, end: int, reason: str = "") -> list[Json]:
    moves = (
        ("Dispatched", "Accepted", visit.start - 60),
        ("Accepted", "En Route", visit.start - _TRAVEL_MINUTES),
        ("En Route", "On Site", visit.start),
        ("On Site", last, end),
    )
    rows: list[Json] = []
    for was, now, at in moves:
        row: Body = {"from_status": was, "to_status": now, "by": worker.full_name}
        row["at"] = stamp(visit.day, at)
        rows.append({**row, "reason": reason} if reason and now == last else row)
    return rows
