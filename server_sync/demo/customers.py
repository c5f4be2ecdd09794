"""Customers and their Service Locations."""

from dataclasses import dataclass
from typing import Final

from field_core.canon import Json
from server_sync.demo.book import Book
from server_sync.demo.draw import Draw
from server_sync.demo.words.people import (
    ACCESS_NOTES,
    ENGLISH_SPEAKERS,
    FIRMS,
    FIRST_NAMES,
    INITIALS,
)
from server_sync.demo.words.places import AREA_CODES, POSTAL_LETTERS, STREETS, TOWNS, Town

CUSTOMERS: Final = 60
LOCATIONS: Final = 75
LUCIE: Final = 42
"""The number of the customer and of the location that the stories are told about."""

_FIRM_EVERY: Final = 7
_FIRM_FIRST: Final = 3
_SECOND_HOMES: Final = (5, 12, 19, 26, 33, 40)
"""Individuals with a cottage; with a second place for each of the nine firms that makes 75."""
_ADAPTER_REMAINDER: Final = 4
_TURN: Final = 10_000
_SPREAD: Final = 200
"""Locations lie within 0.02 degrees of their town's centre, which is 2 km at most."""


@dataclass(frozen=True, slots=True)
class Place:
    """A location that was added: its number from 1, name, customer, town, and use."""

    number: int
    name: str
    customer: str
    town: Town
    is_business: bool


def is_firm(number: int) -> bool:
    """Tell whether the customer of this number is a company."""
    return number % _FIRM_EVERY == _FIRM_FIRST


def has_tv_box(place: int) -> bool:
    """Tell whether there is television at the location of this number."""
    return place % 3 == 0


def has_adapter(place: int) -> bool:
    """Tell whether there is a telephone at the location of this number."""
    return place % 10 == _ADAPTER_REMAINDER


def add_customers(book: Book, draw: Draw) -> tuple[str, ...]:
    """Add the customers; return their names."""
    return tuple(_customer(book, draw, number) for number in range(1, CUSTOMERS + 1))


def add_places(book: Book, draw: Draw, customers: tuple[str, ...]) -> tuple[Place, ...]:
    """Add a location for every customer, then second ones."""
    firms = tuple(n for n in range(1, CUSTOMERS + 1) if is_firm(n))
    holders = (*range(1, CUSTOMERS + 1), *firms, *_SECOND_HOMES)
    assert len(holders) == LOCATIONS, "the numbers of locations add up"
    return tuple(
        _place(book, draw, number, holder, customers[holder - 1])
        for number, holder in enumerate(holders, start=1)
    )


def _customer(book: Book, draw: Draw, number: int) -> str:
    name = _customer_name(number)
    area = draw.one(AREA_CODES, "area", number)
    return book.add(
        "Customer",
        {
            "customer_name": name,
            "customer_type": "Company" if is_firm(number) else "Individual",
            "customer_group": "Affaires" if is_firm(number) else "Résidentiel",
            "territory": "Québec",
            "language": "en" if _speaks_english(name, number) else "fr",
            "mobile_no": f"{area}-555-01{number:02d}",
            "email_id": f"client{number:03d}@courriel.test",
            "disabled": 0,
            "ppa_enabled": int(number % 4 == 0),
            "legacy_account_id": f"C-{10_000 + number * 37}",
            "legacy_customer_id": str(20_000 + number),
        },
    )


def _customer_name(number: int) -> str:
    if number == LUCIE:
        return "Lucie T."
    if is_firm(number):
        return FIRMS[(number - _FIRM_FIRST) // _FIRM_EVERY]
    first = FIRST_NAMES[(number * 11) % len(FIRST_NAMES)]
    return f"{first} {INITIALS[(number * 5) % len(INITIALS)]}."


def _speaks_english(name: str, number: int) -> bool:
    """Lucie signs in English (her story asks for it)."""
    return number == LUCIE or name.split(maxsplit=1)[0] in ENGLISH_SPEAKERS


def _place(book: Book, draw: Draw, number: int, holder: int, customer: str) -> Place:
    town = draw.one(TOWNS, "town", holder)
    civic = draw.between(3, 2490, "civic", number)
    port = f"{town.olt}/0/{1 + number % 8}/{draw.below(16, 'port', number)}/{number}"
    values: dict[str, Json] = {
        "customer": customer,
        "location_name": _label(number, holder),
        "civic_address": f"{civic}, {draw.one(STREETS, 'street', number)}",
        "city": town.name,
        "province": "QC",
        "postal_code": _postal_code(draw, town, number),
        "latitude": _near(draw, town.latitude, "latitude", number),
        "longitude": _near(draw, town.longitude, "longitude", number),
        "status": "Active",
        "connection_type": "FTTH",
        "olt_port": port,
        "network_config": f"VLAN {100 + number % 8}, PPPoE",
        "access_notes": draw.one(ACCESS_NOTES, "access", number) or None,
        "legacy_location_id": str(30_000 + number),
        "legacy_delivery_id": str(40_000 + number),
    }
    return Place(number, book.add("Service Location", values), customer, town, is_firm(holder))


def _label(number: int, holder: int) -> str:
    if is_firm(holder):
        return "Siège" if number == holder else "Entrepôt"
    return "Résidence" if number == holder else "Chalet"


def _near(draw: Draw, centre: float, axis: str, number: int) -> float:
    """Return a coordinate near a town's centre, in degrees."""
    return round(centre + draw.between(-_SPREAD, _SPREAD, axis, number) / _TURN, 6)


def _postal_code(draw: Draw, town: Town, number: int) -> str:
    letter = draw.one(POSTAL_LETTERS, "postal", number)
    digits = draw.below(10, "first", number), draw.below(10, "second", number)
    return f"{town.sortation_area} {digits[0]}{letter}{digits[1]}"
