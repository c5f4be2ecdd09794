"""What a user may do: role permissions on the doctype, permlevels on fields.

User Permissions (per linked record) are not imitated: the service users of this project see all.
"""

from __future__ import annotations

from typing import Literal

from server_sync.embedded_erp.calls import Call
from server_sync.embedded_erp.errors import no_document_permission, no_list_permission
from server_sync.embedded_erp.forms import Form
from server_sync.embedded_erp.meta import EVERYONE, DocPerm
from server_sync.embedded_erp.settings import ErpUser

Right = Literal["read", "write", "create", "delete", "submit", "cancel"]
_ADMINISTRATOR = "Administrator"
_NO_ROLES_BUT_ITS_OWN = "Guest"


def check_list(call: Call, form: Form, parent: str | None = None) -> None:
    """Raise ErpError 403 unless the user may list `form`; a child doctype needs its parent."""
    governing = form
    if form.is_child:
        if not parent or parent not in call.site.forms:
            raise no_list_permission(form.name, guest=call.is_guest)
        governing = call.site.form(parent)
    if not may(call.user, governing, "read"):
        raise no_list_permission(form.name, guest=call.is_guest)


def check_document(call: Call, form: Form, right: Right) -> None:
    """Raise ErpError 403 unless the user has `right` on documents of `form`."""
    if form.is_child:
        if any(may(call.user, parent, right) for parent in _parents(call, form)):
            return
    elif may(call.user, form, right):
        return
    raise no_document_permission(call.user.email, form.name)


def may(user: ErpUser, form: Form, right: Right) -> bool:
    """Whether a role of `user` gives `right` on `form` at level 0."""
    if user.email == _ADMINISTRATOR:
        return True
    asked = (user.roles, right)
    if asked not in form.granted:
        form.granted[asked] = any(
            getattr(perm, right)
            for perm in form.permissions
            if perm.permlevel == 0 and _has(user, perm)
        )
    return form.granted[asked]


def hidden_fields(user: ErpUser, form: Form, right: Right) -> frozenset[str]:
    """Fields of a higher permlevel that `user` has no `right` on; usually none."""
    if not form.guarded or user.email == _ADMINISTRATOR:
        return frozenset()
    levels = {p.permlevel for p in form.permissions if getattr(p, right) and _has(user, p)}
    return frozenset(f.fieldname for f in form.guarded if f.permlevel not in levels)


def _has(user: ErpUser, perm: DocPerm) -> bool:
    if perm.role == EVERYONE:
        return user.roles != (_NO_ROLES_BUT_ITS_OWN,)
    return perm.role in user.roles


def _parents(call: Call, form: Form) -> list[Form]:
    return [call.site.form(name) for name, _ in call.site.forms.parents_of(form.name)]
