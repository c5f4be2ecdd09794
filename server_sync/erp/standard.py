"""The doctypes that ERPNext brings itself, and which fields on them are this company's own."""

from collections.abc import Mapping
from typing import Final

from server_sync.embedded_erp.meta import CUSTOM_MODULE, DocField, DocType

MODULES: Final[Mapping[str, str]] = {
    "Customer": "Selling",
    "Item": "Stock",
    "Issue": "Support",
    "Subscription": "Accounts",
    "Sales Invoice": "Accounts",
    "Sales Invoice Item": "Accounts",
    "Sales Taxes and Charges": "Accounts",
    "Payment Entry": "Accounts",
    "Payment Entry Reference": "Accounts",
}
"""Each with the module it belongs to; whatever is not here was made for the field."""

_SYNCED: Final = ("sync_key", "sync_technician", "sync_device", "sync_client_time")
OURS: Final[Mapping[str, frozenset[str]]] = {
    "Customer": frozenset(
        {"legacy_account_id", "legacy_customer_id", "ppa_enabled", "stripe_id", *_SYNCED}
    ),
    "Item": frozenset({"legacy_product_id", "download_speed", "upload_speed", "olt_profile"}),
    "Issue": frozenset(
        {"legacy_ticket_id", "assigned_staff", "is_important", "service_location", *_SYNCED}
    ),
    "Subscription": frozenset({"radius_user", "radius_pwd", "legacy_service_id"}),
    "Sales Invoice": frozenset({"service_contract", "legacy_invoice_id", "facture_data", *_SYNCED}),
    "Sales Invoice Item": frozenset({"service_location"}),
    "Payment Entry": frozenset({"idempotency_key", *_SYNCED}),
}
"""Fields that ERPNext does not have and that are added as Custom Fields.

Items and invoice lines get no `sync_key`: no device makes them, and a unique column on 1.6 million
lines would cost the site an hour for nothing.
"""

SUBSCRIPTION: Final = DocType(
    "Subscription",
    (
        DocField("party_type"),
        DocField("party"),
        DocField("status", "Select", "\nTrialing\nActive\nGrace Period\nCancelled\nUnpaid"),
        DocField("start_date", "Date"),
        DocField("current_invoice_start", "Date"),
        DocField("current_invoice_end", "Date"),
        DocField("radius_user"),
        DocField("radius_pwd", "Password"),
        DocField("legacy_service_id"),
    ),
    naming="ACC-SUB-.YYYY.-.#####",
    module="Accounts",
)
"""ERPNext's own billing rhythm: not replicated, so no model describes it."""


def is_standard(doctype: str) -> bool:
    """Whether ERPNext brings the doctype."""
    return doctype in MODULES


def module_of(doctype: str) -> str:
    """The module a doctype belongs to; the custom one for what was made for the field."""
    return MODULES.get(doctype, CUSTOM_MODULE)


def without_ours(doctype: DocType) -> DocType:
    """A standard doctype as ERPNext ships it."""
    ours = OURS.get(doctype.name, frozenset()) | {*_SYNCED}
    kept = tuple(item for item in doctype.fields if item.fieldname not in ours)
    return DocType(
        doctype.name,
        kept,
        naming=doctype.naming,
        is_child=doctype.is_child,
        is_submittable=doctype.is_submittable,
        permissions=doctype.permissions,
        module=doctype.module,
    )
