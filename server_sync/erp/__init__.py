"""The ERP side: what the office's ERPNext says is taken in, what the field did is written there."""

from server_sync.erp.breaker import Breaker
from server_sync.erp.client import FrappeClient
from server_sync.erp.service import ErpHealth, ErpService
from server_sync.erp.setup_meta import erp_doctypes

__all__ = ["Breaker", "ErpHealth", "ErpService", "FrappeClient", "erp_doctypes"]
