"""Reading labels put together: kept answers, the day's allowance, Gemini or its stand-in."""

from collections.abc import Callable
from typing import Final

import httpx

from server_sync.blobs import Blobs
from server_sync.clock import Clock
from server_sync.compose.embedded import EMBEDDED_URL
from server_sync.erp import Breaker
from server_sync.logs import Log
from server_sync.ocr.answers import Answers
from server_sync.ocr.bench import KEY as BENCH_KEY
from server_sync.ocr.bench import MODEL as BENCH_MODEL
from server_sync.ocr.bench import URL as BENCH_URL
from server_sync.ocr.bench import Bench
from server_sync.ocr.model import LabelModel
from server_sync.ocr.service import Clocks, Ocr
from server_sync.ocr.spending import Allowance, Spending
from server_sync.ports import RunBlocking
from server_sync.settings import Settings
from server_sync.store.store import Store

_RAND_BYTES: Final = 6


def make_ocr(
    settings: Settings,
    store: Store,
    blobs: Blobs,
    *,
    clock: Clock,
    entropy: Callable[[int], bytes],
    now_s: Callable[[], float],
    run: RunBlocking,
    log: Log,
) -> Ocr:
    """Return what reads labels; without a key it reads codes alone and says so."""

    def rand() -> float:
        return int.from_bytes(entropy(_RAND_BYTES), "big") / 256**_RAND_BYTES

    allowance = Allowance(each=settings.ocr_daily_each, together=settings.ocr_daily)
    return Ocr(
        blobs,
        Answers(store.database, now_ms=clock.now_ms),
        Spending(store.database, allowance, now_ms=clock.now_ms, zone=settings.zone),
        model=_model(settings),
        breaker=Breaker(rand=rand),
        clocks=Clocks(clock.now_ms, now_s),
        run=run,
        log=log,
    )


def _model(settings: Settings) -> LabelModel | None:
    key = settings.gemini_api_key.get_secret_value()
    if key:
        http = httpx.AsyncClient(trust_env=True)
        return _gemini(key, settings.gemini_model, settings.gemini_url, http)
    if settings.has_gemini_bench and settings.erpnext_url in ("", EMBEDDED_URL):
        http = httpx.AsyncClient(transport=httpx.ASGITransport(Bench()))
        return _gemini(BENCH_KEY, BENCH_MODEL, BENCH_URL, http)
    return None


def _gemini(key: str, model: str, url: str, http: httpx.AsyncClient) -> LabelModel:
    from server_sync.ocr.gemini import Gemini  # noqa: PLC0415  # its library takes a second and 50 MB, for those who have a key

    return Gemini(key=key, model=model, url=url, http=http)
