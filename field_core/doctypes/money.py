"""What is sold, billed and paid: Item, Sales Invoice with its rows, Payment Entry."""

from typing import ClassVar

from field_core.fields import Document, Kind, Row, office, table


class Item(Document):
    """A plan, a device model or a material."""

    doctype: ClassVar[str] = "Item"
    naming: ClassVar[str] = "field:item_code"

    item_code: str = office(Kind.DATA, required=True, unique=True)
    item_name: str | None = office(Kind.DATA)
    item_group: str | None = office(Kind.DATA)
    stock_uom: str | None = office(Kind.DATA)
    standard_rate: float | None = office(Kind.CURRENCY)
    disabled: bool | None = office(Kind.CHECK)
    download_speed: int | None = office(Kind.INT)
    upload_speed: int | None = office(Kind.INT)
    olt_profile: str | None = office(Kind.DATA)
    legacy_product_id: str | None = office(Kind.DATA)


class SalesInvoiceItem(Row):
    """A line of an invoice; the location is what lets the printed invoice group by address."""

    doctype: ClassVar[str] = "Sales Invoice Item"
    item_code: str | None = office(Kind.LINK, "Item")
    item_name: str | None = office(Kind.DATA)
    description: str | None = office(Kind.TEXT)
    qty: float | None = office(Kind.FLOAT)
    rate: float | None = office(Kind.CURRENCY)
    amount: float | None = office(Kind.CURRENCY)
    service_location: str | None = office(Kind.LINK, "Service Location")
    service_start_date: str | None = office(Kind.DATE)
    service_end_date: str | None = office(Kind.DATE)


class SalesTaxesAndCharges(Row):
    """A tax line: TPS, TVQ."""

    doctype: ClassVar[str] = "Sales Taxes and Charges"
    charge_type: str | None = office(Kind.DATA)
    account_head: str | None = office(Kind.DATA)
    description: str | None = office(Kind.DATA)
    rate: float | None = office(Kind.FLOAT)
    tax_amount: float | None = office(Kind.CURRENCY)


class SalesInvoice(Document):
    """An invoice as the ERP holds it; never written by a device."""

    doctype: ClassVar[str] = "Sales Invoice"
    naming: ClassVar[str] = "ACC-SINV-.YYYY.-.#####"
    submittable: ClassVar[bool] = True

    customer: str = office(Kind.LINK, "Customer", required=True, indexed=True)
    posting_date: str | None = office(Kind.DATE)
    due_date: str | None = office(Kind.DATE)
    currency: str | None = office(Kind.DATA)
    status: str | None = office(Kind.DATA, indexed=True)
    docstatus: int | None = office(Kind.INT)
    net_total: float | None = office(Kind.CURRENCY)
    total_taxes_and_charges: float | None = office(Kind.CURRENCY)
    grand_total: float | None = office(Kind.CURRENCY)
    rounded_total: float | None = office(Kind.CURRENCY)
    outstanding_amount: float | None = office(Kind.CURRENCY, indexed=True)
    service_contract: str | None = office(Kind.LINK, "Service Contract")
    legacy_invoice_id: str | None = office(Kind.DATA)
    items: tuple[SalesInvoiceItem, ...] = table(SalesInvoiceItem)
    taxes: tuple[SalesTaxesAndCharges, ...] = table(SalesTaxesAndCharges)


class PaymentEntryReference(Row):
    """Which invoice a payment settles, and for how much."""

    doctype: ClassVar[str] = "Payment Entry Reference"
    reference_doctype: str | None = office(Kind.DATA)
    reference_name: str | None = office(Kind.DATA)
    allocated_amount: float | None = office(Kind.CURRENCY)


class PaymentEntry(Document):
    """Money received."""

    doctype: ClassVar[str] = "Payment Entry"
    naming: ClassVar[str] = "ACC-PAY-.YYYY.-.#####"
    submittable: ClassVar[bool] = True

    payment_type: str | None = office(Kind.DATA)
    party_type: str | None = office(Kind.DATA)
    party: str | None = office(Kind.DATA, indexed=True)
    posting_date: str | None = office(Kind.DATE)
    mode_of_payment: str | None = office(Kind.DATA)
    paid_amount: float | None = office(Kind.CURRENCY)
    received_amount: float | None = office(Kind.CURRENCY)
    reference_no: str | None = office(Kind.DATA)
    reference_date: str | None = office(Kind.DATE)
    docstatus: int | None = office(Kind.INT)
    status: str | None = office(Kind.DATA)
    references: tuple[PaymentEntryReference, ...] = table(PaymentEntryReference)
