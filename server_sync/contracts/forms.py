"""What the ERP is told when a contract ends, as plain values from a frozen plan.

Taxes are sent as amounts, so that the ERP's invoice is what the clerk was shown, to the cent.
"""

import html
import uuid
from typing import Any, Final

from field_core.date_words import in_words
from field_core.ending import Amounts
from field_core.money import amount_of
from field_core.money_text import write_amount
from server_sync.billing.words import say
from server_sync.contracts.held import CANCELLED
from server_sync.contracts.journal import Plan
from server_sync.contracts.terms import Terms

Raw = dict[str, Any]
TERMINATED: Final = "Terminated"
_TAXES: Final = (("TPS 5 %", "tps"), ("TVQ 9,975 %", "tvq"))


def fee_key(plan: Plan) -> str:
    """What makes the invoice of the fee the same one."""
    return str(uuid.uuid5(uuid.UUID(plan.key), "fee"))


def days_key(plan: Plan) -> str:
    """What makes the invoice or the credit of the last days the same one."""
    return str(uuid.uuid5(uuid.UUID(plan.key), "days"))


def mark(plan: Plan) -> str:
    """What the audit comment is recognised by."""
    return plan.key.partition("-")[0]


def fee(plan: Plan, terms: Terms) -> Raw | None:
    """Return the invoice of the fee, or None where nothing is charged."""
    amounts = plan.figures.charge
    if not amount_of(amounts.total):
        return None
    sentences = getattr(plan.figures.explanation, plan.language)
    item = {
        "item_code": terms.item,
        "item_name": say(plan.language, "contract.fee"),
        "description": "\n".join(sentences),
        "qty": 1,
        "rate": float(amount_of(amounts.net)),
        "service_location": plan.location or None,
    }
    return _invoice(plan, terms, amounts, item, key=fee_key(plan))


def last_days(plan: Plan, terms: Terms) -> Raw | None:
    """Return the invoice of days still to bill, or the credit of days paid in advance."""
    amounts, figures = plan.figures.services, plan.figures
    net = amount_of(amounts.net)
    if not net or not figures.first_day or not figures.last_day:
        return None
    item = {
        "item_code": plan.plan_item or terms.item,
        "item_name": say(plan.language, "contract.days" if net > 0 else "contract.days_back"),
        "qty": 1 if net > 0 else -1,
        "rate": float(abs(net)),
        "service_location": plan.location or None,
        "service_start_date": figures.first_day.isoformat(),
        "service_end_date": figures.last_day.isoformat(),
    }
    form = _invoice(plan, terms, amounts, item, key=days_key(plan))
    return form if net > 0 else {**form, "is_return": 1}


def contract_end(plan: Plan, invoice: str | None) -> Raw:
    """Return what changes on the contract."""
    return {
        "status": TERMINATED,
        "termination_date": plan.figures.end.isoformat(),
        "termination_reason": plan.reason,
        "termination_invoice": invoice,
    }


def subscription_end(plan: Plan, *, is_over: bool) -> Raw:
    """Return what changes on a subscription: it is cancelled on the day, never deleted."""
    dates = {
        "end_date": plan.figures.end.isoformat(),
        "cancellation_date": plan.today.isoformat(),
    }
    return {**dates, "status": CANCELLED} if is_over else dates


def audit_comment(plan: Plan, *, invoice: str | None) -> Raw:
    """Return the note on the customer's file: who, what, why, how much; for people, in French."""
    figures = plan.figures
    said = say(
        "fr",
        "contract.audit",
        contract=plan.contract,
        end=in_words(figures.end, "fr"),
        actor=plan.actor,
        charge=write_amount(amount_of(figures.charge.total), "fr"),
        total=write_amount(amount_of(figures.total), "fr"),
        policy=figures.policy,
        invoice=invoice or "—",
        reason=plan.reason,
        mark=mark(plan),
    )
    return {
        "comment_type": "Info",
        "reference_doctype": "Customer",
        "reference_name": plan.customer,
        "comment_email": plan.actor,
        "comment_by": plan.actor,
        "content": html.escape(said, quote=False),
    }


def _invoice(plan: Plan, terms: Terms, amounts: Amounts, item: Raw, *, key: str) -> Raw:
    accounts = {"tps": terms.tps_account, "tvq": terms.tvq_account}
    return {
        "docstatus": 1,
        "sync_key": key,
        "customer": plan.customer,
        "posting_date": plan.today.isoformat(),
        "set_posting_time": 1,
        "currency": "CAD",
        "disable_rounded_total": 1,
        "service_contract": plan.contract,
        "items": [item],
        "taxes": [
            {
                "charge_type": "Actual",
                "account_head": accounts[name],
                "description": label,
                "tax_amount": float(amount_of(getattr(amounts, name))),
            }
            for label, name in _TAXES
        ],
    }
