"""How our doctypes look on ERPNext's desk: what a list shows, what a link is called by.

A doctype without these works the same for us, and is a list of bare numbers for the office.
"""

from collections.abc import Mapping
from typing import Any, Final

from field_core.doctypes import DOCTYPES
from server_sync.embedded_erp.meta import TABLE_TYPES, DocField, DocType

Row = dict[str, Any]

TITLES: Final[Mapping[str, str]] = {
    "Dispatch Job": "subject",
    "Dispatch Technician": "full_name",
    "Service Location": "civic_address",
    "Service Subscription": "plan_name",
}
"""What stands for a document whose name is a number."""
LISTED: Final[Mapping[str, tuple[str, ...]]] = {
    "Dispatch Job": ("scheduled_date", "assigned_technician", "status", "service_location"),
    "Dispatch Technician": ("status", "phone", "email"),
    "Dispatch Tag": ("tag_type", "label_fr"),
    "Flow Template": ("label_fr", "version", "disabled"),
    "Flow Run": ("flow_template", "dispatch_job", "status"),
    "Service Location": ("customer", "city", "status"),
    "Service Equipment": ("equipment_type", "status", "serial_no", "service_location"),
    "Service Contract": ("customer", "status", "end_date"),
    "Service Subscription": ("customer", "status", "service_location"),
}
COLUMNS_MAX: Final = 4
"""A grid of child rows has room for about so many."""
_NEVER_LISTED: Final = frozenset({*TABLE_TYPES, "Text", "JSON", "Attach", "Password"})
_POSITION: Final = frozenset({"latitude", "longitude"})
_POSITION_DECIMALS: Final = "6"
"""A tenth of a metre; the desk's own three decimals are a hundred metres."""
_SYNC_PREFIX: Final = "sync_"


def doctype_looks(doctype: DocType) -> Row:
    """What a new DocType says about itself beside its fields and rights."""
    title = TITLES.get(doctype.name, "")
    spec = DOCTYPES.get(doctype.name)
    searched = [name for name, column in spec.columns.items() if column.searched] if spec else []
    return {
        "naming_rule": _naming_rule(doctype),
        "title_field": title,
        "show_title_field_in_link": int(bool(title)),
        "search_fields": ",".join(searched),
    }


def field_looks(doctype: DocType, item: DocField) -> Row:
    """What a field of ours says about how it is shown."""
    looks: Row = {"in_list_view": int(item.fieldname in _listed(doctype))}
    if item.fieldname in _POSITION:
        looks["precision"] = _POSITION_DECIMALS
    return looks


def _listed(doctype: DocType) -> tuple[str, ...]:
    """The columns of a list, or of the grid that a child table is edited in."""
    if not doctype.is_child:
        return LISTED.get(doctype.name, ())
    shown = [
        f.fieldname
        for f in doctype.fields
        if f.fieldtype not in _NEVER_LISTED and not f.fieldname.startswith(_SYNC_PREFIX)
    ]
    return tuple(shown[:COLUMNS_MAX])


def _naming_rule(doctype: DocType) -> str:
    """The choice that the desk's form shows for `autoname`; without it, saving there resets it."""
    if doctype.is_child or doctype.naming == "hash":
        return "Random"
    return "By fieldname" if doctype.naming.startswith("field:") else "Expression (old style)"
