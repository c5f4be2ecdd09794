"""The permission manager's method: one role more on a doctype, standard rows kept."""

from __future__ import annotations

from dataclasses import fields

from server_sync.embedded_erp.calls import Call
from server_sync.embedded_erp.errors import no_document_permission
from server_sync.embedded_erp.granting import CUSTOM, custom_rows
from server_sync.embedded_erp.meta import SYSTEM_MANAGER, Row, Value
from server_sync.embedded_erp.saving import insert
from server_sync.embedded_erp.values import to_int


def add_permission(call: Call, sent: Row) -> Value:
    """The permission manager's `add`: copies standard rows first, so that nobody loses a right."""
    if SYSTEM_MANAGER not in call.user.roles:
        raise no_document_permission(call.user.email, CUSTOM)
    parent, role = str(sent["parent"]), str(sent["role"])
    level = to_int(sent.get("permlevel"))
    if not custom_rows(call.site, parent):
        for perm in call.site.form(parent).doctype.permissions:
            values = {part.name: getattr(perm, part.name) for part in fields(perm)}
            rights = {name: int(v) if isinstance(v, bool) else v for name, v in values.items()}
            insert(call, CUSTOM, {"parent": parent, **rights})
    held = {(row["role"], row["permlevel"]) for row in custom_rows(call.site, parent)}
    if (role, level) not in held:
        # Only `read` is sent, and the other rights default to yes: a real site's trap.
        insert(call, CUSTOM, {"parent": parent, "role": role, "permlevel": level, "read": 1})
