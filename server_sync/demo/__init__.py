"""An invented company for tests, the demo and screenshots: `company` makes it, `load` stores it."""

from server_sync.demo.accounts import PASSWORD, Account
from server_sync.demo.company import Cast, Company, company
from server_sync.demo.loading import Insert, Names, Update, load

__all__ = [
    "PASSWORD",
    "Account",
    "Cast",
    "Company",
    "Insert",
    "Names",
    "Update",
    "company",
    "load",
]
