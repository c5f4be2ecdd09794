"""The composition root: from settings to accounts whose every dependency came in from outside."""

from field_app.compose.diagnosing import ask_once, make_runner
from field_app.compose.machine import Account, Live, Machine, SyncElsewhereError, answered

__all__ = [
    "Account",
    "Live",
    "Machine",
    "SyncElsewhereError",
    "answered",
    "ask_once",
    "make_runner",
]
