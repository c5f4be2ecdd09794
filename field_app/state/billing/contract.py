"""A contract: how far its term is, what it granted, and what ending it on a day comes to.

The arithmetic is the core's, so the slider answers without a network; the server works it out
again, and only what it shows can be carried out (CT-06).
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from field_app.ports import Reading
from field_app.state.billing import paths
from field_app.state.billing.asked import Asked
from field_app.state.billing.customer import to_invoice
from field_app.state.billing.pay_links import may
from field_app.state.workspace import Workspace
from field_core.canon import Body
from field_core.capabilities import Capability
from field_core.office import Contracts, ContractSheet, EndingUnderway, Panel
from field_core.problems import Problem, ProblemError
from field_core.termination import (
    Contract,
    TermBar,
    Termination,
    calculate,
    contract_of,
    end_of_term,
    term_bar,
)
from field_core.termination.policy import POLICIES

ACTIVE: Final = "Active"
DAYS_MIN: Final = 90
DAYS_MAX: Final = 760
"""Two years and a month: no term is longer, and a slider of more days has none for a finger."""


class Stage(StrEnum):
    """What a contract's banner says."""

    RUNNING = "running"
    OPEN_TERM = "open-term"
    OVER = "over"
    UNSIGNED = "unsigned"
    ENDING = "ending"
    """Decided and not all done, whatever the document says by now."""
    ENDED = "ended"


_STAGES: Final = {
    "Draft": Stage.UNSIGNED,
    "Sent": Stage.UNSIGNED,
    "Terminated": Stage.ENDED,
    "Cancelled": Stage.ENDED,
    "Completed": Stage.OVER,
    "Expired": Stage.OVER,
}


class ContractPage(Asked[Contracts]):
    """A contract that is open on the screen, as the office system or this device has it."""

    def __init__(self, workspace: Workspace, customer: str, name: str) -> None:
        def own(ask: Reading) -> Contracts | None:
            found = ask.customer_panel(customer, Panel.CONTRACTS)
            return found if isinstance(found, Contracts) else None

        path = paths.panel(customer, Panel.CONTRACTS)
        super().__init__(workspace, path, Contracts, own=own)
        self.customer = customer
        self.name = name
        self.sheet = Asked(workspace, paths.contract(name), ContractSheet)
        self.sheet.on_change(self.changed)
        self.ends_in_days = 0
        self.unreadable: Problem | None = None
        """Why it cannot be reckoned with."""

    async def load(self) -> None:
        """Read the contract, then what may be done with it."""
        await super().load()
        await self.sheet.load()

    @property
    def body(self) -> Body | None:
        """The document; None while there is none."""
        rows = self.value.rows if self.value else ()
        return next((row for row in rows if row.get("name") == self.name), None)

    @property
    def contract(self) -> Contract | None:
        """What a termination is reckoned from; None when the document cannot be read so."""
        body = self.body
        self.unreadable = None
        try:
            return contract_of(body) if body else None
        except ProblemError as error:
            self.unreadable = error.problem
            return None

    @property
    def status(self) -> str:
        """The ERP's word; of two, that of the contract's own page, read where it is owned."""
        sheet = self.sheet.value
        return sheet.status if sheet else str((self.body or {}).get("status") or "")

    @property
    def underway(self) -> EndingUnderway | None:
        """How far its end has come that was decided and is not all done."""
        return self.sheet.value.underway if self.sheet.value else None

    @property
    def stage(self) -> Stage:
        """Where the contract stands."""
        if self.underway:
            return Stage.ENDING
        body = self.body or {}
        known = _STAGES.get(self.status)
        return known or (Stage.RUNNING if body.get("duration_months") else Stage.OPEN_TERM)

    @property
    def today(self) -> date:
        """The date here."""
        return date.fromisoformat(self.workspace.today())

    @property
    def bar(self) -> TermBar | None:
        """How far the term is; None for an open one."""
        found = self.contract
        if found is None or found.term_months is None:
            return None
        day = self.ended_on or max(self.today, found.start)
        return term_bar(found.start, found.term_months, day)

    @property
    def ended_on(self) -> date | None:
        """The last day of a contract that was terminated, or is being; None for any other."""
        if self.underway:
            return self.underway.end
        told = (self.body or {}).get("termination_date")
        if self.stage is not Stage.ENDED or not told:
            return None
        return date.fromisoformat(str(told)[:10])

    # --- the simulator

    @property
    def first_day(self) -> date:
        """The first day that an end may be simulated on."""
        found = self.contract
        start = found.start if found else self.today
        return max(self.today, start, POLICIES[0].since)

    @property
    def days(self) -> int:
        """How far ahead the simulator looks: to the end of the term, and never less than a season.

        An ending after the term costs nothing; one sees the fee fall to that.
        """
        found = self.contract
        if found is None or found.term_months is None:
            return DAYS_MIN
        ends = end_of_term(found.start, found.term_months)
        return min(max((ends - self.first_day).days + 1, DAYS_MIN), DAYS_MAX)

    @property
    def end(self) -> date:
        """The last day that is simulated; of a contract that has ended, its own."""
        return self.ended_on or self.first_day + timedelta(days=self.ends_in_days)

    @property
    def simulated(self) -> Termination | None:
        """What ending it on that day comes to, reckoned here."""
        found = self.contract
        try:
            return calculate(found, self.end) if found else None
        except ProblemError as error:
            self.unreadable = error.problem
            return None

    def choose(self, days: float) -> None:
        """Simulate another day, so many after the first."""
        self.ends_in_days = max(0, min(round(days), self.days))
        self.changed()

    @property
    def turns(self) -> Sequence[tuple[date, Decimal]]:
        """The days on which the fee changes, with what it is from then on."""
        found, day, turns = self.contract, self.first_day, list[tuple[date, Decimal]]()
        last = self.first_day + timedelta(days=self.days)
        while found and day <= last:
            worked = calculate(found, day)
            if not turns or turns[-1][1] != worked.charge:
                turns.append((day, worked.charge))
            if worked.holds_until is None:
                break
            day = worked.holds_until + timedelta(days=1)
        return turns

    # --- going on

    @property
    def is_allowed(self) -> bool:
        """Whether this person's role may end contracts; simulating is free."""
        return may(self._account.person.roles, Capability.END_CONTRACTS)

    @property
    def may_end(self) -> bool:
        """Whether the server says that it can be ended now, and this person may (CT-02)."""
        return self.is_allowed and self.sheet.value is not None and self.sheet.value.can_end

    def open_invoice(self, name: str) -> None:
        """Go to an invoice of its termination."""
        to_invoice(self.workspace, self.customer, name)
