"""One invoice for its screen: its lines as billed, the link to pay it, and its money timeline."""

import asyncio
import re
from decimal import Decimal
from typing import Any, Final

from field_core.money import amount_of
from field_core.office import Charge, InvoiceDetail, Receipt, TaxLine
from field_core.office.invoices import total_of
from server_sync.billing.desk.finding import address_of
from server_sync.billing.desk.links_shown import shown_link
from server_sync.billing.desk.timeline import last_receipt_ms, moments_of
from server_sync.billing.documents import Raw, read_invoice
from server_sync.billing.payments import Payments
from server_sync.billing.till import Till

_SHOWN_DIGITS: Final = 2


async def invoice_detail(till: Till, payments: Payments, name: str) -> InvoiceDetail:
    """Return an invoice; raises ProblemError `not-found` for a draft or an unknown name."""
    invoice = await read_invoice(till.client, name)
    customer, places, is_debited, moments = await asyncio.gather(
        till.client.get("Customer", str(invoice["customer"])),
        _places(till, invoice),
        payments.is_debited(name),
        moments_of(till, invoice),
    )
    owed = amount_of(invoice.get("outstanding_amount") or 0, "outstanding_amount")
    url, until_ms = shown_link(till, name) if owed > 0 else ("", 0)
    return InvoiceDetail(
        name=name,
        customer=str(invoice["customer"]),
        customer_name=str(customer.get("customer_name") or ""),
        posting_date=str(invoice.get("posting_date") or "")[:10],
        due_date=str(invoice.get("due_date") or "")[:10],
        status=str(invoice.get("status") or ""),
        net=amount_of(invoice.get("net_total") or 0, "net_total"),
        taxes=tuple(map(_tax, invoice.get("taxes") or ())),
        total=total_of(invoice),
        outstanding=owed,
        charges=tuple(_charge(row, places) for row in invoice.get("items") or ()),
        contract=str(invoice.get("service_contract") or ""),
        pay_url=url,
        pay_until_ms=until_ms,
        phone=masked_phone(str(customer.get("mobile_no") or "")),
        email=masked_email(str(customer.get("email_id") or "")),
        is_debited=is_debited,
        moments=tuple(moments),
    )


async def receipt_of(till: Till, payments: Payments, invoice: Raw) -> Receipt:
    """Return whether an invoice is paid, as the ERP says now."""
    name = str(invoice["name"])
    outstanding = amount_of(invoice.get("outstanding_amount") or 0, "outstanding_amount")
    return Receipt(
        name=name,
        outstanding=outstanding,
        paid=total_of(invoice) - outstanding,
        is_underway=await payments.is_debited(name),
        at_ms=await last_receipt_ms(till, name),
    )


async def _places(till: Till, invoice: Raw) -> dict[str, str]:
    names = {row.get("service_location") for row in invoice.get("items") or ()} - {None, ""}
    if not names:
        return {}
    rows = await till.client.rows(
        "Service Location",
        ["name", "civic_address", "city"],
        filters=[("name", "in", sorted(map(str, names)))],
    )
    return {str(row["name"]): address_of(row) for row in rows}


def _charge(row: Raw, places: dict[str, str]) -> Charge:
    place = str(row.get("service_location") or "")
    return Charge(
        text=str(row.get("item_name") or row.get("description") or row.get("item_code") or ""),
        qty=f"{Decimal(str(row.get('qty') or 1)).normalize():f}",
        rate=amount_of(row.get("rate") or 0, "rate"),
        amount=amount_of(row.get("amount") or 0),
        place=places.get(place, place),
        start_date=str(row.get("service_start_date") or "")[:10],
        end_date=str(row.get("service_end_date") or "")[:10],
    )


def _tax(row: dict[str, Any]) -> TaxLine:
    told = str(row.get("description") or row.get("account_head") or "")
    return TaxLine(text=told, amount=amount_of(row.get("tax_amount") or 0, "tax_amount"))


def masked_phone(phone: str) -> str:
    """Return a number of which only the end is told: enough to ask whether it is still theirs."""
    digits = re.sub(r"\D", "", phone)
    return f"••• ••• ••{digits[-_SHOWN_DIGITS:]}" if digits else ""


def masked_email(address: str) -> str:
    """Return an address of which the first letter and the domain are told."""
    name, at, domain = address.strip().partition("@")
    return f"{name[:1]}•••@{domain}" if at and name else ""
