"""The shop of the other billing tests, with what the server holds of it."""

from tests.server.billing.conftest import browser, operator, shop

__all__ = ["browser", "operator", "shop"]
