"""At the door: what is owed here, the code to pay it, and “payment received” once that is true.

What is owed comes from the replica and the code from what was fetched ahead, so both are there
without a network. That it is paid is said by the server alone, and by nobody on this device.
"""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum

from field_app.ports import JobFacts, OwedHere, Told
from field_app.state.billing import paths
from field_app.state.billing.pay_links import kept_links
from field_app.state.job.part import JobPart
from field_app.state.place import Part
from field_app.state.workspace import Workspace
from field_core.money import ZERO
from field_core.office import Door, InvoiceLine, PayLink, Receipt
from field_core.problems import Problem, ProblemError


class DoorState(StrEnum):
    """What can be said of an invoice now."""

    OWED = "owed"
    UNDERWAY = "underway"
    PARTLY = "partly"
    PAID = "paid"
    SETTLED = "settled"
    """No longer owed as far as this device knows; the server has not said how."""


class AtDoor(JobPart):
    """What the customer of a job owes; `invoice` is the one whose code is shown."""

    part = Part.PAYMENT

    def __init__(self, workspace: Workspace, key: str, *, invoice: str | None = None) -> None:
        super().__init__(workspace, key)
        self.invoice = invoice
        self.owed: OwedHere | None = None
        self.links: dict[str, PayLink] = {}
        self.links_ms: int | None = None
        self.receipt: Receipt | None = None
        self.missing: Problem | None = None
        """Why the server did not say whether it is paid."""
        self._was: InvoiceLine | None = None

    @property
    def facts(self) -> JobFacts | None:
        """What is known of the job."""
        return self.owed.facts if self.owed else None

    @property
    def total(self) -> Decimal:
        """What is owed in all."""
        return sum((line.outstanding for line in self.invoices), ZERO)

    @property
    def invoices(self) -> Sequence[InvoiceLine]:
        """What is owed, what is due first in front."""
        return self.owed.invoices if self.owed else ()

    async def load(self) -> None:
        """Read what is owed and where it is paid; then ask what became of it."""
        key = self.key
        self.owed = await self.workspace.account.read(lambda ask: ask.owed_here(key))
        self.is_gone = self.owed is None
        self._take_links(await kept_links(self.workspace))
        self._was = self._was or self._line
        self.changed()
        if self.owed is None:
            return
        if any(line.name not in self.links for line in self.invoices):
            await self._fetch_links()
        if self.invoice:
            await self._ask_receipt(self.invoice)

    # --- the code

    @property
    def _line(self) -> InvoiceLine | None:
        return next((line for line in self.invoices if line.name == self.invoice), None)

    @property
    def line(self) -> InvoiceLine | None:
        """The invoice whose code is shown, as it was when it was opened if it has left since."""
        return self._line or self._was

    @property
    def link(self) -> PayLink | None:
        """Where it is paid; None without a link that is good now."""
        found = self.links.get(self.invoice or "")
        return found if found and self.workspace.now_ms() < found.until_ms else None

    def _take_links(self, told: Told[Door] | None) -> None:
        if told:
            self.links = {link.invoice: link for link in told.value.links}
            self.links_ms = told.at_ms

    async def _fetch_links(self) -> None:
        try:
            self._take_links(await self.workspace.account.remote.ask(paths.DOOR, Door))
        except ProblemError as error:
            self.missing = error.problem

    # --- whether it is paid

    async def check(self) -> None:
        """Ask because the customer says that it is paid."""
        await self.refresh()

    async def _ask_receipt(self, name: str) -> None:
        path = paths.invoice(name, "/receipt")
        try:
            told = await self.workspace.account.remote.ask(path, Receipt)
        except ProblemError as error:
            self.missing = error.problem
        else:
            self.receipt, self.missing = told.value, None
        self.changed()

    @property
    def received(self) -> Decimal:
        """What has come in since the code was shown."""
        if self.receipt is None:
            return ZERO
        if self._was is None:
            return self.receipt.paid
        return max(self._was.outstanding - self.receipt.outstanding, ZERO)

    @property
    def state(self) -> DoorState:
        """What can be said of the invoice: paid only on the server's word."""
        receipt = self.receipt
        if receipt and receipt.is_paid:
            return DoorState.PAID
        if receipt and receipt.is_underway:
            return DoorState.UNDERWAY
        if receipt and self.received:
            return DoorState.PARTLY
        if self._line is None and self._was is not None:
            return DoorState.SETTLED
        return DoorState.OWED
