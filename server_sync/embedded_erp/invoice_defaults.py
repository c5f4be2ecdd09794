"""What ERPNext fills into a Sales Invoice and its lines when nobody sent it."""

from __future__ import annotations

from datetime import date, timedelta

from server_sync.embedded_erp.calls import Call
from server_sync.embedded_erp.documents import Document
from server_sync.embedded_erp.meta import Row, Value
from server_sync.embedded_erp.values import to_float


def fill_invoice(call: Call, document: Document) -> None:
    """Company, dates, accounts, currency and what the customer's record says."""
    settings, now, values = call.site.settings, call.now(), document.values
    account = settings.company_abbreviation
    posted = values.get("posting_date") or now[:10]
    due = date.fromisoformat(str(posted)[:10]) + timedelta(days=settings.payment_days)
    customer = _linked(call, "Customer", values.get("customer"))
    new = document.before is None
    plain = int(settings.disable_rounded_total) if new else values.get("disable_rounded_total")
    _fill(
        document,
        company=settings.company,
        customer_name=customer.get("customer_name") or values.get("customer"),
        customer_group=customer.get("customer_group"),
        territory=customer.get("territory"),
        posting_date=posted,
        due_date=due.isoformat(),
        currency=settings.currency,
        conversion_rate=1.0,
        price_list_currency=settings.currency,
        plc_conversion_rate=1.0,
        party_account_currency=settings.currency,
        debit_to=f"Debtors - {account}",
        against_income_account=f"Sales - {account}",
        disable_rounded_total=plain,
    )
    if not values.get("set_posting_time"):
        document.set(posting_time=now[11:])


def fill_item(call: Call, row: Row) -> None:
    """Name, units, accounts and the derived rates of one line."""
    account = call.site.settings.company_abbreviation
    item = _linked(call, "Item", row.get("item_code"))
    rate, quantity = to_float(row.get("rate")), to_float(row.get("qty"))
    unit = item.get("stock_uom") or "Nos"
    listed = _list_price(call, row.get("item_code")) or to_float(row.get("price_list_rate"))
    _fill_row(
        row,
        item_name=item.get("item_name") or row.get("item_code"),
        item_group=item.get("item_group"),
        description=item.get("description") or "",
        uom=unit,
        stock_uom=unit,
        conversion_factor=1.0,
        income_account=f"Sales - {account}",
        expense_account=f"Cost of Goods Sold - {account}",
        warehouse=f"Stores - {account}",
        cost_center=f"Main - {account}",
        item_tax_rate="{}",
        image="",
    )
    derived = dict.fromkeys(("base_rate", "net_rate", "base_net_rate", "stock_uom_rate"), rate)
    derived |= {"stock_qty": quantity, "price_list_rate": listed, "base_price_list_rate": listed}
    if listed and listed != rate:
        derived |= {"margin_rate_or_amount": rate - listed, "discount_amount": listed - rate}
        _fill_row(row, margin_type="Amount")
    row |= {name: value for name, value in derived.items() if name in row}


def _list_price(call: Call, item_code: Value) -> float:
    """The item's standard rate, where the site's Item has one."""
    return to_float(_linked(call, "Item", item_code).get("standard_rate"))


def _linked(call: Call, doctype: str, name: Value) -> Row:
    """The row of a linked document, empty when the site has none."""
    if not name or doctype not in call.site.forms:
        return {}
    form = call.site.form(doctype)
    row = call.site.db.execute(form.select_one, (name,)).fetchone()
    return dict(zip(form.columns, row, strict=True)) if row else {}


def _fill(document: Document, **values: Value) -> None:
    for name, value in values.items():
        if not document.values.get(name):
            document.set(**{name: value})


def _fill_row(row: Row, **values: Value) -> None:
    for name, value in values.items():
        if name in row and not row[name]:
            row[name] = value
