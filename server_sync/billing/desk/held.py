"""What the server holds of a customer anyway, out of its own documents: no call to the ERP."""

from collections.abc import Callable, Mapping
from typing import Final

from sqlalchemy import Connection, select

from field_core.canon import Body
from field_core.office import Contracts, Identity, Jobs, Locations, Panel, Subscriptions
from field_core.office.customers import (
    identity_of,
    job_of,
    location_of,
    subscriptions_of,
    text,
)
from field_core.office.message import Message
from field_core.problems import ProblemError
from server_sync.store import documents
from server_sync.store.documents import Doc
from server_sync.store.schema import doc, feed

JOBS_MAX: Final = 40
"""The latest; older ones are of no use to who is on the telephone."""


def read_held(connection: Connection, panel: Panel, name: str) -> Message:
    """Return a panel of HELD; raises ProblemError `not-found`."""
    customer = documents.load_named(connection, "Customer", name)
    if customer is None or customer.body is None:
        raise ProblemError("not-found")
    return HELD[panel](connection, customer)


def may_hold(connection: Connection, audience: str, customer: str) -> bool:
    """Tell whether an audience holds a customer: it has a job of theirs now."""
    found = connection.execute(
        select(feed.c.key)
        .join(doc, doc.c.key == feed.c.key)
        .where(
            doc.c.doctype == "Customer",
            doc.c.erp_name == customer,
            feed.c.audience == audience,
            feed.c.is_in,
        )
    ).first()
    return found is not None


def unpaid_in(connection: Connection, audience: str) -> list[tuple[str, str]]:
    """Return (invoice, customer) of every unpaid invoice that an audience holds."""
    rows = connection.execute(
        select(doc.c.key)
        .join(feed, doc.c.key == feed.c.key)
        .where(doc.c.doctype == "Sales Invoice", feed.c.audience == audience, feed.c.is_in)
    ).scalars()
    held = documents.load_many(connection, rows)
    found = [(one.erp_name or "", one.body) for one in held if one.body and one.erp_name]
    return sorted(
        (name, text(body, "customer"))
        for name, body in found
        if float(str(body.get("outstanding_amount") or 0)) > 0
    )


def _identity(_: Connection, customer: Doc) -> Identity:
    return identity_of(customer.body or {}, customer.erp_name or "")


def _locations(connection: Connection, customer: Doc) -> Locations:
    places = _pointing(connection, "Service Location", "customer", customer)
    names = [name for place in places for name in _names(place)]
    by_place: dict[str, list[Body]] = {}
    for device in documents.load_pointing_at(
        connection, "Service Equipment", "service_location", names
    ):
        body = device.body or {}
        by_place.setdefault(text(body, "service_location"), []).append(_named(device))
    return Locations(
        rows=tuple(
            location_of(
                _named(place),
                sorted(
                    (one for name in _names(place) for one in by_place.get(name, ())),
                    key=lambda one: text(one, "name"),
                ),
            )
            for place in places
        )
    )


def _subscriptions(connection: Connection, customer: Doc) -> Subscriptions:
    places = {
        name: text(place.body or {}, "civic_address")
        for place in _pointing(connection, "Service Location", "customer", customer)
        for name in _names(place)
    }
    found = _pointing(connection, "Service Subscription", "customer", customer)
    return subscriptions_of([_named(one) for one in found], places)


def _contracts(connection: Connection, customer: Doc) -> Contracts:
    found = _pointing(connection, "Service Contract", "customer", customer)
    bodies = sorted(map(_named, found), key=lambda one: text(one, "start_date"), reverse=True)
    return Contracts(rows=tuple(bodies))


def _jobs(connection: Connection, customer: Doc) -> Jobs:
    found = _pointing(connection, "Dispatch Job", "customer", customer)
    rows = [job_of(one.key, _named(one)) for one in found]
    rows.sort(key=lambda row: (row.scheduled_date or "9", row.name), reverse=True)
    return Jobs(rows=tuple(rows[:JOBS_MAX]))


HELD: Final[Mapping[Panel, Callable[[Connection, Doc], Message]]] = {
    Panel.IDENTITY: _identity,
    Panel.LOCATIONS: _locations,
    Panel.SUBSCRIPTIONS: _subscriptions,
    Panel.CONTRACTS: _contracts,
    Panel.JOBS: _jobs,
}


def _pointing(connection: Connection, doctype: str, field: str, at: Doc) -> list[Doc]:
    found = documents.load_pointing_at(connection, doctype, field, _names(at))
    return sorted(found, key=lambda one: one.erp_name or one.key)


def _names(document: Doc) -> list[str]:
    return [name for name in (document.erp_name, document.key) if name]


def _named(document: Doc) -> Body:
    return {**(document.body or {}), "name": document.erp_name or ""}
