"""The runner: a profile's probes on threads of their own, what they tell as events, one end.

A run is bounded in time, may be cancelled at any moment, and never raises: a probe that fails or
takes too long gives the reason in place of its values.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Final, Literal, cast

from pydantic import JsonValue

from field_app.diagnostics import (
    gateway,
    igd,
    link,
    loaded,
    pinging,
    resolving,
    snmp,
    throughput,
    tracing,
)
from field_app.diagnostics.kit import Kit
from field_app.diagnostics.visit import Visit, because
from field_app.ports import Order
from field_core.cpe import Grade, redact
from field_core.cpe.verdict import Verdict
from field_core.diagnosis import (
    PROFILES,
    Absence,
    Ended,
    Event,
    Judged,
    Measured,
    Probe,
    ProbeEnded,
    ProbeStarted,
    Profile,
    Result,
    Run,
    Target,
    judge_run,
    profile_of,
)
from field_core.instants import ms_to_text

Work = Callable[[Visit], list[Result]]
Gives = Sequence[tuple[str, Target]]

_WORK: Final[dict[Probe, tuple[Work, Gives, float]]] = {
    Probe.GATEWAY: (gateway.probe, gateway.GIVES, 4.0),
    Probe.LINK: (link.probe, link.GIVES, 10.0),
    Probe.DNS: (resolving.probe, resolving.GIVES, 8.0),
    Probe.PING: (pinging.probe, pinging.GIVES, 12.0),
    Probe.IGD: (igd.probe, igd.GIVES, 9.0),
    Probe.SNMP: (snmp.probe, snmp.GIVES, 8.0),
    Probe.TRACE: (tracing.probe, tracing.GIVES, 11.0),
    Probe.THROUGHPUT: (throughput.probe, throughput.GIVES, 25.0),
    Probe.LOADED: (loaded.probe, loaded.GIVES, 25.0),
}
"""Each probe, what it stands for when it gives nothing, and its seconds at most."""


class Runner:
    """Starts runs on this device; see the port `Diagnosing`."""

    def __init__(self, kit: Callable[[], Kit], *, new_id: Callable[[], str]) -> None:
        self._kit = kit
        self._new_id = new_id

    def begin(self, order: Order) -> "RunUnderWay":
        """Start a run on the loop that calls."""
        return RunUnderWay(self._kit(), order, self._new_id())


class RunUnderWay:
    """A run that goes on; see the port `UnderWay`."""

    def __init__(self, kit: Kit, order: Order, run_id: str) -> None:
        self._kit = kit
        self._order = order
        self._profile = _chosen(order)
        self._loop = asyncio.get_running_loop()
        self._events: asyncio.Queue[Event] = asyncio.Queue()
        self._results: dict[Probe, tuple[Result, ...]] = {}
        self._verdicts: tuple[Verdict, ...] = ()
        self._visit = Visit(kit, order, tell=self._tell)
        self._run_id = run_id
        self._started_ms, self._started_s = kit.now_ms(), kit.monotonic()
        self._task = self._loop.create_task(self._whole())
        self._task.add_done_callback(self._end)

    async def __aiter__(self) -> AsyncIterator[Event]:
        """Yield events until the end."""
        while True:
            event = await self._events.get()
            yield event
            if isinstance(event, Ended):
                return

    def cancel(self) -> None:
        """Stop the run."""
        self._visit.stop.set()
        self._task.cancel()

    async def _whole(self) -> None:
        async with asyncio.timeout(self._profile.time_max_s):
            for at, stage in enumerate(self._profile.stages):
                await asyncio.gather(*(self._probe(probe) for probe in stage))
                self._judge(is_first=at == 0)

    def _end(self, task: asyncio.Task[None]) -> None:
        """Tell the end, however it came; a run that was cancelled may never have begun."""
        self._visit.stop.set()
        cut: Literal["cancelled", "time"] | None = None
        if task.cancelled():
            cut = "cancelled"
        elif isinstance(task.exception(), TimeoutError):
            cut = "time"
        self._events.put_nowait(Ended(self._ended(cut)))

    async def _probe(self, probe: Probe) -> None:
        work, gives, time_max_s = _WORK[probe]
        self._events.put_nowait(ProbeStarted(probe, time_max_s))
        ended: asyncio.Future[list[Result]] = self._loop.create_future()
        thread = threading.Thread(
            target=_worked, args=(work, self._visit, gives, partial(self._hand, ended)),
            name=f"probe-{probe}", daemon=True,
        )  # fmt: skip
        thread.start()
        try:
            async with asyncio.timeout(time_max_s):
                results = tuple(await ended)
        except TimeoutError:
            results = self._completed(probe, gives, because("out-of-time"))
        self._results[probe] = results
        self._events.put_nowait(ProbeEnded(probe, results))

    def _hand(self, ended: asyncio.Future[list[Result]], results: list[Result]) -> None:
        """Bring a probe's results onto the loop; a run that is over takes no more."""

        def take() -> None:
            if not ended.done():
                ended.set_result(results)

        with suppress(RuntimeError):  # the loop is closed: the program has ended meanwhile
            self._loop.call_soon_threadsafe(take)

    def _tell(self, probe: Probe, share: float, results: tuple[Result, ...]) -> None:
        def take() -> None:
            if not self._visit.is_over:
                if results:
                    self._results[probe] = results
                self._events.put_nowait(Measured(probe, share, results))

        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(take)

    def _completed(self, probe: Probe, gives: Gives, why: Absence) -> tuple[Result, ...]:
        """Return what a probe told, with the reason for what it did not come to."""
        told = self._results.get(probe, ())
        named = {(result.quantity, result.target) for result in told}
        missing = (
            self._visit.absent(quantity, why, target=target)
            for quantity, target in gives
            if (quantity, target) not in named
        )
        return (*told, *missing)

    def _judge(self, *, is_first: bool) -> None:
        """Tell what a whole stage means; half of one would accuse whoever is slow to answer.

        After the first stage little is known, and only a fault is worth saying.
        """
        verdicts = tuple(self._judged())
        is_worth_it = not is_first or verdicts[0].grade is Grade.BAD
        if is_worth_it and verdicts != self._verdicts:
            self._verdicts = verdicts
            self._events.put_nowait(Judged(verdicts))

    def _judged(self) -> list[Verdict]:
        return judge_run(
            [result for results in self._results.values() for result in results],
            thresholds=self._order.limits.thresholds,
            olt_profile=self._order.olt_profile,
            baseline_rx_dbm=self._order.baseline_rx_dbm,
        )

    def _ended(self, cut: Literal["cancelled", "time"] | None) -> Run:
        if cut is not None:
            why = because("cancelled" if cut == "cancelled" else "out-of-time")
            for probe in self._profile.probes:
                self._results[probe] = self._completed(probe, _WORK[probe][1], why)
        return Run(
            id=self._run_id,
            profile=self._profile.name,
            job=self._order.job,
            started_at=ms_to_text(self._started_ms),
            ended_at=ms_to_text(self._kit.now_ms()),
            took_s=round(self._kit.monotonic() - self._started_s, 2),
            cut=cut,
            platform=self._kit.host.system,
            limits=self._order.limits.used,
            results=[r for probe in self._profile.probes for r in self._results.get(probe, ())],
            verdicts=self._judged(),
            raw=_plain(self._visit.raw),
        )


def _plain(raw: dict[str, object]) -> dict[str, JsonValue]:
    """Return what was read as JSON without secrets."""
    return cast("dict[str, JsonValue]", redact(dict(raw)))


def _chosen(order: Order) -> Profile:
    if order.profile is not None:
        return PROFILES[order.profile]
    return profile_of(order.job_type)


def _worked(work: Work, visit: Visit, gives: Gives, hand: Callable[[list[Result]], None]) -> None:
    """Run a probe; whatever breaks in it is told in place of its values."""
    try:
        results = work(visit)
    except Exception as error:  # noqa: BLE001 - a run never raises, and says what failed
        why = because("failed", error=type(error).__name__)
        results = [visit.absent(quantity, why, target=target) for quantity, target in gives]
    hand(results)
