"""The first import of a site: everything that is pulled, once, taken up where it was cut.

How far each doctype was read is stored with what was read, so nothing is asked for twice but the
part that was on its way. Invoices come as far as they are unpaid, tickets as far as they are open.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from server_sync.erp.failures import ErpUnavailable
from server_sync.erp.patience import Patience
from server_sync.erp.service import ErpService

UNREADABLE: Final = "erp-unreachable"
"""The code of a doctype that the site answered 500 to: it is asked for again, unlike a refusal."""

Tick = Callable[[int, int, str], None]
"""Told how many documents are here, of how many, and what is being read."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import came to."""

    documents: int
    """Taken in by this run."""
    held: int
    total: int
    """What the site has to give, counted when the run began."""
    seconds: float
    problem: str | None
    """The code of what could not be read; None when all of it was."""

    @property
    def per_second(self) -> float:
        """Documents a second, names and contents, stored."""
        return self.documents / self.seconds if self.seconds else 0.0


async def first_import(
    service: ErpService, tick: Tick, *, patience: Patience, monotonic: Callable[[], float]
) -> Imported:
    """Import; outages are waited out. Raises ErpFailure when a site stays away or says no."""
    began = monotonic()
    totals = await patience(service.to_import)
    total, here = sum(totals.values()), service.held()
    before, read = sum(here.values()), dict[str, int]()

    def progress(doctype: str, done: int) -> None:
        read[doctype] = done
        tick(min(total, sum(here.values()) + sum(read.values())), total, doctype)

    def count() -> int:
        return sum(service.held().values())

    async def go_on(doctype: str) -> None:
        nonlocal here
        here = service.held()
        read.clear()
        await service.import_all(progress, [doctype])
        if service.health().problem == UNREADABLE:
            raise ErpUnavailable("HTTP 500")

    problem = None
    for doctype in totals:  # each by itself: a failure does not ask for the others again
        await patience(partial(go_on, doctype), progress=count)
        problem = service.health().problem or problem
    if count() < total:
        # Single documents that could not be read when it was their turn: names are compared.
        await patience(service.sweep, progress=count)
    held = count()
    tick(total, total, "")
    return Imported(held - before, held, total, monotonic() - began, problem)
