"""The clerk's desk: customers, invoices and payments read on demand, kept some seconds (DV-02)."""

from server_sync.billing.desk.desk import Desk
from server_sync.billing.desk.shelf import Sheet, Shelf

__all__ = ["Desk", "Sheet", "Shelf"]
