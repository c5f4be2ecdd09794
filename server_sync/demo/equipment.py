"""Service Equipment: what is installed where, and what the vans carry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from field_core.canon import Json
from server_sync.demo.book import Book
from server_sync.demo.customers import LUCIE, Place, has_adapter, has_tv_box
from server_sync.demo.draw import Draw
from server_sync.demo.identifiers import gpon_hexadecimal, gpon_serial, mac_address, maker_serial
from server_sync.demo.visits import AWAITING, MARC
from server_sync.demo.words.goods import (
    ADAPTERS,
    MESH_NODES,
    ONTS,
    ROUTERS,
    TV_BOXES,
    Device,
)

PIECES: Final = 150
NEW_ONT_MAC: Final = "A4:2B:B0:1C:9F:3E"
NEW_ONT_SERIAL: Final = "TPLGA1B2C3D4"
NEW_BOX_MAC: Final = "00:1A:79:33:10:B2"
"""The labels that Marc scans at Lucie's."""
ELSEWHERE_PLACE: Final = 8
ELSEWHERE_DAYS: Final = 175
"""The ONT in Marc's van that the books place elsewhere since 175 days."""
_ALIAS_EVERY: Final = 10
_STOCK: Final = (
    (ONTS[0], "In Stock"),
    (TV_BOXES[0], "In Stock"),
    (ONTS[1], "In Stock"),
    (ROUTERS[0], "In Stock"),
    (MESH_NODES[0], "In Stock"),
    (ROUTERS[1], "To Return"),
    (ONTS[2], "Retired"),
    (ADAPTERS[0], "In Stock"),
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of equipment that was added."""

    name: str
    device: Device
    mac: str
    serial: str
    place: int | None


class Equipment:
    """Adds equipment, numbers its identities, and remembers what stands where."""

    def __init__(self, book: Book, draw: Draw, today: date) -> None:
        self._book, self._draw, self._today = book, draw, today
        self.pieces: list[Piece] = []

    def at(self, place: int) -> list[Piece]:
        """Return what is installed at a location, by its number."""
        return [piece for piece in self.pieces if piece.place == place]

    def install(self, device: Device, place: Place, day: date, **more: Json) -> Piece:
        """Add a device that is installed at a location since `day`."""
        values = {"status": "Installed", "service_location": place.name}
        address = f"100.{64 + place.number}.{place.number}.{len(self.pieces) % 250 + 2}"
        return self._add(
            device,
            {**values, "installed_on": day.isoformat(), "ip_address": address, **more},
            place.number,
        )

    def keep(self, device: Device, status: str, **more: Json) -> Piece:
        """Add a device that is in a van or on a shelf."""
        return self._add(device, {"status": status, **more}, None)

    def _add(self, device: Device, more: dict[str, Json], place: int | None) -> Piece:
        number, seed = len(self.pieces) + 1, self._draw.seed
        gpon = gpon_serial(device.vendor, number, seed=seed) if device.vendor else None
        alias = gpon_hexadecimal(gpon) if gpon and number % _ALIAS_EVERY == 0 else None
        values: dict[str, Json] = {
            "equipment_type": device.kind,
            "item": device.code,
            "model": device.name,
            "mac_address": mac_address(device.oui, number, seed=seed),
            "serial_no": maker_serial(number, seed=seed),
            "gpon_serial": gpon,
            "serial_aliases": alias,
            "firmware": f"1.{number % 4}.{number % 10}",
            "legacy_device_id": str(50_000 + number),
            **more,
        }
        name = self._book.add("Service Equipment", values)
        piece = Piece(name, device, str(values["mac_address"]), str(values["serial_no"]), place)
        self.pieces.append(piece)
        return piece


@dataclass(frozen=True, slots=True)
class StoryEquipment:
    """The pieces that the stories name."""

    old_box: str
    elsewhere: str
    new_ont: str
    new_box: str


def add_equipment(
    equipment: Equipment,
    places: Sequence[Place],
    recent: dict[int, date],
    draw: Draw,
    today: date,
    *,
    vans: Sequence[str],
) -> StoryEquipment:
    """Add 150 pieces; return those of the stories. vans: who carries what is in stock."""
    for place in places:
        if place.number not in AWAITING:
            day = recent.get(place.number) or _some_day(draw, today, place.number)
            _furnish(equipment, place, day, today)
    old_day = today - timedelta(days=1200)
    old_box = equipment.install(TV_BOXES[0], places[LUCIE - 1], old_day)
    new_ont = equipment.keep(
        ONTS[0],
        "In Stock",
        mac_address=NEW_ONT_MAC,
        gpon_serial=NEW_ONT_SERIAL,
        held_by=vans[MARC],
    )
    new_box = equipment.keep(TV_BOXES[0], "In Stock", mac_address=NEW_BOX_MAC, held_by=vans[MARC])
    _fill_stock(equipment, vans)
    elsewhere = equipment.at(ELSEWHERE_PLACE)[0]
    return StoryEquipment(old_box.name, elsewhere.name, new_ont.name, new_box.name)


def _some_day(draw: Draw, today: date, place: int) -> date:
    """Return a day of the last four years, well before the window."""
    if place == ELSEWHERE_PLACE:
        return today - timedelta(days=ELSEWHERE_DAYS)
    return today - timedelta(days=draw.between(60, 1460, "installed", place))


def _furnish(equipment: Equipment, place: Place, day: date, today: date) -> None:
    """Install an ONT, and some of the rest."""
    number = place.number
    is_story = number == ELSEWHERE_PLACE
    equipment.install(ONTS[0 if is_story else number % len(ONTS)], place, day)
    if number % 2 == 0:
        equipment.install(ROUTERS[number % 4 // 2], place, day)
    if has_tv_box(number):
        equipment.install(TV_BOXES[0], place, min(day + timedelta(days=20), today))
    if number % 8 == 1:
        equipment.install(MESH_NODES[0], place, day)
    if has_adapter(number):
        equipment.install(ADAPTERS[0], place, day)


def _fill_stock(equipment: Equipment, vans: Sequence[str]) -> None:
    """Fill the vans and the shelf: every other piece that works is in somebody's van."""
    left = PIECES - len(equipment.pieces)
    assert left > 0, "what is installed leaves something for the vans"
    for number in range(left):
        device, status = _STOCK[number % len(_STOCK)]
        is_in_van = number % 2 == 0 and status != "Retired"
        equipment.keep(device, status, held_by=vans[number // 2 % len(vans)] if is_in_van else None)
