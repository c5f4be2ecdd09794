"""A customer out of the replica: what a page shows while the server is away, and a job's money."""

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from field_app.ports import FoundIn, OwedHere
from field_app.sync import found
from field_app.sync.at_job import facts_of, job_body
from field_app.sync.labels import linked, place_of, text_of
from field_app.sync.replica import Replica
from field_core.canon import Body
from field_core.office import (
    Contracts,
    CustomerFound,
    CustomersFound,
    Identity,
    InvoiceLine,
    Jobs,
    Locations,
    Panel,
    Subscriptions,
)
from field_core.office.customers import identity_of, job_of, location_of, subscriptions_of
from field_core.office.invoices import line_of
from field_core.office.message import Message

_TABLES: Final[Mapping[str, str]] = {
    "Service Location": "service_location",
    "Service Subscription": "service_subscription",
    "Service Contract": "service_contract",
    "Dispatch Job": "dispatch_job",
    "Sales Invoice": "sales_invoice",
}
_NO_MORE_OWED: Final = Decimal(0)


def panel(replica: Replica, name: str, wanted: Panel) -> Message | None:
    """Return a panel of a customer, for as much of one as is replicated; None for the rest."""
    customer = linked(replica, "Customer", name)
    make = _PANELS.get(wanted)
    return make(replica, name, customer) if make and customer is not None else None


def search(replica: Replica, text: str) -> CustomersFound:
    """Return customers on this device that a text means, by their own words or their address."""
    hits = found.hits(replica, text)
    rows: dict[str, CustomerFound] = {}
    for group in (FoundIn.CUSTOMERS, FoundIn.PLACES):
        for hit in hits.groups.get(group, ()):
            held = replica.document(hit.key)
            row = _found(replica, group, held.body) if held else None
            if row:
                rows.setdefault(row.name, row)
    return CustomersFound(rows=tuple(rows.values()))


def _found(replica: Replica, group: FoundIn, body: Body) -> CustomerFound | None:
    if group is FoundIn.CUSTOMERS:
        return _customer(body)
    customer = linked(replica, "Customer", body.get("customer"))
    row = _customer(customer) if customer else None
    return row.model_copy(update={"found_by": place_of(body)}) if row else None


def _customer(body: Body) -> CustomerFound | None:
    name = text_of(body, "name")
    if not name:
        return None
    return CustomerFound(
        name=name,
        customer_name=text_of(body, "customer_name"),
        account=text_of(body, "legacy_account_id"),
        phone=text_of(body, "mobile_no"),
        is_disabled=bool(body.get("disabled")),
    )


def owed_here(replica: Replica, key: str) -> OwedHere | None:
    """Return what the customer of a job owes, as far as this device knows; None without the job."""
    body = job_body(replica, key)
    if body is None:
        return None
    customer = text_of(body, "customer")
    known = linked(replica, "Customer", customer) or {}
    return OwedHere(
        facts=facts_of(replica, key, body),
        customer=customer,
        customer_name=text_of(known, "customer_name") or customer,
        language=text_of(known, "language"),
        invoices=tuple(unpaid(replica, customer)) if customer else (),
    )


def unpaid(replica: Replica, customer: str) -> list[InvoiceLine]:
    """Return a customer's unpaid invoices on this device, what is due first in front."""
    lines = [line_of(body) for _, body in _of(replica, "Sales Invoice", customer)]
    owing = [line for line in lines if line.outstanding > _NO_MORE_OWED]
    return sorted(owing, key=lambda line: (line.due_date, line.name))


# --- panels


def _identity(_: Replica, name: str, body: Body) -> Identity:
    return identity_of(body, name)


def _locations(replica: Replica, name: str, _: Body) -> Locations:
    rows = []
    for _key, place in _of(replica, "Service Location", name):
        devices = replica.db.conn.execute(
            "SELECT body FROM service_equipment WHERE service_location = ? ORDER BY name",
            (text_of(place, "name"),),
        )
        rows.append(location_of(place, [json.loads(text) for (text,) in devices]))
    return Locations(rows=tuple(rows))


def _subscriptions(replica: Replica, name: str, _: Body) -> Subscriptions:
    places = {
        text_of(place, "name"): text_of(place, "civic_address")
        for _key, place in _of(replica, "Service Location", name)
    }
    return subscriptions_of(
        (body for _key, body in _of(replica, "Service Subscription", name)), places
    )


def _contracts(replica: Replica, name: str, _: Body) -> Contracts:
    rows = [body for _key, body in _of(replica, "Service Contract", name)]
    rows.sort(key=lambda body: text_of(body, "start_date"), reverse=True)
    return Contracts(rows=tuple(rows))


def _jobs(replica: Replica, name: str, _: Body) -> Jobs:
    rows = [job_of(key, body) for key, body in _of(replica, "Dispatch Job", name)]
    rows.sort(key=lambda row: (row.scheduled_date or "9", row.name), reverse=True)
    return Jobs(rows=tuple(rows))


_PANELS: Final[Mapping[Panel, Callable[[Replica, str, Body], Message]]] = {
    Panel.IDENTITY: _identity,
    Panel.LOCATIONS: _locations,
    Panel.SUBSCRIPTIONS: _subscriptions,
    Panel.CONTRACTS: _contracts,
    Panel.JOBS: _jobs,
}


def _of(replica: Replica, doctype: str, customer: str) -> list[tuple[str, Body]]:
    rows = replica.db.conn.execute(
        f"SELECT key, body FROM {_TABLES[doctype]} "  # noqa: S608 - the table of above
        "WHERE customer = ? ORDER BY name IS NULL, name",
        (customer,),
    )
    return [(key, json.loads(text)) for key, text in rows]
