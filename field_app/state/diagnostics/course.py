"""One run while it goes on: what each probe is at, what is known, what it means so far.

It belongs to the workspace, not to a screen: a technician who looks something up meanwhile finds it
where it has come to, and its end is kept even when nobody watches.
"""

import asyncio
from dataclasses import dataclass
from typing import assert_never

from field_app.ports import Asking, Order, UnderWay
from field_app.state.screen import Screen
from field_core.cpe import Verdict
from field_core.diagnosis import (
    Ended,
    Event,
    Judged,
    Measured,
    Probe,
    ProbeEnded,
    ProbeStarted,
    Result,
    Run,
    profile_of,
)
from field_core.diagnosis.profiles import PROFILES


@dataclass(frozen=True, slots=True)
class Stage:
    """How far a probe has come: a share from 0 to 1, None while it waits its turn."""

    probe: Probe
    share: float | None = None
    is_over: bool = False


class Course(Screen):
    """A run from its start to its end."""

    def __init__(self, account: Asking, order: Order) -> None:
        super().__init__()
        self._account = account
        self.order = order
        profile = PROFILES.get(order.profile or "") or profile_of(order.job_type)
        self._stages = {probe: Stage(probe) for probe in profile.probes}
        self._results: dict[Probe, tuple[Result, ...]] = {}
        self.verdicts: tuple[Verdict, ...] = ()
        self.run: Run | None = None
        self._under_way: UnderWay | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self.run is None

    @property
    def stages(self) -> tuple[Stage, ...]:
        """Every probe of the profile, in order."""
        return tuple(self._stages.values())

    @property
    def results(self) -> tuple[Result, ...]:
        """What is known so far."""
        return tuple(result for found in self._results.values() for result in found)

    def start(self) -> None:
        """Begin on the current loop."""
        self._under_way = self._account.diagnosing.begin(self.order)
        self._task = asyncio.get_running_loop().create_task(self._follow(self._under_way))

    def cancel(self) -> None:
        """Stop it: it ends within a second, with what was measured."""
        if self._under_way:
            self._under_way.cancel()

    async def ended(self) -> None:
        """Wait for its end."""
        if self._task:
            await self._task

    async def _follow(self, under_way: UnderWay) -> None:
        async for event in under_way:
            await self._take(event)
            self.changed()

    async def _take(self, event: Event) -> None:
        match event:
            case ProbeStarted(probe):
                self._stages[probe] = Stage(probe, 0.0)
            case Measured(probe, share, results):
                self._stages[probe] = Stage(probe, share)
                if results:
                    self._results[probe] = results
            case ProbeEnded(probe, results):
                self._stages[probe] = Stage(probe, 1.0, is_over=True)
                self._results[probe] = results
            case Judged(verdicts):
                self.verdicts = verdicts
            case Ended(run):
                await self._account.checking.keep_run(run)  # kept before it is shown as over
                self.verdicts, self.run = tuple(run.verdicts), run
            case _:
                assert_never(event)
