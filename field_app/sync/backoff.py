"""When to try again: doubling with jitter, bounded, forgotten at the first success."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

FIRST_MS: Final = 1_000
LONGEST_MS: Final = 120_000
"""Two minutes: a technician who comes out of a basement should not wait longer than a look around;
the network coming up cuts it short anyway."""


@dataclass(slots=True)
class Backoff:
    """Consecutive failures of one channel; `jitter` returns 0 to 1."""

    jitter: Callable[[], float]
    failures: int = 0

    def failed(self) -> int:
        """Note a failure; return how many milliseconds to wait."""
        self.failures += 1
        longest = min(FIRST_MS << min(self.failures - 1, 12), LONGEST_MS)
        return int(longest * (0.5 + 0.5 * self.jitter()))

    def succeeded(self) -> None:
        """Forget the failures."""
        self.failures = 0
