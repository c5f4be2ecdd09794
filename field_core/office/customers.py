"""A customer as the office sees one: who, where, with which equipment, services, jobs."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final, Literal

from pydantic import Field

from field_core.canon import Body
from field_core.money import ZERO, amount_of
from field_core.office.message import Message

ACTIVE: Final = "Active"
SUSPENDED: Final = "Suspended"


class CustomerFound(Message):
    """One find of a search; `found_by` is the address or invoice that led to the customer."""

    name: str
    customer_name: str
    account: str = ""
    phone: str = ""
    place: str = ""
    found_by: str = ""
    is_disabled: bool = False


class CustomersFound(Message):
    """What a search found, the likeliest first."""

    rows: tuple[CustomerFound, ...] = ()
    has_more: bool = False


class Identity(Message):
    """Who a customer is."""

    name: str
    customer_name: str
    customer_type: str = ""
    account: str = ""
    language: str = ""
    mobile_no: str = ""
    email_id: str = ""
    is_preauthorised: bool = False
    is_disabled: bool = False


class Equipment(Message):
    """A device at a location."""

    name: str
    equipment_type: str = ""
    model: str = ""
    mac_address: str = ""
    serial_no: str = ""
    status: str = ""
    installed_on: str = ""


class Location(Message):
    """A Service Location with what is installed there (FA-06)."""

    name: str
    address: str = ""
    city: str = ""
    postal_code: str = ""
    status: str = ""
    connection_type: str = ""
    olt_port: str = ""
    equipment: tuple[Equipment, ...] = ()


class Locations(Message):
    """The locations of a customer."""

    rows: tuple[Location, ...] = ()


class Subscription(Message):
    """One service."""

    name: str
    plan_name: str = ""
    status: str = ""
    monthly_price: Decimal = ZERO
    place: str = ""
    start_date: str = ""
    end_date: str = ""
    contract: str = ""


class Subscriptions(Message):
    """Services and what they come to a month: suspended ones told apart (B-20)."""

    rows: tuple[Subscription, ...] = ()
    monthly: Decimal = ZERO
    suspended: Decimal = ZERO


class Contracts(Message):
    """The contracts of a customer, each as the ERP writes it: the device reckons with them."""

    rows: tuple[dict[str, Any], ...] = ()


class JobLine(Message):
    """A job of a customer."""

    key: str
    name: str = ""
    subject: str = ""
    status: str = ""
    scheduled_date: str = ""
    technician: str = ""


class Jobs(Message):
    """The jobs of a customer, the latest first."""

    rows: tuple[JobLine, ...] = ()


class Note(Message):
    """One entry of the notes feed: a person's words, or an act that was recorded (OP-06)."""

    at_ms: int
    by: str = ""
    kind: Literal["note", "audit"] = "audit"
    text: str = ""
    """What a person wrote."""
    act: str = ""
    """What was done; the screen has a sentence for each."""
    about: str = ""
    """The invoice or contract that it was done to."""
    details: dict[str, str] = Field(default_factory=dict)


class Notes(Message):
    """The notes feed, the latest first."""

    rows: tuple[Note, ...] = ()


# --- from documents


def identity_of(body: Body, name: str) -> Identity:
    """Return who a Customer document is."""
    return Identity(
        name=name,
        customer_name=text(body, "customer_name") or name,
        customer_type=text(body, "customer_type"),
        account=text(body, "legacy_account_id"),
        language=text(body, "language"),
        mobile_no=text(body, "mobile_no"),
        email_id=text(body, "email_id"),
        is_preauthorised=bool(body.get("ppa_enabled")),
        is_disabled=bool(body.get("disabled")),
    )


def equipment_of(body: Body) -> Equipment:
    """Return a Service Equipment as a row."""
    return Equipment(
        name=text(body, "name"),
        equipment_type=text(body, "equipment_type"),
        model=text(body, "model"),
        mac_address=text(body, "mac_address"),
        serial_no=text(body, "serial_no") or text(body, "gpon_serial"),
        status=text(body, "status"),
        installed_on=text(body, "installed_on"),
    )


def location_of(body: Body, equipment: Iterable[Body]) -> Location:
    """Return a Service Location with its equipment."""
    return Location(
        name=text(body, "name"),
        address=text(body, "civic_address") or text(body, "location_name"),
        city=text(body, "city"),
        postal_code=text(body, "postal_code"),
        status=text(body, "status"),
        connection_type=text(body, "connection_type"),
        olt_port=text(body, "olt_port"),
        equipment=tuple(equipment_of(one) for one in equipment),
    )


def subscriptions_of(bodies: Iterable[Body], places: dict[str, str]) -> Subscriptions:
    """Return services, active ones first, with their monthly total; places: addresses by name."""
    rows = [_subscription(body, places) for body in bodies]
    rows.sort(key=lambda row: (row.status != ACTIVE, row.status != SUSPENDED, row.name))
    return Subscriptions(
        rows=tuple(rows),
        monthly=_sum(row for row in rows if row.status == ACTIVE),
        suspended=_sum(row for row in rows if row.status == SUSPENDED),
    )


def _subscription(body: Body, places: dict[str, str]) -> Subscription:
    place = text(body, "service_location")
    return Subscription(
        name=text(body, "name"),
        plan_name=text(body, "plan_name") or text(body, "plan"),
        status=text(body, "status"),
        monthly_price=amount_of(body.get("monthly_price") or 0, "monthly_price"),
        place=places.get(place, place),
        start_date=text(body, "start_date"),
        end_date=text(body, "end_date") or text(body, "cancellation_date"),
        contract=text(body, "service_contract"),
    )


def _sum(rows: Iterable[Subscription]) -> Decimal:
    return sum((row.monthly_price for row in rows), ZERO)


def job_of(key: str, body: Body) -> JobLine:
    """Return a Dispatch Job as a row."""
    return JobLine(
        key=key,
        name=text(body, "name"),
        subject=text(body, "subject"),
        status=text(body, "status"),
        scheduled_date=text(body, "scheduled_date"),
        technician=text(body, "assigned_technician"),
    )


def text(body: Body, field: str) -> str:
    """Return a field as text; what is absent is empty."""
    value = body.get(field)
    return "" if value is None else str(value)
