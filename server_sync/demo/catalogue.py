"""What everybody holds: tags, technicians, items."""

from typing import Final

from field_core.canon import Json
from server_sync.demo.accounts import address_of
from server_sync.demo.book import Book
from server_sync.demo.words.goods import CHARGES, DEVICES, PHONE, PLANS, TAGS, TV, Plan
from server_sync.demo.words.people import TECHNICIANS, TechnicianWords

_PLAN_GROUPS: Final = {"Forfaits Internet": PLANS, "Forfaits télé": TV, "Téléphonie": PHONE}


def add_tags(book: Book) -> None:
    """Add skills, services and regions."""
    for name, kind, fr, en in TAGS:
        book.add(
            "Dispatch Tag", {"tag_name": name, "tag_type": kind, "label_fr": fr, "label_en": en}
        )


def add_technicians(book: Book) -> tuple[str, ...]:
    """Add the technicians; return their names in the order of `TECHNICIANS`."""
    return tuple(_technician(book, words, n) for n, words in enumerate(TECHNICIANS, start=1))


def add_items(book: Book) -> None:
    """Add plans, device models, materials and charges."""
    for group, plans in _PLAN_GROUPS.items():
        for plan in plans:
            _plan(book, plan, group)
    for device in DEVICES:
        _item(book, device.code, device.name, f"Appareils/{device.kind}", "Unité", device.price)
    for charge in CHARGES:
        _item(book, charge.code, charge.name, charge.group, charge.unit, charge.price)


def _technician(book: Book, words: TechnicianWords, number: int) -> str:
    skills: list[Json] = [{"tag": tag, "level": level} for tag, level in words.levels.items()]
    return book.add(
        "Dispatch Technician",
        {
            "full_name": words.full_name,
            "initials": words.initials,
            "color": words.color,
            "email": address_of(words.full_name),
            "phone": f"450-555-01{90 + number:02d}",
            "status": "Active",
            "traccar_device_id": f"demo-{number:02d}",
            "skills": skills,
        },
    )


def _plan(book: Book, plan: Plan, group: str) -> None:
    speeds: dict[str, Json] = (
        {"download_speed": plan.down, "upload_speed": plan.up, "olt_profile": plan.olt_profile}
        if plan.down
        else {}
    )
    _item(book, plan.code, plan.name, group, "Mois", plan.price, speeds)


def _item(
    book: Book,
    code: str,
    name: str,
    group: str,
    unit: str,
    price: str,
    more: dict[str, Json] | None = None,
) -> None:
    book.add(
        "Item",
        {
            "item_code": code,
            "item_name": name,
            "item_group": group,
            "stock_uom": unit,
            "standard_rate": float(price),
            "disabled": 0,
            **(more or {}),
        },
    )
