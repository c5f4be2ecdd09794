"""The recorded site: its doctypes, users and roles, as far as the recordings show them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from server_sync.embedded_erp import (
    DocField,
    DocPerm,
    DocType,
    EmbeddedErp,
    ErpSiteSettings,
    ErpUser,
    create_embedded_erp,
    full_access,
)
from server_sync.embedded_erp.framework import DELETED_DOCUMENT, VERSION, WEBHOOK_REQUEST_LOG
from server_sync.embedded_erp.meta import CHILD_COLUMNS, STANDARD_COLUMNS
from server_sync.embedded_erp.settings import Flavour
from tests.contract.erp_recordings.recordings import Json, recording

ZONE: Final = ZoneInfo("America/Toronto")
SERVICE = ErpUser(
    "sync.service@example.test", "Service", ("Sync",), api_key="service", api_secret="one"
)
ADMIN = ErpUser(
    "sync.admin@example.test",
    "Admin",
    ("Sync", "System Manager", "Dispatcher"),
    api_key="admin",
    api_secret="two",
)
TECH_ONE = ErpUser(
    "tech.one@example.test",
    "TechOne",
    ("Technician",),
    api_key="tech",
    api_secret="three",
    password="right",
)
TECH_TWO = ErpUser("tech.two@example.test", "TechTwo", ("Technician",), password="right")
ACTORS: Final = {"service": SERVICE, "service_admin": ADMIN, "tech1": TECH_ONE}

_FULL = (full_access("Sync"), full_access("System Manager"))
_JOB_PERMISSIONS = (
    *_FULL,
    DocPerm("Technician", read=True, write=True),
    DocPerm("Dispatcher", read=True, write=True, permlevel=1),
)
_JOB_STATES = "Open\nScheduled\nDispatched\nEn Route\nOn Site\nCompleted\nCancelled"


class Clock:
    """A clock that stands where it was put."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 20, 23, 42, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def put(self, local: str) -> None:
        """Set to a naive site-local stamp."""
        self.moment = datetime.fromisoformat(local).replace(tzinfo=ZONE).astimezone(UTC)


def entropy() -> Iterator[bytes]:
    """Endless bytes, the same in every run."""
    number = 0
    while True:
        number += 1
        yield hashlib.sha512(str(number).encode()).digest()


def open_site(flavour: Flavour, clock: Clock) -> EmbeddedErp:
    """An empty recorded site."""
    blocks = entropy()
    settings = ErpSiteSettings(
        flavour=flavour,
        users=(SERVICE, ADMIN, TECH_ONE, TECH_TWO, ErpUser("Administrator")),
        company="Northwind Broadband Test",
        company_abbreviation="NBT",
    )
    return create_embedded_erp(
        ":memory:",
        doctypes=list(doctypes()),
        clock=clock,
        entropy=lambda size: next(blocks)[:size],
        settings=settings,
    )


def doctypes() -> Iterator[DocType]:
    """Every doctype of the recorded site that a recording touches."""
    yield from _field_service()
    yield from _probes()
    yield from _selling()
    for framework in (VERSION, DELETED_DOCUMENT, WEBHOOK_REQUEST_LOG):
        yield replace(framework, permissions=(*framework.permissions, DocPerm("Sync")))


def _plain(name: str, *fields: DocField, naming: str = "hash") -> DocType:
    return DocType(name, fields, naming=naming, permissions=_FULL)


def _child(name: str, *fields: DocField) -> DocType:
    return DocType(name, fields, is_child=True, permissions=())


def _field_service() -> Iterator[DocType]:
    f = DocField
    yield _plain(
        "Service Location",
        f("customer", "Link", "Customer"),
        f("location_name"),
        f("civic_address"),
        f("city"),
        f("latitude", "Float"),
        f("longitude", "Float"),
        f("status", "Select", "Active\nInactive", default="Active"),
        f("legacy_location_id", unique=True),
        naming="LOC-.#####",
    )
    yield _plain(
        "Service Equipment",
        f("serial_no", unique=True),
        f("status", "Select", "In Stock\nDeployed"),
        f("service_location", "Link", "Service Location"),
        naming="EQP-.#####",
    )
    yield _plain("Dispatch Technician", f("technician_name", reqd=True), naming="DT-.#####")
    yield _child("Dispatch Job Tag", f("tag"))
    yield _child(
        "Dispatch Job Equipment",
        f("equipment", "Link", "Service Equipment"),
        f("action", "Select", "Install\nInspect\nSwap\nRemove"),
        f("serial_no"),
        f("signal_dbm", "Float"),
        f("note", "Small Text"),
    )
    yield _child(
        "Dispatch Job Material",
        f("item", "Link", "Item"),
        f("description"),
        f("qty", "Float"),
        f("uom"),
        f("rate", "Currency"),
    )
    yield _child(
        "Dispatch Job Checklist",
        f("step"),
        f("done", "Check"),
        f("done_at", "Datetime"),
        f("note", "Small Text"),
    )
    yield _child(
        "Dispatch Job Photo",
        f("image", "Attach Image"),
        f("caption"),
        f("taken_at", "Datetime"),
        f("latitude", "Float"),
        f("longitude", "Float"),
        f("client_uuid"),
    )
    yield _dispatch_job()


