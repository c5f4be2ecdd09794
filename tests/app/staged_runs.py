"""Diagnostic runs as a test says they go: the port `Diagnosing` without a network."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from field_app.ports import Order
from field_core.diagnosis import Ended, Event, Run


@dataclass
class StagedRun:
    """Events in their order; cancelled, it ends at once with what it had."""

    events: Sequence[Event]
    run: Run
    is_cancelled: bool = False

    async def __aiter__(self) -> AsyncIterator[Event]:
        for event in self.events:
            if self.is_cancelled:
                break
            yield event
        yield Ended(
            self.run.model_copy(update={"cut": "cancelled"}) if self.is_cancelled else self.run
        )

    def cancel(self) -> None:
        self.is_cancelled = True


@dataclass
class StagedRuns:
    """Gives the same run each time, and keeps what was ordered."""

    events: Sequence[Event] = ()
    run: Run = field(
        default_factory=lambda: Run(
            id="run-1", profile="full", started_at="2026-04-27T13:00:00.000000Z"
        )
    )
    orders: list[Order] = field(default_factory=list)

    def begin(self, order: Order) -> StagedRun:
        self.orders.append(order)
        return StagedRun(self.events, self.run)
