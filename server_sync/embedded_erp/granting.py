"""Who holds which role, and custom permissions that stand in for a doctype's own."""

# ruff: noqa: S608 - table names come from doctype definitions; values are bound.

from __future__ import annotations

from server_sync.embedded_erp.calls import Call
from server_sync.embedded_erp.documents import Document
from server_sync.embedded_erp.meta import DocPerm, Row
from server_sync.embedded_erp.site import Site
from server_sync.embedded_erp.values import to_int

CUSTOM = "Custom DocPerm"
RIGHTS = ("read", "write", "create", "delete", "submit", "cancel")


def perm_of(row: Row) -> DocPerm:
    """A permission from a DocPerm or Custom DocPerm row, whose rights are 0 and 1."""
    rights = {right: bool(to_int(row[right])) for right in RIGHTS}
    return DocPerm(role=str(row["role"]), permlevel=to_int(row["permlevel"]), **rights)


def load_custom_permissions(site: Site) -> None:
    """Let every stored Custom DocPerm count; for a site whose doctypes were just read."""
    table = site.form(CUSTOM).table
    for (parent,) in site.db.execute(f"SELECT DISTINCT parent FROM {table}").fetchall():
        _refresh(site, str(parent))


def custom_permission_changed(call: Call, document: Document) -> None:
    """A Custom DocPerm was written or deleted."""
    _refresh(call.site, str(document.values["parent"]))
    call.site.is_moving = True


def user_saved(call: Call, _document: Document) -> None:
    """A User was written: roles may have been given or taken."""
    call.site.refresh_roles()
    call.site.is_moving = True


def _refresh(site: Site, parent: str) -> None:
    site.forms.permit(parent, tuple(perm_of(row) for row in custom_rows(site, parent)))


def custom_rows(site: Site, parent: str) -> list[Row]:
    """Every Custom DocPerm of a doctype, the oldest first."""
    form = site.form(CUSTOM)
    found = site.db.execute(f"{form.select} WHERE parent = ? ORDER BY creation, name", (parent,))
    return [dict(zip(form.columns, row, strict=True)) for row in found.fetchall()]
