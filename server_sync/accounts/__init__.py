"""Who may come in: people, their devices, passwords, enrolment codes and tokens."""

from server_sync.accounts.accounts import Accounts, Lives, Session
from server_sync.accounts.devices import DeviceAsked, DeviceStatus, Identity
from server_sync.accounts.oidc import Company, CompanySignIn, Returned
from server_sync.accounts.passwords import Passwords
from server_sync.accounts.people import Person
from server_sync.accounts.tokens import Tokens

__all__ = [
    "Accounts",
    "Company",
    "CompanySignIn",
    "DeviceAsked",
    "DeviceStatus",
    "Identity",
    "Lives",
    "Passwords",
    "Person",
    "Returned",
    "Session",
    "Tokens",
]
