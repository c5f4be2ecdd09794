"""Password fields: the document holds stars, the value is kept apart and never read out."""

from __future__ import annotations

from server_sync.embedded_erp.calls import Call
from server_sync.embedded_erp.documents import Document


def keep_secrets(call: Call, document: Document) -> None:
    """Move the values of Password fields out of the document."""
    for item in document.form.passwords:
        value = document.values[item.fieldname]
        if not value or set(str(value)) == {"*"}:
            continue
        call.site.db.execute(
            "REPLACE INTO erp_secret VALUES (?, ?, ?, ?)",
            (document.form.name, document.values["name"], item.fieldname, str(value)),
        )
        document.values[item.fieldname] = "*" * len(str(value))


def secret(call: Call, doctype: str, name: str, fieldname: str) -> str:
    """The kept value, empty when there is none."""
    found = call.site.db.value(
        "SELECT value FROM erp_secret WHERE doctype = ? AND name = ? AND fieldname = ?",
        (doctype, name, fieldname),
    )
    return str(found or "")
