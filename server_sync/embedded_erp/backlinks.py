"""Who links to a document: a delete or cancel is refused while somebody does."""

# ruff: noqa: S608 - table and column names come from doctype definitions; values are bound.

from __future__ import annotations

from server_sync.embedded_erp.calls import Call
from server_sync.embedded_erp.catalogue import Link
from server_sync.embedded_erp.documents import Document
from server_sync.embedded_erp.errors import refused
from server_sync.embedded_erp.forms import quoted


def check_not_linked(call: Call, document: Document, *, submitted_only: bool = False) -> None:
    """Raise ErpError 417 LinkExistsError while another document links to this one."""
    for link in call.site.forms.links_to(document.form.name):
        holder = _holder(call, document, link, submitted_only=submitted_only)
        if holder is not None:
            target = _anchor(call, document.form.name, document.name)
            raise refused(
                f"Cannot delete or cancel because {target} is linked with "
                f"{_anchor(call, *holder)} ",
                "LinkExistsError",
            )


def _holder(
    call: Call, document: Document, link: Link, *, submitted_only: bool
) -> tuple[str, str] | None:
    """Doctype and name of one document that holds the link, children seen as their parent."""
    form = call.site.form(link.holder)
    shown = "parenttype, parent" if form.is_child else "NULL, name"
    sql = f"SELECT {shown} FROM {form.table} WHERE {quoted(link.field.fieldname)} = ?"
    sql += " AND docstatus = 1" if submitted_only else ""
    for holder_doctype, name in call.site.db.execute(sql, (document.name,)):
        holder = (holder_doctype or link.holder, name)
        if holder != (document.form.name, document.name):
            return holder
    return None


def _anchor(call: Call, doctype: str, name: str) -> str:
    slug = doctype.lower().replace(" ", "-")
    return f'{doctype} <a href="{call.site.settings.address}/desk/{slug}/{name}">{name}</a>'
