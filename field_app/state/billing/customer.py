"""A customer's page: panels that load by themselves, and the ways from them."""

from typing import Final

from field_app.ports import Reading
from field_app.state.billing import paths
from field_app.state.billing.asked import Asked
from field_app.state.billing.stretched import Stretched
from field_app.state.place import Part, Place, Room
from field_app.state.workspace import Workspace
from field_core.office import PANELS, Panel
from field_core.office.message import Message

LISTED: Final = frozenset({Panel.INVOICES, Panel.PAYMENTS})
"""Panels that come in stretches."""


class PanelOf(Asked[Message]):
    """One panel of a customer, out of the replica where that has it."""

    def __init__(self, workspace: Workspace, customer: str, panel: Panel) -> None:
        def own(ask: Reading) -> Message | None:
            return ask.customer_panel(customer, panel)

        super().__init__(workspace, paths.panel(customer, panel), PANELS[panel], own=own)
        self.panel = panel


class ListOf(Stretched[Message]):
    """A panel that is a long list."""

    def __init__(self, workspace: Workspace, customer: str, panel: Panel) -> None:
        super().__init__(workspace, paths.panel(customer, panel), PANELS[panel], joint="?")
        self.panel = panel


def panel_model(workspace: Workspace, customer: str, panel: Panel) -> PanelOf | ListOf:
    """Return the model of a panel."""
    made = ListOf if panel in LISTED else PanelOf
    return made(workspace, customer, panel)


def to_customer(workspace: Workspace, customer: str) -> None:
    """Go to a customer's page."""
    workspace.navigator.go(Place(Room.CLIENTS, customer))


def to_invoice(workspace: Workspace, customer: str, name: str) -> None:
    """Go to an invoice of a customer; “back” leads to the customer."""
    workspace.navigator.go(Place(Room.CLIENTS, customer, Part.INVOICE, name))


def to_contract(workspace: Workspace, customer: str, name: str) -> None:
    """Go to a contract of a customer."""
    workspace.navigator.go(Place(Room.CLIENTS, customer, Part.CONTRACT, name))


async def to_job(workspace: Workspace, key: str) -> bool:
    """Go to a job, if it is on this device; tell whether it is."""
    if await workspace.account.read(lambda ask: ask.job(key)) is None:
        return False
    workspace.navigator.go(Place(Room.TODAY, key))
    return True
