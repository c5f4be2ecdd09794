"""The steps of a termination in the ERP. Each looks first, so each may be done again.

ERPNext gives no transaction over several documents. So the decision stands in our journal, the
steps follow in an order in which every half-way point is one that a person can live with (money
before the promise to stop, the note last), and whoever comes after a crash walks them again.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from field_core.ending import Recap
from field_core.office import EndingStep, StepDone
from server_sync.contracts import forms
from server_sync.contracts.journal import Plan
from server_sync.contracts.terms import Terms
from server_sync.erp.client import FrappeClient
from server_sync.erp.failures import ErpNotFound, ErpRefused, ErpUnknownOutcome

Raw = dict[str, Any]
CONTRACT: Final = "Service Contract"
SUBSCRIPTION: Final = "Service Subscription"
INVOICE: Final = "Sales Invoice"
COMMENT: Final = "Comment"


@dataclass(frozen=True)
class Steps:
    """Walks them for one plan."""

    client: FrappeClient
    terms: Terms

    async def all(self, plan: Plan, *, today: date) -> AsyncIterator[StepDone]:
        """Walk every step, telling each that is done; in the order of `EndingStep`.

        Raises ErpFailure; what was done before stays done.
        """
        invoice = await self._once(forms.fee(plan, self.terms))
        yield done(EndingStep.FEE, invoice)
        yield done(EndingStep.DAYS, await self._once(forms.last_days(plan, self.terms)))
        await self._set(CONTRACT, plan.contract, forms.contract_end(plan, invoice))
        yield done(EndingStep.CONTRACT, plan.contract)
        async for step in self.subscriptions(plan, today=today):
            yield step
        await self._note(plan, invoice)
        yield done(EndingStep.NOTE, plan.customer)

    async def subscriptions(self, plan: Plan, *, today: date) -> AsyncIterator[StepDone]:
        """Give the subscriptions their dates, and cancel them once the day has come."""
        values = forms.subscription_end(plan, is_over=plan.figures.end <= today)
        for name in plan.subscriptions:
            await self._set(SUBSCRIPTION, name, values)
        yield done(EndingStep.SUBSCRIPTIONS, *plan.subscriptions)

    async def _once(self, form: Raw | None) -> str | None:
        """Have an invoice submitted, whatever became of an earlier try; return its name."""
        if form is None:
            return None
        found = await self._found(form["sync_key"])
        if found:
            return found
        try:
            return str((await self.client.insert(INVOICE, form))["name"])
        except (ErpUnknownOutcome, ErpRefused) as failure:
            if isinstance(failure, ErpRefused) and not failure.is_duplicate:
                raise
            found = await self._found(form["sync_key"])
            if found is None:
                raise
            return found

    async def _found(self, key: str) -> str | None:
        rows = await self.client.rows(
            INVOICE, ["name"], filters=[("sync_key", "=", key), ("docstatus", "=", 1)], limit=1
        )
        return str(rows[0]["name"]) if rows else None

    async def _set(self, doctype: str, name: str, values: Raw) -> None:
        """Set fields that are not so already; whoever else writes others is not disturbed."""
        try:
            have = await self.client.get(doctype, name)
        except ErpNotFound:
            return  # somebody at the office removed it: there is nothing left to end
        wanted = {field: value for field, value in values.items() if have.get(field) != value}
        if wanted:
            await self.client.update(doctype, name, wanted)

    async def _note(self, plan: Plan, invoice: str | None) -> None:
        form = forms.audit_comment(plan, invoice=invoice)
        have = await self.client.rows(
            COMMENT,
            ["name"],
            filters=[
                ("reference_doctype", "=", form["reference_doctype"]),
                ("reference_name", "=", form["reference_name"]),
                ("content", "like", f"%{forms.mark(plan)}%"),
            ],
            limit=1,
        )
        if not have:
            await self.client.insert(COMMENT, form)


def done(step: EndingStep, *documents: str | None) -> StepDone:
    """Return a step that is done, with the documents that it left; None for nothing to do."""
    return StepDone(step=step, documents=tuple(name for name in documents if name))


def done_when_notified(plan: Plan, recap: Recap) -> tuple[StepDone, ...]:
    """Return what is done of an ending whose last day was still to come when it was decided."""
    return (
        done(EndingStep.FEE, recap.invoice),
        done(EndingStep.DAYS, recap.settlement),
        done(EndingStep.CONTRACT, plan.contract),
        done(EndingStep.NOTE, plan.customer),
    )
