"""A diagnostic run as a screen or a command starts it, follows it and stops it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from field_core.cpe.limits import BUILT_IN, InUse
from field_core.diagnosis import Event


@dataclass(frozen=True, slots=True)
class Order:
    """What a run is for; without a profile the type of the job chooses one.

    Plan speeds are Mbit/s. `baseline_rx_dbm` is the receive level at installation.
    """

    job: str | None = None
    job_type: str | None = None
    profile: str | None = None
    plan_down_mbps: float | None = None
    plan_up_mbps: float | None = None
    olt_profile: str | None = None
    baseline_rx_dbm: float | None = None
    limits: InUse = BUILT_IN


class UnderWay(Protocol):
    """A run that goes on: its events, and the way to stop it."""

    def __aiter__(self) -> AsyncIterator[Event]:
        """Yield its events; the last one is always `Ended`, whatever happened."""

    def cancel(self) -> None:
        """Stop it now; `Ended` follows within a second, with what was measured until then."""


class Diagnosing(Protocol):
    """What starts runs; a run needs no network and no account, and never raises."""

    def begin(self, order: Order) -> UnderWay:
        """Start a run on the loop that calls, and return it at once."""
