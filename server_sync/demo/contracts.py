"""Service Contracts: terms with the benefits that were granted for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from field_core.canon import Body, Json
from server_sync.demo.book import Book
from server_sync.demo.customers import LUCIE
from server_sync.demo.months import months_after
from server_sync.demo.services import BILLED_CUSTOMER, ENDED_DAYS, TERMINATED_PLACE, Service

_TERM_MONTHS: Final = 24
_GOODS_FREE_PLACE: Final = 5
_EVERY: Final = 2
_STATUS_OF_PLACE: Final = {9: "Completed", 13: "Expired", 15: "Sent", 33: "Draft"}
_DISCOUNT_REMAINDER: Final = 3
"""Of every four locations, the one with a welcome discount."""
_UNSIGNED: Final = frozenset({"Sent", "Draft"})
_OVER: Final = frozenset({"Completed", "Expired"})
_STORY_DAY: Final = 15
"""The contract of the termination story starts on a 15th, eleven months begun before today."""


@dataclass(frozen=True, slots=True)
class StoryContracts:
    """The contracts that the stories name."""

    with_goods: str
    without_goods: str
    terminated: str


def add_contracts(book: Book, services: Sequence[Service], today: date) -> StoryContracts:
    """Give about thirty Internet subscriptions a contract, and link both ways."""
    made = {
        service.place.number: _contract(book, service, today)
        for service in services
        if service.plan.down and _has_contract(service)
    }
    return StoryContracts(made[BILLED_CUSTOMER], made[_GOODS_FREE_PLACE], made[TERMINATED_PLACE])


def _has_contract(service: Service) -> bool:
    place = service.place
    return place.is_business or place.number == LUCIE or place.number % _EVERY == 1


def _contract(book: Book, service: Service, today: date) -> str:
    number = service.place.number
    status = _status(service)
    start = _start(service, status, today)
    ended = today - timedelta(days=ENDED_DAYS) if status == "Terminated" else None
    is_signed = status not in _UNSIGNED
    signed = f"{(start - timedelta(days=6)).isoformat()} 10:24:00" if is_signed else None
    benefits: list[Json] = [*_benefits(number)]
    name = book.add(
        "Service Contract",
        {
            "customer": service.customer,
            "service_location": service.place.name,
            "service_subscription": service.name,
            "contract_type": "Commercial" if service.place.is_business else "Residential",
            "status": status,
            "start_date": start.isoformat(),
            "end_date": months_after(start, _TERM_MONTHS).isoformat(),
            "duration_months": _TERM_MONTHS,
            "monthly_rate": float(service.price),
            "signature_method": _method(service) if is_signed else None,
            "signed_at": signed,
            "termination_date": ended.isoformat() if ended else None,
            "termination_reason": "Déménagement hors du territoire desservi" if ended else None,
            "benefits": benefits,
        },
    )
    book.amend("Service Subscription", service.name, service_contract=name)
    return name


def _status(service: Service) -> str:
    if service.place.number == TERMINATED_PLACE:
        return "Terminated"
    return _STATUS_OF_PLACE.get(service.place.number, "Active")


def _start(service: Service, status: str, today: date) -> date:
    if service.place.number == BILLED_CUSTOMER:
        back = 10 if today.day >= _STORY_DAY else 11
        return months_after(today.replace(day=_STORY_DAY), -back)
    if status in _OVER:
        return months_after(today, -_TERM_MONTHS - 3)
    is_due = service.status == "Pending" or service.start > today - timedelta(days=60)
    return service.start if is_due else months_after(today, -1 - service.place.number % 20)


def _method(service: Service) -> str:
    return "DocuSeal" if service.place.is_business else "Lien JWT"


def _benefits(place: int) -> list[Body]:
    installation: Body = {
        "description": "Installation offerte",
        "benefit_type": "Service",
        "regular_price": 149.95,
        "granted_price": 0.0,
    }
    if place == _GOODS_FREE_PLACE:
        return [installation]
    router: Body = {
        "description": "Routeur Wi-Fi",
        "benefit_type": "Goods",
        "regular_price": 240.0,
        "granted_price": 0.0,
    }
    if place % 4 != _DISCOUNT_REMAINDER:
        return [router, installation]
    discount: Body = {
        "description": "Rabais de bienvenue, trois mois",
        "benefit_type": "Discount",
        "regular_price": 60.0,
        "granted_price": 0.0,
    }
    return [router, installation, discount]