def _dispatch_job() -> DocType:
    f = DocField
    fields = (
        f("subject", reqd=True),
        f("customer", "Link", "Customer"),
        f("service_location", "Link", "Service Location"),
        f("service_subscription"),
        f("issue", "Link", "Issue"),
        f("job_type", "Select", "Service Call\nInstall\nRepair"),
        f("status", "Select", _JOB_STATES),
        f("priority", "Select", "Low\nMedium\nHigh", default="Medium"),
        f("scheduled_date", "Date"),
        f("scheduled_time", "Time"),
        f("duration_minutes", "Int"),
        f("assigned_technician", "Link", "Dispatch Technician"),
        f("description", "Text"),
        f("work_notes", "Text"),
        f("signature", "Attach"),
        f("signed_by"),
        f("signed_at", "Datetime"),
        f("started_at", "Datetime"),
        f("completed_at", "Datetime"),
        f("office_only_note", permlevel=1),
        f("client_uuid", unique=True),
        f("legacy_dispatch_id", unique=True),
        f("tags", "Table", "Dispatch Job Tag"),
        f("equipment", "Table", "Dispatch Job Equipment"),
        f("materials", "Table", "Dispatch Job Material"),
        f("checklist", "Table", "Dispatch Job Checklist"),
        f("photos", "Table", "Dispatch Job Photo"),
    )
    return DocType("Dispatch Job", fields, naming="DJ-.#####", permissions=_JOB_PERMISSIONS)


def _probes() -> Iterator[DocType]:
    f = DocField
    fields = (
        f("client_id"),
        f("qty", "Int"),
        f("price", "Currency"),
        f("ratio", "Float"),
        f("flag", "Check"),
        f("level", "Select", "\nlow\nhigh"),
        f("needed", reqd=True, default="x"),
    )
    yield _plain("Probe Prompt", *fields, naming="prompt")
    yield _plain("Probe UUID", *fields, naming="UUID")


def _selling() -> Iterator[DocType]:
    f = DocField
    yield _plain(
        "Item",
        f("item_code"),
        f("item_name"),
        f("item_group"),
        f("stock_uom", default="Nos"),
        f("standard_rate", "Currency"),
        naming="field:item_code",
    )
    yield _customer()
    yield _issue()
    yield from _subscription()
    yield from _invoice()
    yield from _payment()


def _sampled(
    sample: Mapping[str, Json],
    *,
    types: Mapping[str, str] | None = None,
    defaults: Mapping[str, str] | None = None,
    links: Mapping[str, str] | None = None,
) -> tuple[DocField, ...]:
    """Fields read off a recorded document: numbers by their JSON type, texts as Data."""
    skipped = {*STANDARD_COLUMNS, *CHILD_COLUMNS, "doctype", "__unsaved"}
    types, defaults, links = types or {}, defaults or {}, links or {}
    return tuple(
        DocField(
            name,
            "Link" if name in links else types.get(name) or _type_of(value),
            links.get(name, ""),
            default=defaults.get(name),
            unique=name.startswith("legacy_"),
        )
        for name, value in sample.items()
        if name not in skipped and not isinstance(value, list)
    )


def _type_of(value: Json) -> str:
    return "Currency" if isinstance(value, float) else "Int" if isinstance(value, int) else "Data"


def _customer() -> DocType:
    sample = recording("insert_customer").document
    defaults = {"naming_series": "CUST-.YYYY.-", "language": "en"}
    tables = [
        ("accounts", "Party Account"),
        ("credit_limits", "Customer Credit Limit"),
        ("companies", "Allowed To Transact With"),
        ("sales_team", "Sales Team"),
        ("portal_users", "Portal User"),
        ("supplier_numbers", "Supplier Number At Customer"),
    ]
    fields = (*_sampled(sample, defaults=defaults), *_tables(tables))
    return _plain("Customer", *fields, naming="title:customer_name")


def _tables(tables: list[tuple[str, str]]) -> tuple[DocField, ...]:
    return tuple(DocField(name, "Table", child) for name, child in tables)


