"""What goes into which frame of a snapshot: the day's documents first, the rest piece by piece.

Frames are made from a stream of documents, so that an office's snapshot takes no more memory than
one of its frames: parsed documents take many times the room of their text.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from field_core.canon import Json
from field_core.snapshot_format import Stored

FRAME_TEXT_MAX: Final = 3_000_000
"""Characters of bodies in one frame: all of a technician's documents compress together, and no
phone unpacks more than this at once."""
DAY_DOCUMENTS_MAX: Final = 400
"""The first frame: what a technician opens today; larger would delay the first job."""

Sized = tuple[Stored, int]
"""A document, and how long its text is."""


class Day:
    """Today's jobs (else those of the next day that has any), and what they point at."""

    def __init__(self, jobs: Iterable[Stored], today: date) -> None:
        chosen = _of_one_day(list(jobs), today)[:DAY_DOCUMENTS_MAX]
        self._taken = {job.key: job for job in chosen}
        self._named = {name for job in chosen for name in _names(job.body)}

    @property
    def documents(self) -> list[Stored]:
        """The jobs, and what `leave_out` has found of the rest so far."""
        return list(self._taken.values())

    def leave_out(self, documents: Iterable[Sized]) -> Iterator[Sized]:
        """Yield what does not belong to the day, and keep what does."""
        for document, size in documents:
            if not self._takes(document):
                yield document, size

    def _takes(self, document: Stored) -> bool:
        is_wanted = document.body.get("name") in self._named
        if is_wanted and len(self._taken) < DAY_DOCUMENTS_MAX:
            self._taken.setdefault(document.key, document)
        return document.key in self._taken


def pieces(documents: Iterable[Sized]) -> Iterator[list[Stored]]:
    """Cut a stream into what fits into a frame each; one that is larger stands alone."""
    piece: list[Stored] = []
    room = FRAME_TEXT_MAX
    for document, size in documents:
        if piece and size > room:
            yield piece
            piece, room = [], FRAME_TEXT_MAX
        piece.append(document)
        room -= size
    if piece:
        yield piece


def _of_one_day(jobs: list[Stored], today: date) -> list[Stored]:
    days = sorted({day for job in jobs if (day := _day(job))})
    if not days:
        return []
    wanted = next((day for day in days if day >= today.isoformat()), days[0])
    return [job for job in jobs if _day(job) == wanted]


def _day(job: Stored) -> str:
    day = job.body.get("scheduled_date") or job.body.get("planned_start")
    return day[:10] if isinstance(day, str) else ""


def _names(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _names(item)
    elif isinstance(value, list):
        for item in value:
            yield from _names(item)
