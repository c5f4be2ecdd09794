"""The composition root: from settings to a server whose every dependency came in from outside."""

from server_sync.compose.calling import calling, rand
from server_sync.compose.deliveries import WithWorker
from server_sync.compose.embedded import (
    ERP_FILE,
    erp_insert,
    erp_update,
    open_embedded,
    with_embedded,
)
from server_sync.compose.lanes import Threads, run_in_place
from server_sync.compose.production import create
from server_sync.compose.server import Server, build, open_blobs, product_version

__all__ = [
    "ERP_FILE",
    "Server",
    "Threads",
    "WithWorker",
    "build",
    "calling",
    "create",
    "erp_insert",
    "erp_update",
    "open_blobs",
    "open_embedded",
    "product_version",
    "rand",
    "run_in_place",
    "with_embedded",
]
