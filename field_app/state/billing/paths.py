"""Where the server answers what the screens of billing ask."""

from typing import Final
from urllib.parse import quote, urlencode

from field_core.office import Panel

DOOR: Final = "/v1/door"
TERMINATIONS: Final = "/v1/terminations"


def _with(path: str, **query: str) -> str:
    given = {name: value for name, value in query.items() if value}
    return f"{path}?{urlencode(given)}" if given else path


def customers(typed: str) -> str:
    """Return where customers are looked for."""
    return _with("/v1/customers", q=typed)


def panel(customer: str, wanted: Panel, after: str = "") -> str:
    """Return where one panel of a customer is told."""
    return _with(f"/v1/customers/{quote(customer, safe='')}/{wanted}", after=after)


def invoices(which: str, after: str = "") -> str:
    """Return where everybody's invoices are told."""
    return _with("/v1/invoices", which=which, after=after)


def invoice(name: str, part: str = "") -> str:
    """Return where an invoice, or a part of it, is told."""
    return f"/v1/invoices/{quote(name, safe='')}{part}"


def subscription(name: str) -> str:
    """Return where a subscription is removed."""
    return f"/v1/subscriptions/{quote(name, safe='')}"


def contract(name: str, part: str = "") -> str:
    """Return where a contract, or a part of it, is told."""
    return f"/v1/contracts/{quote(name, safe='')}{part}"
