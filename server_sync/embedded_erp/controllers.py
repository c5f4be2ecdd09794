"""Doctypes with a behaviour of their own: what ERPNext's Python controllers do, by doctype name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from server_sync.embedded_erp import (
    file_content,
    granting,
    invoices,
    issues,
    metadata,
    payments,
    subscriptions,
)
from server_sync.embedded_erp.calls import Call
from server_sync.embedded_erp.documents import Document

Hook = Callable[[Call, Document], None]


def _nothing(_call: Call, _document: Document) -> None:
    """Do nothing."""


@dataclass(frozen=True, slots=True)
class Controller:
    """The hooks of one doctype, in Frappe's words."""

    validate: Hook = _nothing
    on_update: Hook = _nothing
    on_submit: Hook = _nothing
    on_cancel: Hook = _nothing
    after_delete: Hook = _nothing

    @property
    def validates(self) -> bool:
        """Whether `validate` may change the document."""
        return self.validate is not _nothing


_PLAIN = Controller()
_CONTROLLERS = {
    "Sales Invoice": Controller(
        invoices.validate, on_submit=invoices.on_submit, on_cancel=invoices.on_cancel
    ),
    "Payment Entry": Controller(
        payments.validate, on_submit=payments.on_submit, on_cancel=payments.on_cancel
    ),
    "Subscription": Controller(subscriptions.validate),
    "Issue": Controller(issues.validate),
    "DocType": Controller(on_update=metadata.doctype_saved),
    "Custom Field": Controller(on_update=metadata.custom_field_saved),
    "Property Setter": Controller(on_update=metadata.property_setter_saved),
    "Custom DocPerm": Controller(
        on_update=granting.custom_permission_changed,
        after_delete=granting.custom_permission_changed,
    ),
    "User": Controller(on_update=granting.user_saved),
    "File": Controller(file_content.validate, after_delete=file_content.after_delete),
}


def controller_of(doctype: str) -> Controller:
    """The controller of `doctype`; one that does nothing for most."""
    return _CONTROLLERS.get(doctype, _PLAIN)
