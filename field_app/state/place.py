"""Where a person is in the app: a room, a job in it, a part of the job, a row of that part.

A place is a path, so a link, the browser's back button and a restart after a kill all lead to it
(T-03).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Self
from urllib.parse import quote, unquote

from field_app.state.screen import Screen


class Room(StrEnum):
    """The rooms of the app, as its bar shows them."""

    TODAY = "today"
    CLIENTS = "clients"
    INVOICES = "invoices"
    SEARCH = "search"
    OUTBOX = "outbox"
    SETTINGS = "settings"


class Part(StrEnum):
    """The parts of a job; the first is what opens."""

    OVERVIEW = "overview"
    STEPS = "steps"
    EQUIPMENT = "equipment"
    MATERIALS = "materials"
    PHOTOS = "photos"
    NOTES = "notes"
    TIME = "time"
    HISTORY = "history"
    SIGNATURE = "signature"
    DIAGNOSTICS = "diagnostics"
    PAYMENT = "payment"
    INVOICE = "invoice"
    """Not of a job: an invoice of a customer; its key is the customer's, its row the invoice's."""
    CONTRACT = "contract"
    """Not of a job: a contract of a customer, likewise."""
    ENTRY = "entry"
    """Not of a job: a line of the outbox, and its key is the line's."""
    COUNT = "count"
    """Not of a job: what is in the van, counted."""
    CARD = "card"
    """Not of a job: what a search found, and its key is the document's."""


_WITHOUT_JOBS: Final = (Room.CLIENTS, Room.INVOICES)
"""Rooms whose keys are the ERP's names of customers and invoices."""
_OF_CUSTOMER: Final = (Part.INVOICE, Part.CONTRACT)
"""Parts of a customer: “back” leads to the customer's page."""
_OF_ROOM: Final = (Part.ENTRY, Part.CARD, Part.COUNT)
"""Parts that are of no job: “back” leads to the list they were opened from."""
OF_STEP: Final = "step:"
"""What the row of a part begins with that was opened to do a step; the step's id follows."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place; `key` is a job's key, `row` a step, photo or device in the part."""

    room: Room = Room.TODAY
    key: str | None = None
    part: Part = Part.OVERVIEW
    row: str | None = None

    @property
    def path(self) -> str:
        """The place as a path, such as `/today/<job>/steps/<row>`."""
        parts: list[str] = [self.room]
        if self.key:
            parts.append(self.key)
            if self.part is not Part.OVERVIEW or self.row:
                parts.append(self.part)
            if self.row:
                parts.append(self.row)
        return "/" + "/".join(quote(part, safe="") for part in parts)

    @classmethod
    def parse(cls, path: str) -> Self:
        """Read a path; what is no place of ours is today's."""
        parts = [unquote(part) for part in path.partition("?")[0].split("/") if part]
        try:
            room = Room(parts[0])
            part = Part(parts[2]) if len(parts) > 2 else Part.OVERVIEW  # noqa: PLR2004 - its position
        except (IndexError, ValueError):
            return cls()
        return cls(room, parts[1] if len(parts) > 1 else None, part, "/".join(parts[3:]) or None)

    @property
    def job(self) -> str | None:
        """The key of the job it is a place of, if it is one's."""
        return None if self.part in _OF_ROOM or self.room in _WITHOUT_JOBS else self.key

    @property
    def parent(self) -> "Place | None":
        """Where “back” leads: from a row to its part, to the job, to the room.

        A part that was opened for a step (`step:<row>`) leads back to that step.
        """
        if self.part in _OF_ROOM:
            return Place(self.room)
        if self.part in _OF_CUSTOMER:
            return Place(self.room, self.key)
        if self.row and self.row.startswith(OF_STEP):
            return replace(self, part=Part.STEPS, row=self.row.removeprefix(OF_STEP))
        if self.row:
            return replace(self, row=None)
        if self.part is not Part.OVERVIEW:
            return replace(self, part=Part.OVERVIEW)
        return Place(self.room) if self.key else None


class Navigator(Screen):
    """Holds the place in front; `remember` keeps it for the next start."""

    def __init__(
        self, start: Place, *, remember: Callable[[str], None], home: Place | None = None
    ) -> None:
        """home: where “back” ends; today's jobs for whoever has any."""
        super().__init__()
        self.place = start
        self.home = home or Place()
        self._remember = remember

    def go(self, place: Place) -> None:
        """Bring a place to the front."""
        if place == self.place:
            return
        self.place = place
        self._remember(place.path)
        self.changed()

    def back(self) -> None:
        """Go one place up; from a room home, and nowhere from there."""
        self.go(self.place.parent or self.home)
