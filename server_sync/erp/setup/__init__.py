"""Setting up an ERPNext site for the field, and looking at whether it is set up and well."""

from server_sync.erp.setup.books import WantedAccount, WantedBooks
from server_sync.erp.setup.checking import Checker
from server_sync.erp.setup.copying import Mapped
from server_sync.erp.setup.installing import Installer, Outcome
from server_sync.erp.setup.plan import Plan, Weight
from server_sync.erp.setup.seeding import Seeder
from server_sync.erp.setup.verdicts import Check, Verdict
from server_sync.erp.setup.wanted import webhooks

__all__ = [
    "Check",
    "Checker",
    "Installer",
    "Mapped",
    "Outcome",
    "Plan",
    "Seeder",
    "Verdict",
    "WantedAccount",
    "WantedBooks",
    "Weight",
    "webhooks",
]
