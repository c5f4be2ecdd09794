"""The ERP's doctypes as the models need them: what the embedded ERP is made of.

Derived from `field_core.doctypes`, so that a field added to a model is there in the demo and in
every test. Standard ERPNext doctypes are cut down to what the models and the embedded ERP's
accounting use; on a real site they exist already and `erp.setup` adds what `standard` names.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from field_core.doctypes import DOCTYPES, Spec
from field_core.fields import Column, Kind
from server_sync.embedded_erp.meta import DocField, DocType
from server_sync.erp.standard import SUBSCRIPTION, is_standard, module_of, without_ours

SYNC_FIELDS: Final = (
    DocField("sync_key", "Data", unique=True),
    DocField("sync_technician", "Data"),
    DocField("sync_device", "Data"),
    DocField("sync_client_time", "Datetime"),
)
"""On documents and on their rows. The key makes a repeat recognisable; the others say who really
did it: with a service token `owner` and `modified_by` are the service user."""

_STANDARD: Final = frozenset({"id", "name", "docstatus"})
_EXTRA: Final[Mapping[str, tuple[DocField, ...]]] = {
    "Service Subscription": (DocField("radius_password", "Password"),),
    "Sales Invoice": (
        DocField("company"),
        DocField("customer_name"),
        DocField("debit_to"),
        DocField("total", "Currency"),
        DocField("rounding_adjustment", "Currency"),
        DocField("disable_rounded_total", "Check"),
        DocField("is_return", "Check"),
        DocField("facture_data", "Long Text", allow_on_submit=True),
    ),
    "Sales Invoice Item": (DocField("uom"), DocField("income_account")),
    "Sales Taxes and Charges": (DocField("total", "Currency"),),
    "Payment Entry": (
        DocField("company"),
        DocField("party_name"),
        DocField("paid_from"),
        DocField("paid_to"),
        DocField("total_allocated_amount", "Currency"),
        DocField("unallocated_amount", "Currency"),
        DocField("difference_amount", "Currency"),
        DocField("idempotency_key", unique=True),
    ),
    "Payment Entry Reference": (
        DocField("due_date", "Date"),
        DocField("total_amount", "Currency"),
        DocField("outstanding_amount", "Currency"),
    ),
}
"""What no model describes: ERPNext computes with it, or it must never leave the ERP."""


def erp_doctypes() -> list[DocType]:
    """Return every doctype of the site, child tables first."""
    found: dict[str, DocType] = {}
    for spec in DOCTYPES.values():
        if spec.is_in_erp:
            found |= {doctype.name: doctype for doctype in _with_tables(spec)}
    return [*found.values(), SUBSCRIPTION]


def bare_doctypes() -> list[DocType]:
    """Return the doctypes of a site on which nothing was set up for the field yet."""
    return [without_ours(doctype) for doctype in erp_doctypes() if is_standard(doctype.name)]


def _with_tables(spec: Spec) -> Iterator[DocType]:
    for inner in spec.tables.values():
        yield DocType(
            inner.doctype,
            (*_fields(inner), *SYNC_FIELDS),
            is_child=True,
            permissions=(),
            module=module_of(inner.doctype),
        )
    tables = tuple(DocField(name, "Table", inner.doctype) for name, inner in spec.tables.items())
    yield DocType(
        spec.doctype,
        (*_fields(spec), *tables, *SYNC_FIELDS),
        naming=spec.naming,
        is_submittable=spec.is_submittable,
        module=module_of(spec.doctype),
    )


def _fields(spec: Spec) -> tuple[DocField, ...]:
    described = (
        _field(name, column)
        for name, column in spec.columns.items()
        if name not in _STANDARD and not column.local
    )
    return (*described, *_EXTRA.get(spec.doctype, ()))


def _field(name: str, column: Column) -> DocField:
    options = column.options
    if column.kind is Kind.SELECT:
        options = f"\n{options}"  # else Frappe would fill in the first choice by itself
    return DocField(
        name,
        column.kind.value,
        options,
        reqd=column.required,
        unique=column.unique,
        search_index=column.indexed,
    )
