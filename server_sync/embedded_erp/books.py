"""What of ERPNext's books other documents only name: modes of payment, accounts, groups, units.

The embedded ERP keeps no general ledger, so nothing is posted to them; an administrator and
`erp install` find and make them as on a site.
"""

from __future__ import annotations

from server_sync.embedded_erp.meta import SYSTEM_MANAGER, DocField, DocType, full_access

_PERMISSIONS = (full_access(SYSTEM_MANAGER),)

MODE_OF_PAYMENT = DocType(
    "Mode of Payment",
    (
        DocField("mode_of_payment", reqd=True, unique=True),
        DocField("enabled", "Check", default="1"),
        DocField("type", "Select", "Cash\nBank\nGeneral\nPhone\nCredit Note"),
    ),
    naming="field:mode_of_payment",
    permissions=_PERMISSIONS,
    module="Accounts",
)
ACCOUNT = DocType(
    "Account",
    (
        DocField("account_name", reqd=True),
        DocField("account_type"),
        DocField("is_group", "Check"),
        DocField("disabled", "Check"),
    ),
    naming="prompt",
    permissions=_PERMISSIONS,
    module="Accounts",
)
ITEM_GROUP = DocType(
    "Item Group",
    (DocField("item_group_name", reqd=True, unique=True), DocField("is_group", "Check")),
    naming="field:item_group_name",
    permissions=_PERMISSIONS,
    module="Setup",
)
UOM = DocType(
    "UOM",
    (DocField("uom_name", reqd=True, unique=True), DocField("enabled", "Check", default="1")),
    naming="field:uom_name",
    permissions=_PERMISSIONS,
    module="Setup",
)
BOOKS_DOCTYPES = (MODE_OF_PAYMENT, ACCOUNT, ITEM_GROUP, UOM)
