"""Contracts put together, over what billing stands on."""

from collections.abc import Awaitable, Callable
from typing import Final

from field_core.pay_keys import SECRET_BYTES
from server_sync.billing.service import Billing
from server_sync.blobs import Blobs
from server_sync.compose.embedded import EMBEDDED_URL
from server_sync.contracts.acceptance.acceptances import Acceptances
from server_sync.contracts.acceptance.docuseal import Docuseal
from server_sync.contracts.acceptance.docuseal_bench import TOKEN, URL, DocusealBench
from server_sync.contracts.acceptance.page import AcceptPage
from server_sync.contracts.acceptance.telling import Telling
from server_sync.contracts.carrying import Carrying
from server_sync.contracts.endings import Endings
from server_sync.contracts.removals import Removals
from server_sync.contracts.service import Contracts
from server_sync.contracts.terms import Terms
from server_sync.settings import Settings
from server_sync.store.store import Store

PATH: Final = "/contract-accept"


def make_contracts(
    settings: Settings,
    billing: Billing,
    store: Store,
    blobs: Blobs,
    *,
    entropy: Callable[[int], bytes],
    on_changed: Callable[[str], None],
    let_go: Callable[[str, str], Awaitable[None]],
) -> Contracts:
    """Return the contracts of a server."""
    till = billing.till

    def changed(doctype: str) -> None:
        billing.desk.shelf.clear()
        on_changed(doctype)

    bench = _bench(settings, billing, store, entropy)
    terms = terms_of(settings)
    carrying = Carrying(till, terms, changed)
    return Contracts(
        till,
        endings=Endings(till, terms, carrying),
        carrying=carrying,
        removals=Removals(till, changed, let_go),
        acceptances=Acceptances(
            till,
            blobs.store,
            entropy,
            settings.accept_page,
            _docuseal(settings, bench),
            Telling(till),
            settings.follow_crtc,
        ),
        docuseal_secret=bench.secret
        if bench
        else settings.docuseal_webhook_secret.get_secret_value(),
        page=AcceptPage(till.company, PATH),
        bench=bench,
    )


def _bench(
    settings: Settings, billing: Billing, store: Store, entropy: Callable[[int], bytes]
) -> DocusealBench | None:
    """Return the stand-in where Stripe's stands in too, and no DocuSeal is set up."""
    if billing.bench is None or settings.docuseal_url:
        return None
    assert settings.erpnext_url in ("", EMBEDDED_URL), "the bench stands beside the embedded ERP"
    secret = store.setting("docuseal_secret", lambda: entropy(SECRET_BYTES).hex())
    return DocusealBench(store.database, billing.till.now_ms, entropy, secret)


def _docuseal(settings: Settings, bench: DocusealBench | None) -> Docuseal | None:
    if settings.docuseal_url:
        return Docuseal(settings.docuseal_url, settings.docuseal_token.get_secret_value())
    return Docuseal(URL, TOKEN, bench) if bench else None


def terms_of(settings: Settings) -> Terms:
    """Return what the operator decided."""
    return Terms(
        follows_crtc=settings.follow_crtc,
        is_tax_included=settings.termination_tax_included,
        item=settings.termination_item,
        tps_account=settings.tps_account,
        tvq_account=settings.tvq_account,
    )
