"""Billing put together: its own way to the ERP, its keys, the archive, Stripe or its stand-in."""

from collections.abc import Callable, Iterator
from typing import Final

import httpx

from field_core.pay_keys import SECRET_BYTES, read_ring
from server_sync.billing.archive import Archive
from server_sync.billing.bench import KEY as BENCH_KEY
from server_sync.billing.bench import URL as BENCH_URL
from server_sync.billing.bench import Bench
from server_sync.billing.counter import Counter
from server_sync.billing.desk import Desk, Shelf
from server_sync.billing.gate import Gate, StripeGate
from server_sync.billing.invoices import Invoices
from server_sync.billing.links import Links
from server_sync.billing.messages import EMAIL, SMS, Mailjet, Outbox, Sender, Twilio
from server_sync.billing.page import Pages
from server_sync.billing.payments import Payments
from server_sync.billing.posting import Posting
from server_sync.billing.printed import Company, Layout, printed
from server_sync.billing.referrals import Referrals
from server_sync.billing.rendering import facture_pdf
from server_sync.billing.samples import samples
from server_sync.billing.service import Billing
from server_sync.billing.till import Till
from server_sync.blobs import Blobs
from server_sync.clock import Clock
from server_sync.compose.embedded import EMBEDDED_URL
from server_sync.erp import Breaker, FrappeClient
from server_sync.logs import Log
from server_sync.ports import RunBlocking
from server_sync.qr import qr_image
from server_sync.settings import Settings
from server_sync.store.store import Store

_RAND_BYTES: Final = 6
PATH: Final = "/pay-public"
_SAMPLE_LINK: Final = f"https://client.gigafibre.ca/pay-public?t=v1.a.qr.{'A' * 72}.{'B' * 43}"


def make_billing(  # noqa: PLR0913 - what billing is made of, each part exchangeable
    settings: Settings,
    store: Store,
    blobs: Blobs,
    *,
    clock: Clock,
    entropy: Callable[[int], bytes],
    run: RunBlocking,
    log: Log,
    transport: httpx.AsyncBaseTransport | None,
    on_entered: Callable[[str], None],
    polled_ms: Callable[[], int | None],
) -> Billing | None:
    """Return billing, or None where no ERP is behind the server."""
    if not settings.erpnext_url and transport is None:
        return None
    till = Till(
        client=_client(settings, store, entropy=entropy, transport=transport),
        database=store.database,
        clock=clock,
        zone=settings.zone,
        run=run,
        log=log,
        ring=read_ring(_keys(settings, store, entropy)),
        page=settings.pay_page,
        company=company_of(settings),
    )
    archive = Archive(store.database, blobs.store, clock.now_ms)
    bench = _bench(settings, store, till, entropy)
    shelf = Shelf(clock.now_ms)

    def entered(doctype: str) -> None:
        shelf.clear()
        on_entered(doctype)

    payments = Payments(
        till,
        _gate(settings, bench),
        Posting(till, account=settings.payment_account),
        bench.secret if bench else settings.stripe_webhook_secret.get_secret_value(),
        entered,
    )
    invoices = Invoices(till, archive, layout_of(settings), settings.print_format_data)
    pages = Pages(till.company, PATH, is_bench=bench is not None)
    return Billing(
        till=till,
        invoices=invoices,
        payments=payments,
        counter=Counter(till, payments, pages),
        links=Links(till),
        referrals=Referrals(till, Posting(till, account=settings.referral_account)),
        outbox=Outbox(till, _senders(settings), blobs.store),
        desk=Desk(till, invoices, payments, shelf, polled_ms),
        bench=bench,
    )


def _bench(
    settings: Settings, store: Store, till: Till, entropy: Callable[[int], bytes]
) -> Bench | None:
    """Return the stand-in where it may be: on loopback, beside the embedded ERP, without a key."""
    if not settings.has_bench or settings.erpnext_url not in ("", EMBEDDED_URL):
        return None
    secret = store.setting("bench_secret", lambda: f"whsec_{entropy(SECRET_BYTES).hex()}")
    return Bench(store.database, till.now_ms, entropy, secret, f"{till.page}/bench")


def _gate(settings: Settings, bench: Bench | None) -> Gate | None:
    key = settings.stripe_secret_key.get_secret_value()
    if key:
        return StripeGate(key, url=settings.stripe_url)
    return StripeGate(BENCH_KEY, url=BENCH_URL, http=bench.answer) if bench else None


def _senders(settings: Settings) -> dict[str, Sender]:
    """Return who sends on the channels that are set up; what has nobody stays in the outbox."""
    found: dict[str, Sender] = {}
    if settings.twilio_account_sid:
        found[SMS] = Twilio(
            settings.twilio_url,
            settings.twilio_account_sid,
            settings.twilio_auth_token.get_secret_value(),
            settings.twilio_from_number,
        )
    if settings.mailjet_key:
        found[EMAIL] = Mailjet(
            settings.mailjet_url,
            settings.mailjet_key,
            settings.mailjet_secret.get_secret_value(),
            settings.mailjet_from,
        )
    return found


def company_of(settings: Settings) -> Company:
    """Return who sends the invoices."""
    return Company(
        name=settings.company_name,
        address=settings.company_address,
        phone=settings.company_phone,
        tps_number=settings.tps_number,
        tvq_number=settings.tvq_number,
    )


def layout_of(settings: Settings) -> Layout:
    """Return where the address lies."""
    return Layout(settings.address_top_mm, settings.address_left_mm)


def sample_pdfs(settings: Settings) -> Iterator[tuple[str, tuple[str, ...], bytes]]:
    """Yield a name, the address and the PDF of each sample, drawn with these settings."""
    qr = qr_image(_SAMPLE_LINK)
    for label, told in zip(("summary", "plain"), samples(), strict=True):
        data = printed(
            told,
            company=company_of(settings),
            layout=layout_of(settings),
            qr=qr,
            referral_code="7K3M9Q",
        )
        yield label, told.recipient, facture_pdf(data)


def _keys(settings: Settings, store: Store, entropy: Callable[[int], bytes]) -> str:
    return settings.pay_keys.get_secret_value() or store.setting(
        "pay_keys", lambda: f"a:{entropy(SECRET_BYTES).hex()}"
    )


def _client(
    settings: Settings,
    store: Store,
    *,
    entropy: Callable[[int], bytes],
    transport: httpx.AsyncBaseTransport | None,
) -> FrappeClient:
    """Return a client of billing's own: a slow sync does not hold a customer's payment up."""

    def rand() -> float:
        return int.from_bytes(entropy(_RAND_BYTES), "big") / 256**_RAND_BYTES

    return FrappeClient(
        settings.erpnext_url or EMBEDDED_URL,
        api_key=settings.erpnext_api_key,
        api_secret=settings.erpnext_api_secret.get_secret_value(),
        breaker=Breaker(rand=rand),
        now_ms=store.now_ms,
        transport=transport,
    )
