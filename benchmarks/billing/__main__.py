"""Figures of billing, each against its target.

    python -m benchmarks.billing

Processor time, after one that warms up: others at work on the machine change it little.
"""

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from statistics import median
from typing import Final, NamedTuple

import pypdfium2

from field_core.pay_keys import read_ring
from field_core.tokens import ALL_USES, Use, mint, verify
from server_sync.billing.printed import printed
from server_sync.billing.rendering import facture_pdf
from server_sync.billing.samples import samples
from server_sync.billing.statement import Place
from server_sync.cli.progress import Bar
from server_sync.compose.billing import company_of, layout_of
from server_sync.qr import qr_image
from server_sync.settings import Settings

PDFS: Final = 20
BATCH: Final = 100
PAGES: Final = 2
LINES: Final = 10
"""At each of four locations: what just needs a second page."""
LINK: Final = f"https://client.gigafibre.ca/pay-public?t=v1.a.qr.{'A' * 72}.{'B' * 43}"
CHECKS: Final = 2_000
NOW_S: Final = 1_790_000_000
RING: Final = read_ring(f"a:{'0f' * 32}")


class Figure(NamedTuple):
    """One figure and what it must not exceed."""

    name: str
    value: float
    target: float
    unit: str


def main() -> int:
    """Measure, show and judge."""
    argparse.ArgumentParser(prog="benchmarks.billing", description=__doc__).parse_args()
    figures = [*papers(), batch(), token_check()]
    for figure in figures:
        verdict = "ok" if figure.value <= figure.target else "over"
        print(
            f"{figure.name:42} {figure.value:9.1f} {figure.unit:4} ≤ {figure.target:g}  {verdict}"
        )
    return 0 if all(figure.value <= figure.target for figure in figures) else 1


def papers() -> list[Figure]:
    """Measure the invoice of two pages."""
    pdf = two_pages()
    assert len(pypdfium2.PdfDocument(pdf)) == PAGES, "as long as what is promised about"
    taken = median(cpu_ms(two_pages) for _ in range(PDFS))
    return [
        Figure("PDF of two pages, processor time", taken, 350, "ms"),
        Figure("PDF of two pages, size", len(pdf) / 1000, 40, "kB"),
    ]


def two_pages() -> bytes:
    """Draw a realistic invoice: four locations, twenty lines, a code to pay it."""
    first = samples()[0]
    charges = first.places[0].charges
    places = [Place(f"{n}, chemin de la Rivière", (charges * LINES)[:LINES]) for n in range(1, 5)]
    settings = Settings()
    return facture_pdf(
        printed(
            replace(first, places=tuple(places)),
            company=company_of(settings),
            layout=layout_of(settings),
            qr=qr_image(LINK),
            referral_code="7K3M9Q",
        )
    )


def batch() -> Figure:
    """Draw a hundred, as `server-sync billing archive` does, under a bar."""
    bar, began = Bar(), time.process_time()
    for number in range(BATCH):
        two_pages()
        bar(number + 1, BATCH, "invoices")
    bar.end()
    return Figure("100 invoices, processor time", time.process_time() - began, 35, "s")


def token_check() -> Figure:
    """Check a payment link, good and changed in turn."""
    good = mint("SINV-2026-700010", use=Use.QR, now_s=NOW_S, ring=RING)
    links = (good, good[:-1] + ("A" if good[-1] != "A" else "B"))

    def check() -> None:
        for number in range(CHECKS):
            verify(links[number % 2], ring=RING, accepts=ALL_USES, now_s=NOW_S)

    check()
    return Figure("token check", cpu_ms(check) / CHECKS * 1000, 50, "µs")


def cpu_ms(work: Callable[[], object]) -> float:
    """Return the milliseconds of processor time that some work takes."""
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000


if __name__ == "__main__":
    sys.exit(main())
