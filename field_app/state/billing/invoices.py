"""Everybody's invoices: what is owed, what was due first in front; or the latest ones."""

import asyncio
from collections.abc import Callable
from enum import StrEnum

from field_app.state.billing import paths
from field_app.state.billing.asked import Asked
from field_app.state.billing.customer import to_contract
from field_app.state.billing.stretched import Stretched
from field_app.state.place import Place, Room
from field_app.state.screen import Forget, Screen
from field_app.state.workspace import Workspace
from field_core.office import EndingsUnderway, EndingUnderway, Invoices
from field_core.office.message import Message


class Which(StrEnum):
    """Which invoices are listed."""

    ATTENTION = "attention"
    OWED = "owed"
    LATEST = "latest"


class InvoiceList(Screen):
    """One list at a time; the other keeps what it has."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.which = Which.ATTENTION
        self.endings = Asked(workspace, paths.TERMINATIONS, EndingsUnderway)
        """Terminations that are not all done; they stand with what needs a person."""
        self.endings.on_change(self.changed)
        self._lists = {which: _List(workspace, which) for which in Which}
        for one in self._lists.values():
            one.on_change(self.changed)

    @property
    def shown(self) -> Stretched[Message]:
        """The list in front."""
        return self._lists[self.which]

    def follow(self, tell: Callable[[], None]) -> Forget:
        """The list in front follows the news."""
        return self.shown.follow(tell)

    async def load(self) -> None:
        """Ask for the list in front."""
        if self.which is Which.ATTENTION:
            await asyncio.gather(self.shown.load(), self.endings.load())
        else:
            await self.shown.load()

    async def choose(self, which: Which) -> None:
        """Bring the other list to the front."""
        self.which = which
        self.changed()
        await self.refresh()

    @property
    def underway(self) -> tuple[EndingUnderway, ...]:
        """The terminations that are shown: those of the list in front."""
        is_here = self.which is Which.ATTENTION
        return self.endings.value.rows if is_here and self.endings.value else ()

    def open_contract(self, found: EndingUnderway) -> None:
        """Go to a contract that is being ended."""
        to_contract(self.workspace, found.customer, found.contract)

    def open(self, name: str) -> None:
        """Go to an invoice."""
        self.workspace.navigator.go(Place(Room.INVOICES, name))


class _List(Stretched[Message]):
    def __init__(self, workspace: Workspace, which: Which) -> None:
        super().__init__(workspace, paths.invoices(which), Invoices, joint="&")
