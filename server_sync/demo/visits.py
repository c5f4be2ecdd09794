"""The plan: who goes where and when, three weeks around today, before any document is made."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from server_sync.demo.customers import LOCATIONS, LUCIE
from server_sync.demo.draw import Draw
from server_sync.demo.words.people import TECHNICIANS

DAYS_BACK: Final = 7
DAYS_AHEAD: Final = 14
MARC: Final = 0
NADIA: Final = 1
_SATURDAY: Final = 5

_STARTS: Final = ((480, (60, 90, 120)), (615, (60, 75, 90)), (780, (60, 90, 120)), (915, (60, 90)))
"""Start in minutes after midnight, and durations that end before the next one starts."""
_MARC_TODAY: Final = ((540, 120), (780, 60), (900, 90))
_NADIA_TODAY: Final = ((480, 60), (570, 60), (780, 90))
_INSTALL_EVERY_PAST: Final = 6
_INSTALL_EVERY_AHEAD: Final = 12
_OTHER_TYPES: Final = (
    *("Repair",) * 6,
    *("Service Call",) * 4,
    *("Swap",) * 4,
    *("Maintenance",) * 2,
    "Survey",
    "Removal",
)

_RECENT_REMAINDER: Final = 2
AWAITING: Final = tuple(n for n in range(1, LOCATIONS + 1) if n % 9 == LUCIE % 9)
"""Locations whose installation is still ahead, by number."""
RECENT: Final = tuple(n for n in range(1, LOCATIONS + 1) if n % 9 == _RECENT_REMAINDER)
"""Locations whose installation is among the past visits."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One planned visit: technician by index, start in minutes after midnight, what and where."""

    technician: int
    day: date
    start: int
    minutes: int
    job_type: str = ""
    place: int = 0


def plan(draw: Draw, today: date) -> tuple[Visit, ...]:
    """Return every visit of the three weeks, in order of day, technician and time."""
    installs = _Installs(today)
    return tuple(_purpose(draw, visit, installs) for visit in _slots(draw, today))


def worked_days(today: date) -> tuple[date, ...]:
    """Return the days of the window that are worked; today always is, or a demo would be empty."""
    window = (today + timedelta(days=n) for n in range(-DAYS_BACK, DAYS_AHEAD + 1))
    return tuple(day for day in window if day.weekday() < _SATURDAY or day == today)


def installed_on(visits: Sequence[Visit], today: date) -> dict[int, date]:
    """Return, by number of location, the day of an installation that was done in the window."""
    return {v.place: v.day for v in visits if v.job_type == "Install" and v.day < today}


def first_visits(visits: Sequence[Visit]) -> frozenset[Visit]:
    """Return the first visit of each technician and day."""
    backwards = {(v.day, v.technician): v for v in reversed(visits)}
    return frozenset(backwards.values())


class _Installs:
    """Hands out the installations, spread over the visits."""

    def __init__(self, today: date) -> None:
        self._today = today
        self._past = list(RECENT)
        self._ahead = [number for number in AWAITING if number != LUCIE]
        self._seen = {True: 0, False: 0}

    def is_today(self, day: date) -> bool:
        """Tell whether a day is the one the window stands around."""
        return day == self._today

    def take(self, day: date) -> int | None:
        """Return the location to install on this visit, if it is one's turn."""
        is_past = day < self._today
        queue = self._past if is_past else self._ahead
        every = _INSTALL_EVERY_PAST if is_past else _INSTALL_EVERY_AHEAD
        self._seen[is_past] += 1
        return queue.pop(0) if queue and self._seen[is_past] % every == 0 else None


def _slots(draw: Draw, today: date) -> Iterator[Visit]:
    for day in worked_days(today):
        for technician in range(len(TECHNICIANS)):
            for start, minutes in _hours(draw, day, technician, is_today=day == today):
                yield Visit(technician, day, start, minutes)


def _hours(draw: Draw, day: date, technician: int, *, is_today: bool) -> Sequence[tuple[int, int]]:
    if is_today and technician in _TODAY:
        return _TODAY[technician]
    count = draw.between(2, len(_STARTS), "visits", day, technician)
    return [
        (start, draw.one(durations, "minutes", day, technician, start))
        for start, durations in _STARTS[:count]
    ]


_TODAY: Final = {MARC: _MARC_TODAY, NADIA: _NADIA_TODAY}


def _purpose(draw: Draw, visit: Visit, installs: _Installs) -> Visit:
    story = _story(visit, installs)
    if story:
        return story
    place = installs.take(visit.day)
    if place:
        return replace(visit, job_type="Install", place=place)
    about = (visit.day, visit.technician, visit.start)
    return replace(
        visit,
        job_type=draw.one(_OTHER_TYPES, "type", *about),
        place=draw.one(_SERVED, "place", *about),
    )


def _story(visit: Visit, installs: _Installs) -> Visit | None:
    """Return Marc's installation at Lucie's, or Nadia's call at the same address."""
    if not installs.is_today(visit.day):
        return None
    if (visit.technician, visit.start) == (MARC, _MARC_TODAY[0][0]):
        return replace(visit, job_type="Install", place=LUCIE)
    if (visit.technician, visit.start) == (NADIA, _NADIA_TODAY[1][0]):
        return replace(visit, job_type="Service Call", place=LUCIE)
    return None


_SERVED: Final = tuple(n for n in range(1, LOCATIONS + 1) if n not in {*AWAITING, *RECENT})
