"""The ERP side: what the office's ERPNext says is taken in, what the field did is written there."""

from server_sync.erp.breaker import Breaker
from server_sync.erp.client import FrappeClient
from server_sync.erp.importing import Imported, first_import
from server_sync.erp.patience import Patience
from server_sync.erp.service import ErpHealth, ErpService
from server_sync.erp.setup_meta import bare_doctypes, erp_doctypes

__all__ = [
    "Breaker",
    "ErpHealth",
    "ErpService",
    "FrappeClient",
    "Imported",
    "Patience",
    "bare_doctypes",
    "erp_doctypes",
    "first_import",
]
