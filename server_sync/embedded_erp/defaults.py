"""Default values of new documents and rows."""

from __future__ import annotations

from server_sync.embedded_erp.calls import Call
from server_sync.embedded_erp.forms import Form
from server_sync.embedded_erp.meta import DocField, Row, Value


def fill_defaults(call: Call, form: Form, row: Row) -> None:
    """Set what was not sent: the field's default, or the first choice of a Select."""
    for item in form.fields.values():
        if row[item.fieldname] is None:
            row[item.fieldname] = _default(call, item)


def _default(call: Call, item: DocField) -> Value:
    if item.default is None:
        return item.choices[0] if item.fieldtype == "Select" and item.choices else None
    match item.default.lower():
        case "today":
            return call.now()[:10]
        case "now":
            return call.now()[11:] if item.fieldtype == "Time" else call.now()
        case "__user" | "user":
            return call.user.email
        case ":company":
            return call.site.settings.company
        case _:
            return item.default
