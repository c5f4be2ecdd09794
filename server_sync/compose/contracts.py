"""Contracts put together, over what billing stands on."""

from collections.abc import Callable

from server_sync.billing.service import Billing
from server_sync.contracts.endings import Endings
from server_sync.contracts.removals import Removals
from server_sync.contracts.service import Contracts
from server_sync.contracts.terms import Terms
from server_sync.settings import Settings


def make_contracts(
    settings: Settings, billing: Billing, *, on_changed: Callable[[str], None]
) -> Contracts:
    """Return the contracts of a server."""
    till = billing.till
    return Contracts(
        till, endings=Endings(till, terms_of(settings), on_changed), removals=Removals(till)
    )


def terms_of(settings: Settings) -> Terms:
    """Return what the operator decided."""
    return Terms(
        follows_crtc=settings.follow_crtc,
        is_tax_included=settings.termination_tax_included,
        item=settings.termination_item,
        tps_account=settings.tps_account,
        tvq_account=settings.tvq_account,
    )
