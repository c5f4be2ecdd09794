"""Jobs without a technician: waiting to be planned, on offer, and a chain of three."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from field_core.canon import Body, Json
from server_sync.demo.jobs import Field, plain_job, steps_of
from server_sync.demo.moments import clock, stamp

_FRIDAY: Final = 4
_OFFER_ENDS: Final = 17 * 60
_WAITING: Final = (
    ("Repair", 4), ("Service Call", 13), ("Swap", 18), ("Survey", 25), ("Repair", 36),
    ("Maintenance", 40), ("Service Call", 48),
)  # fmt: skip
_ON_OFFER: Final = (
    ("Repair", 7), ("Swap", 12), ("Service Call", 22), ("Survey", 43), ("Removal", 57),
)  # fmt: skip
_TO_PLACE: Final = ("Repair", 16)
"""Asks for Fibre 3 and 120 minutes, in the afternoon."""
_CHAIN: Final = ("Survey", "Repair", "Service Call")
_CHAIN_PLACE: Final = 61
_AFTERNOON: Final = 13 * 60


@dataclass(frozen=True, slots=True)
class StoryJobs:
    """The jobs without a technician that the stories name."""

    to_place: str
    offered: tuple[str, ...]
    chain: tuple[str, ...]


def add_unplaced(work: Field) -> StoryJobs:
    """Add the open jobs; return those that the stories name."""
    for job_type, place in _WAITING:
        _open(work, job_type, place)
    until = stamp(_next_friday(work.today), _OFFER_ENDS)
    offered = tuple(_open(work, *what, offered_until=until) for what in _ON_OFFER)
    to_place = _open(
        work,
        *_TO_PLACE,
        level=3,
        scheduled_date=(work.today + timedelta(days=3)).isoformat(),
        scheduled_time=clock(_AFTERNOON),
        duration_minutes=120,
        priority="High",
    )
    return StoryJobs(to_place, offered, _chain(work))


def _chain(work: Field) -> tuple[str, ...]:
    names: list[str] = []
    for number, job_type in enumerate(_CHAIN):
        day = (work.today + timedelta(days=8 + number)).isoformat()
        before = names[-1] if names else None
        names.append(_open(work, job_type, _CHAIN_PLACE, follows_job=before, scheduled_date=day))
    return tuple(names)


def _open(work: Field, job_type: str, place: int, *, level: int = 1, **more: Json) -> str:
    rows = steps_of(work, job_type, place, "open", job_type, place)
    region = work.places[place - 1].town.region
    tags: list[Json] = [{"tag": "Fibre", "level": level}, {"tag": region, "level": 1}]
    body: Body = {
        **plain_job(work, job_type, place, rows),
        "priority": "Medium",
        "status": "Open",
        "duration_minutes": 60,
        "tags": tags,
        **more,
    }
    return work.book.add("Dispatch Job", body)


def _next_friday(today: date) -> date:
    """Return the first Friday after today."""
    return today + timedelta(days=(_FRIDAY - today.weekday() - 1) % 7 + 1)
