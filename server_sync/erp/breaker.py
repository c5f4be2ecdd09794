"""A circuit breaker: after some failures in a row the ERP is left alone for a while.

Pure: time comes in with each call, nothing sleeps, no thread. After the pause one call is let
through as a probe; its outcome closes the circuit or opens it for longer.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Final

FAILURES_MAX: Final = 5
"""In a row. One lost connection is weather; five are an outage."""
PAUSE_MS: Final = 5_000
PAUSE_MS_MAX: Final = 120_000
"""An ERP that comes back from maintenance is found within two minutes."""


class State(StrEnum):
    """Where the circuit stands."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half-open"


class Breaker:
    """Counts failures in a row; says whether a call may be made now."""

    def __init__(self, *, rand: Callable[[], float]) -> None:
        """rand: numbers from 0 to 1, for the jitter of the pause."""
        self._rand = rand
        self._failures = 0
        self._opened = 0
        self._until_ms = 0
        self.state = State.CLOSED

    def allows(self, now_ms: int) -> bool:
        """Tell whether a call may be made; half open, only the probe itself."""
        if now_ms < self._until_ms:
            return False
        if self.state is State.OPEN:
            self.state = State.HALF_OPEN
            return True
        return self.state is State.CLOSED

    def is_open(self, now_ms: int) -> bool:
        """Tell, without taking the probe, whether calls would be turned away."""
        return now_ms < self._until_ms or self.state is State.HALF_OPEN

    def succeeded(self) -> None:
        """The ERP answered, whatever it said."""
        self._failures = self._opened = 0
        self.state = State.CLOSED

    def failed(self, now_ms: int) -> None:
        """The ERP did not answer."""
        self._failures += 1
        if self.state is State.HALF_OPEN or self._failures >= FAILURES_MAX:
            self._opened += 1
            pause = backoff_ms(
                self._opened - 1, base_ms=PAUSE_MS, max_ms=PAUSE_MS_MAX, rand=self._rand
            )
            self.state, self._until_ms = State.OPEN, now_ms + pause

    def hold(self, until_ms: int) -> None:
        """The site asked for silence until then (429 with Retry-After)."""
        self._until_ms = max(self._until_ms, until_ms)


def backoff_ms(tries: int, *, base_ms: int, max_ms: int, rand: Callable[[], float]) -> int:
    """Return a pause that doubles with each try, half of it random, so that nobody marches in step.

    tries: failures before this one, from 0.
    """
    full = min(max_ms, base_ms << min(tries, 30))
    return round(full * (0.5 + 0.5 * rand()))
