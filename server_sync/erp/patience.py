"""Trying again what a site was only too busy for: pauses that grow, or as long as it asked for."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from server_sync.erp.breaker import backoff_ms
from server_sync.erp.failures import ErpFailure, ErpNotFound, ErpRefused, ErpStale

TRIES_MAX: Final = 8
"""In a row: some two minutes of a site that is not there."""
PAUSE_MS: Final = 1_000
PAUSE_MS_MAX: Final = 30_000

Sleep = Callable[[float], Awaitable[None]]
T = TypeVar("T")


@dataclass(frozen=True)
class Patience:
    """How long to wait between tries, on an injected clock."""

    sleep: Sleep
    rand: Callable[[], float]

    async def __call__(
        self, work: Callable[[], Awaitable[T]], *, progress: Callable[[], int] = lambda: 0
    ) -> T:
        """Return what `work` returns; it must be safe to repeat. Raises its last failure.

        progress: how far it got; as long as that moves, nobody loses patience.
        """
        tries = 0
        while True:
            before = progress()
            try:
                return await work()
            except ErpFailure as failure:
                tries = tries + 1 if progress() == before else 1
                if is_final(failure) or tries >= TRIES_MAX:
                    raise
                await self.pause(failure, tries)

    async def pause(self, failure: ErpFailure, tries: int) -> None:
        """Wait as long as the site asked for, or longer with each try."""
        if isinstance(failure, ErpStale):
            return  # somebody else was quicker: that is no sign of trouble
        asked = getattr(failure, "after_ms", None)
        pause = backoff_ms(tries, base_ms=PAUSE_MS, max_ms=PAUSE_MS_MAX, rand=self.rand)
        await self.sleep((asked or pause) / 1000)


def is_final(failure: ErpFailure) -> bool:
    """Whether the next try would be answered the same."""
    is_locked_out = failure.problem.details.get("reason") == "credentials"
    return is_locked_out or isinstance(failure, (ErpRefused, ErpNotFound))