def _issue() -> DocType:
    defaults = {"naming_series": "ISS-.YYYY.-", "status": "Open", "company": ":Company"}
    types = {"opening_date": "Date"}
    sample = recording("issue_insert").document
    fields = _sampled(sample, types=types, defaults=defaults, links={"customer": "Customer"})
    return _plain("Issue", *fields, naming="naming_series:")


def _subscription() -> Iterator[DocType]:
    yield _child("Subscription Plan Detail", DocField("plan"), DocField("qty", "Int"))
    sample = recording("subscription_insert").document
    dates = ("start_date", "current_invoice_start", "current_invoice_end")
    defaults = {
        "submit_invoice": "1",
        "generate_invoice_at": "End of the current subscription period",
        "apply_additional_discount": "",
        "cost_center": "Main - NBT",
    }
    fields = _sampled(sample, types=dict.fromkeys(dates, "Date"), defaults=defaults)
    plans = DocField("plans", "Table", "Subscription Plan Detail", reqd=True)
    yield _plain("Subscription", *fields, plans, naming="ACC-SUB-.YYYY.-.#####")


INVOICE_DEFAULTS: Final = {
    "naming_series": "ACC-SINV-.YYYY.-",
    "update_outstanding_for_self": "1",
    "update_billed_amount_in_delivery_note": "1",
    "selling_price_list": "Standard Selling",
    "tax_category": "",
    "apply_discount_on": "Grand Total",
    "po_no": "",
    "is_opening": "No",
    "letter_head": "Company Letterhead - Grey",
    "language": "en",
}
_INVOICE_TABLES = [
    ("tax_withholding_entries", "Tax Withholding Entry"),
    ("item_wise_tax_details", "Item Wise Tax Detail"),
    ("pricing_rules", "Pricing Rule Detail"),
    ("packed_items", "Packed Item"),
    ("timesheets", "Sales Invoice Timesheet"),
    ("payments", "Sales Invoice Payment"),
    ("advances", "Sales Invoice Advance"),
    ("payment_schedule", "Payment Schedule"),
    ("sales_team", "Sales Team"),
]


def _invoice() -> Iterator[DocType]:
    sample = recording("sales_invoice_submit_v2_method").document
    item_defaults = {"apply_tds": "1", "grant_commission": "1"}
    yield _child("Sales Invoice Item", *_sampled(sample["items"][0], defaults=item_defaults))
    yield _child(
        "Sales Taxes and Charges",
        DocField("charge_type", "Select", "\nActual\nOn Net Total\nOn Previous Row Total"),
        DocField("account_head"),
        DocField("description"),
        DocField("rate", "Float"),
        DocField("tax_amount", "Currency"),
        DocField("total", "Currency"),
    )
    schedule = sample["payment_schedule"][0]
    yield _child("Payment Schedule", *_sampled(schedule, types={"due_date": "Date"}))
    for name in {child for _, child in (*_INVOICE_TABLES, *_customer_tables())}:
        if name != "Payment Schedule":
            yield _child(name)
    types = {"posting_date": "Date", "due_date": "Date", "posting_time": "Time"}
    scalars = _sampled(
        sample, types=types, defaults=INVOICE_DEFAULTS, links={"customer": "Customer"}
    )
    tables = (
        DocField("items", "Table", "Sales Invoice Item"),
        DocField("taxes", "Table", "Sales Taxes and Charges"),
        *_tables(_INVOICE_TABLES),
    )
    labelled = tuple(
        replace(item, label="Payment Due Date") if item.fieldname == "due_date" else item
        for item in scalars
    )
    yield replace(
        _plain("Sales Invoice", *labelled, *tables, naming="naming_series:"), is_submittable=True
    )


def _customer_tables() -> list[tuple[str, str]]:
    return [(f.fieldname, f.options) for f in _customer().fields if f.fieldtype == "Table"]


def _payment() -> Iterator[DocType]:
    sample = recording("payment_entry_cancel").document
    yield _child("Payment Entry Reference", *_sampled(sample["references"][0]))
    for name in ("Advance Taxes and Charges", "Payment Entry Deduction"):
        yield _child(name)
    tables = [
        ("references", "Payment Entry Reference"),
        ("taxes", "Advance Taxes and Charges"),
        ("deductions", "Payment Entry Deduction"),
        ("tax_withholding_entries", "Tax Withholding Entry"),
    ]
    defaults = {"naming_series": "ACC-PAY-.YYYY.-", "payment_order_status": "Initiated"}
    types = {"remarks": "Small Text", "in_words": "Small Text", "base_in_words": "Small Text"}
    fields = (*_sampled(sample, types=types, defaults=defaults), *_tables(tables))
    yield replace(_plain("Payment Entry", *fields, naming="naming_series:"), is_submittable=True)
