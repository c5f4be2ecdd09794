"""What the bearer of a payment link is shown: from a token to a view, without any effect."""

from dataclasses import dataclass
from datetime import date

from field_core.money import amount_of, to_cents
from field_core.problems import ProblemError
from field_core.tokens import ALL_USES, ExpiredToken, PayToken, verify
from server_sync.billing.documents import Raw, read_payable
from server_sync.billing.ledger import State
from server_sync.billing.page import Owing, Pages, View
from server_sync.billing.payments import LEAST, Payments, owed_cents
from server_sync.billing.till import Till
from server_sync.erp.failures import ErpFailure


@dataclass(frozen=True)
class Counter:
    """Where customers stand."""

    till: Till
    payments: Payments
    pages: Pages

    def read(self, token: str, invoice: str | None = None) -> PayToken | ExpiredToken | None:
        """Return what a link says, if it is genuine and for this invoice."""
        return verify(
            token,
            ring=self.till.ring,
            accepts=ALL_USES,
            now_s=self.till.now_s(),
            invoice=invoice,
        )

    async def view(self, found: PayToken, token: str, language: str) -> View:
        """Return what is shown for a link that is good now."""
        try:
            owing = await self.owing(found.invoice)
            if owing.owed_cents <= 0:
                return self.pages.paid(owing, language)
            if await self.payments.is_debited(found.invoice):
                return self.pages.processing(language)
        except ErpFailure:
            return self.pages.away(language)
        except ProblemError:
            return self.pages.refused(language)  # cancelled, or not ours any more
        return self.pages.summary(owing, token, language)

    async def back(self, session: str, token: str, language: str) -> View:
        """Return what is shown to who comes back: what Stripe has told us, no more (B-05)."""
        found = await self.payments.state_of(session)
        if found is None:
            return self.pages.refused(language)
        match found[0]:
            case State.PAID:
                return self.pages.confirmed(language)
            case State.PROCESSING:
                return self.pages.processing(language)
            case State.FAILED | State.EXPIRED:
                return self.pages.failed(language, token)
            case _:
                return self.pages.pending(language)

    async def owing(self, name: str) -> Owing:
        """Read an invoice where it is owned; raises ProblemError `not-found`."""
        invoice = await read_payable(self.till.client, name)
        customer = await self.till.client.get("Customer", str(invoice["customer"]))
        owed = owed_cents(invoice)
        due = _date(invoice.get("due_date"))
        is_ppa = bool(customer.get("ppa_enabled"))
        return Owing(
            invoice=name,
            initial=_initial(customer),
            issued=date.fromisoformat(str(invoice["posting_date"])[:10]),
            due=due,
            total=amount_of(invoice.get("rounded_total") or invoice["grand_total"]),
            owed_cents=owed,
            least_cents=min(to_cents(LEAST), owed),
            paid_on=await self._paid_on(invoice) if owed <= 0 else None,
            ppa_on=due if is_ppa else None,
        )

    async def _paid_on(self, invoice: Raw) -> date | None:
        """Return the date of the last payment of an invoice."""
        rows = await self.till.client.rows(
            "Payment Entry",
            ["name", "posting_date", {"references": ["name", "reference_name"]}],
            filters=[("party", "=", invoice["customer"]), ("docstatus", "=", 1)],
            order_by="posting_date desc",
        )
        for row in rows:
            if any(one["reference_name"] == invoice["name"] for one in row["references"]):
                return _date(row["posting_date"])
        return None


def _initial(customer: Raw) -> str:
    """Return the initial of a person's given name; a company has none to show."""
    if customer.get("customer_type") == "Company":
        return ""
    return str(customer.get("customer_name") or "").strip()[:1].upper()


def _date(text: object) -> date | None:
    return date.fromisoformat(str(text)[:10]) if text else None
