"""Changes that go past the API: what a person with a database console does, for the simulation."""

# ruff: noqa: S608 - table and column names come from doctype definitions; values are bound.

from __future__ import annotations

from collections.abc import Sequence

from server_sync.embedded_erp.calls import Call
from server_sync.embedded_erp.deleting import remove
from server_sync.embedded_erp.documents import find
from server_sync.embedded_erp.forms import quoted
from server_sync.embedded_erp.meta import Value
from server_sync.embedded_erp.sessions import GUEST_USER
from server_sync.embedded_erp.site import Site


def edit_by_sql(site: Site, doctype: str, name: str, **values: Value) -> None:
    """Change columns and leave `modified` alone: no check, no Version, no webhook."""
    _update(site, doctype, [name], values)


def edit_many_by_sql(site: Site, doctype: str, names: Sequence[str], **values: Value) -> str:
    """`db.set_value` with a filter: every document gets the same `modified`, which is returned."""
    stamp = site.now()
    _update(site, doctype, names, {**values, "modified": stamp})
    return stamp


def delete_by_sql(site: Site, doctype: str, name: str) -> bool:
    """Remove a document and its rows without a Deleted Document; False when there was none."""
    document = find(site, site.form(doctype), name)
    if document is None:
        return False
    with site.db.transaction():
        remove(Call(site, GUEST_USER), document)
    return True


def _update(site: Site, doctype: str, names: Sequence[str], values: dict[str, Value]) -> None:
    form = site.form(doctype)
    stored = [form.stored(column, value) for column, value in values.items()]
    assignments = ", ".join(f"{quoted(column)} = ?" for column in values)
    with site.db.transaction():
        for name in names:
            site.db.execute(
                f"UPDATE {form.table} SET {assignments} WHERE name = ?", (*stored, name)
            )
