"""Which rooms a person has: what their work needs, in the order in which they need it."""

from collections.abc import Iterable
from typing import Final

from field_app.state.place import Place, Room
from field_core.capabilities import Capability, Role, capabilities

BAR_MAX: Final = 5
"""A phone's bar has room for the names of five (Material, navigation bar)."""
_FIELD: Final = (Room.TODAY, Room.SEARCH, Room.OUTBOX, Room.SETTINGS)
_OFFICE: Final = (
    Room.TODAY,
    Room.CLIENTS,
    Room.INVOICES,
    Room.SEARCH,
    Room.OUTBOX,
    Room.SETTINGS,
)
_CLERK: Final = (Room.CLIENTS, Room.INVOICES, Room.TODAY, Room.SEARCH, Room.SETTINGS)
"""Whoever only reads jobs has nothing to send."""


def rooms_of(roles: Iterable[str]) -> tuple[Room, ...]:
    """Return a person's rooms, home first."""
    held = capabilities([Role(name) for name in roles if name in {*Role}])
    if Capability.SEE_BILLING not in held:
        return _FIELD
    works = not held.isdisjoint((Capability.WORK_JOBS, Capability.PLAN_JOBS))
    return _OFFICE if works else _CLERK


def has_customers(roles: Iterable[str]) -> bool:
    """Tell whether a person has pages of customers, which a find or a job may lead to."""
    return Room.CLIENTS in rooms_of(roles)


def in_bar(rooms: tuple[Room, ...]) -> tuple[Room, ...]:
    """Return the rooms of a phone's bar; invoices are also reached through customers."""
    if len(rooms) <= BAR_MAX:
        return rooms
    return tuple(room for room in rooms if room is not Room.INVOICES)


def home_of(roles: Iterable[str]) -> Place:
    """Return where a person begins and where “back” ends."""
    return Place(rooms_of(roles)[0])
