"""The panels of a customer's page: each is asked for, cached and aged by itself (OP-01)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from field_core.office.customers import Contracts, Identity, Jobs, Locations, Notes, Subscriptions
from field_core.office.invoices import Invoices
from field_core.office.message import Message
from field_core.office.money import Balance, Payments

PanelModel = type[Message]


class Panel(StrEnum):
    """One panel, in the order of the page."""

    IDENTITY = "identity"
    BALANCE = "balance"
    LOCATIONS = "locations"
    SUBSCRIPTIONS = "subscriptions"
    CONTRACTS = "contracts"
    INVOICES = "invoices"
    PAYMENTS = "payments"
    JOBS = "jobs"
    NOTES = "notes"


PANELS: Final[Mapping[Panel, PanelModel]] = {
    Panel.IDENTITY: Identity,
    Panel.BALANCE: Balance,
    Panel.LOCATIONS: Locations,
    Panel.SUBSCRIPTIONS: Subscriptions,
    Panel.CONTRACTS: Contracts,
    Panel.INVOICES: Invoices,
    Panel.PAYMENTS: Payments,
    Panel.JOBS: Jobs,
    Panel.NOTES: Notes,
}
