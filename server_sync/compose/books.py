"""What the money of these settings needs in ERPNext's books."""

from collections.abc import Iterator

from server_sync.billing.ledger import CARD, DEBIT
from server_sync.billing.referrals import MODE as REFERRAL
from server_sync.erp.setup import WantedAccount, WantedBooks
from server_sync.settings import Settings

_MODES = {CARD: "Bank", DEBIT: "Bank", REFERRAL: "General"}


def wanted_books(settings: Settings) -> WantedBooks:
    """Return what terminations, payments and referrals name."""
    return WantedBooks(
        item=settings.termination_item,
        item_setting="TERMINATION_ITEM",
        item_title="Frais de résiliation",
        modes=_MODES,
        accounts=tuple(_accounts(settings)),
    )


def _accounts(settings: Settings) -> Iterator[WantedAccount]:
    yield WantedAccount("TPS_ACCOUNT", settings.tps_account, "the TPS of a termination fee")
    yield WantedAccount("TVQ_ACCOUNT", settings.tvq_account, "the TVQ of a termination fee")
    if settings.payment_account or settings.stripe_secret_key.get_secret_value():
        purpose = "where payments by card and debit arrive"
        yield WantedAccount("PAYMENT_ACCOUNT", settings.payment_account, purpose)
    if settings.referral_account:
        purpose = "what referral credits are charged to"
        yield WantedAccount("REFERRAL_ACCOUNT", settings.referral_account, purpose)
