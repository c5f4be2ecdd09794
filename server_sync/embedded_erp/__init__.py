"""A Frappe-dialect ERP on SQLite: answers like an ERPNext v16 site, in process or on a port."""

from server_sync.embedded_erp.app import EmbeddedErp, LateWrite, create_embedded_erp
from server_sync.embedded_erp.faults import ConnectionLost, Fault, Faults, HeldCommit
from server_sync.embedded_erp.meta import DocField, DocPerm, DocType, full_access
from server_sync.embedded_erp.settings import ErpSiteSettings, ErpUser

__all__ = [
    "ConnectionLost",
    "DocField",
    "DocPerm",
    "DocType",
    "EmbeddedErp",
    "ErpSiteSettings",
    "ErpUser",
    "Fault",
    "Faults",
    "HeldCommit",
    "LateWrite",
    "create_embedded_erp",
    "full_access",
]
