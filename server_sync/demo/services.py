"""Service Subscriptions and Service Contracts, linked both ways."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from field_core.canon import Json
from server_sync.demo.book import Book
from server_sync.demo.customers import LUCIE, Place, has_adapter, has_tv_box
from server_sync.demo.draw import Draw
from server_sync.demo.visits import AWAITING
from server_sync.demo.words.goods import PHONE, PLANS, TV, Plan

MIXED_CUSTOMER: Final = 10
"""A firm with two active, one cancelled and one suspended subscription."""
BILLED_CUSTOMER: Final = 1
"""A customer with one plan at 79.95, whose invoice comes to 91.93."""
TERMINATED_PLACE: Final = 7
ENDED_DAYS: Final = 45
"""What is cancelled ended this many days ago."""
_SUSPENDED_REMAINDER: Final = 11
_CANCELLED_REMAINDER: Final = 19
"""Of every 25 locations, which one is suspended and which one cancelled."""
_RESIDENTIAL: Final = PLANS[:3]
_FIBRE_500: Final = PLANS[1]
_BUSINESS: Final = PLANS[3]


@dataclass(frozen=True, slots=True)
class Service:
    """A subscription that was added."""

    name: str
    customer: str
    place: Place
    plan: Plan
    status: str
    start: date
    price: Decimal


class Services:
    """Adds subscriptions and remembers them."""

    def __init__(self, book: Book, today: date) -> None:
        self._book, self._today = book, today
        self.all: list[Service] = []

    def add(self, place: Place, plan: Plan, status: str, start: date) -> Service:
        """Subscribe a location to a plan."""
        ended = self._today - timedelta(days=ENDED_DAYS) if status == "Cancelled" else None
        values: dict[str, Json] = {
            "customer": place.customer,
            "service_location": place.name,
            "plan": plan.code,
            "plan_name": plan.name,
            "status": status,
            "start_date": start.isoformat(),
            "end_date": ended.isoformat() if ended else None,
            "cancellation_date": (ended - timedelta(days=12)).isoformat() if ended else None,
            "monthly_price": float(plan.price),
            "download_speed": plan.down or None,
            "upload_speed": plan.up or None,
            "radius_user": f"gf{place.number:05d}" if plan.down else None,
            "legacy_service_id": str(60_000 + len(self.all) + 1),
        }
        name = self._book.add("Service Subscription", values)
        price = Decimal(plan.price)
        service = Service(name, place.customer, place, plan, status, start, price)
        self.all.append(service)
        return service

    def active_of(self, customer: str) -> list[Service]:
        """Return what a customer is billed for each month."""
        return [s for s in self.all if s.customer == customer and s.status == "Active"]


def add_services(
    services: Services,
    places: Sequence[Place],
    installs: Mapping[int, date],
    draw: Draw,
    today: date,
) -> None:
    """Subscribe every location; `installs` tells when it is, or will be, connected."""
    for place in places:
        start = installs.get(place.number) or today - timedelta(
            days=draw.between(130, 1460, "subscribed", place.number)
        )
        status = _status(place.number)
        services.add(place, _internet(draw, place), status, start)
        for extra in _extras(place.number):
            services.add(place, extra, status, start)
    _add_story_services(services, places, today)


def _add_story_services(services: Services, places: Sequence[Place], today: date) -> None:
    long_ago = today - timedelta(days=400)
    services.add(places[LUCIE - 1], TV[1], "Active", today - timedelta(days=1200))
    services.add(places[MIXED_CUSTOMER - 1], PHONE[0], "Suspended", long_ago)
    services.add(places[MIXED_CUSTOMER - 1], TV[0], "Cancelled", long_ago)


def _status(place: int) -> str:
    if place in AWAITING:
        return "Pending"
    if place % 25 == _SUSPENDED_REMAINDER:
        return "Suspended"
    is_over = place == TERMINATED_PLACE or place % 25 == _CANCELLED_REMAINDER
    return "Cancelled" if is_over else "Active"


def _internet(draw: Draw, place: Place) -> Plan:
    if place.is_business:
        return _BUSINESS
    if place.number in {BILLED_CUSTOMER, LUCIE}:
        return _FIBRE_500
    return draw.one(_RESIDENTIAL, "plan", place.number)


def _extras(place: int) -> Sequence[Plan]:
    """Return TV where there is a TV box, telephony where there is an adapter."""
    if place in AWAITING:
        return ()
    box = (TV[place % len(TV)],) if has_tv_box(place) else ()
    return (*box, *PHONE) if has_adapter(place) else box
