"""Asks the office about customers' devices: one question after another, for as long as it takes.

A question is a row before anybody is asked, and its id is the id of the act at the office, so that
one whose answer was lost is asked again and counts once. Without a network it waits (T-13); what
the office has queued is looked after until it has an end (T-14).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from functools import partial
from typing import Final, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from field_app.ports import Check, CheckState, KeptReport, KeptRun, Wanted
from field_app.sync.checking import rows
from field_app.sync.events import Event, Replied
from field_app.sync.replica import Replica
from field_core.cpe.report import CHANGES, UNDECIDED, ActState, CpeAct, CpeActs, CpeReport
from field_core.diagnosis import Run
from field_core.problems import CATALOGUE, Retry

LOOK_S: Final = 4.0
"""While the office works on something, how often it is asked what became of it."""
IDLE_S: Final = 20.0
"""While nothing answers; contact with the server is told apart, and hurries."""
CHANGE_WITHIN_MS: Final = 60_000
"""What the customer notices is asked for by somebody who stands there: later it is no more."""

_OK: Final = 200
_T = TypeVar("_T")
_M = TypeVar("_M", bound=BaseModel)
_log: Final = logging.getLogger(__name__)

Call = Callable[[str, str, dict[str, object] | None], Awaitable[Event]]
"""Asks the office in the name of the account: method, path, body."""


class OnDesk(Protocol):
    """Runs work on the replica's thread."""

    async def __call__(self, work: Callable[[], _T]) -> _T:
        """Return what `work` returns."""


class Checker:
    """The port `Checking` over one replica."""

    def __init__(
        self,
        replica: Replica,
        *,
        desk: OnDesk,
        call: Call,
        now_ms: Callable[[], int],
        new_id: Callable[[], str],
    ) -> None:
        self._replica = replica
        self._desk = desk
        self._call = call
        self._now_ms = now_ms
        self._new_id = new_id
        self._listeners: list[Callable[[], None]] = []
        self._nudge = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    # --- life

    def start(self) -> None:
        """Begin on the current loop: what waited before a kill goes on."""
        self._task = asyncio.get_running_loop().create_task(self._run(), name="checks")

    async def stop(self) -> None:
        """End; what waits stays written down."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def hurry(self) -> None:
        """Look at what waits now."""
        self._nudge.set()

    def on_news(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Have changes told on the loop."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def _run(self) -> None:
        while True:
            self._nudge.clear()
            is_looking = await self.work()
            try:
                async with asyncio.timeout(LOOK_S if is_looking else IDLE_S):
                    await self._nudge.wait()
            except TimeoutError:
                continue

    # --- what screens ask

    async def report(self, equipment: str) -> KeptReport | None:
        """Return what the office last said of a device."""
        return await self._desk(partial(rows.report_of, self._replica, equipment))

    async def checks(self, equipment: str) -> Sequence[Check]:
        """Return what was asked of a device lately, newest first."""
        return await self._desk(partial(rows.checks_of, self._replica, equipment))

    async def ask(self, equipment: str, wanted: Wanted, *, job: str | None = None) -> Check:
        """Ask: stored when this returns."""
        add = partial(rows.add_check, self._replica, equipment, wanted, job=job)
        check = await self._desk(partial(add, new_id=self._new_id, now_ms=self._now_ms()))
        self._tell()
        self.hurry()
        return check

    async def give_up(self, check: str) -> None:
        """Take back what waits; what the office has is taken back there first."""
        found = await self._desk(partial(rows.check_of, self._replica, check))
        if found is None or found.ended_ms is not None:
            return
        if found.told is None:
            await self._end(found, "cpe-away")
            return
        event = await self._call("DELETE", f"{_path(found)}/acts/{found.id}", None)
        told = _read(event, CpeAct)
        if told is not None:
            await self._take(found, told)

    async def keep_run(self, run: Run) -> None:
        """Keep a run that ended."""
        await self._desk(partial(rows.keep_run, self._replica, run, now_ms=self._now_ms()))
        self._tell()

    async def runs(self, job: str) -> Sequence[KeptRun]:
        """Return the runs at a job, newest first."""
        return await self._desk(partial(rows.runs_of, self._replica, job))

    # --- asking the office

    async def work(self) -> bool:
        """Take every question a step on; tell whether the office is at work on one."""
        for check in await self._desk(partial(rows.waiting, self._replica)):
            try:
                await self._advance(check)
            except Exception:  # noqa: BLE001 - one question that cannot be asked must not hold up the others
                _log.exception("a check failed")
        left = await self._desk(partial(rows.waiting, self._replica))
        return any(check.state is not CheckState.LATER for check in left)

    async def _advance(self, check: Check) -> None:
        if await self._desk(partial(rows.is_unsent, self._replica, check.equipment)):
            return
        if check.wanted.act is None:
            await self._report(check)
        elif check.told is None:
            await self._send(check)
        elif check.told.state in UNDECIDED:
            await self._look(check)
        else:
            await self._take(check, check.told)

    async def _send(self, check: Check) -> None:
        is_change = check.wanted.act in CHANGES
        if is_change and self._now_ms() - check.made_ms > CHANGE_WITHIN_MS:
            await self._end(check, "cpe-away")
            return
        asked = {name: value for name, value in asdict(check.wanted).items() if value is not None}
        event = await self._call("POST", f"{_path(check)}/acts", {**asked, "id": check.id})
        told = _read(event, CpeAct)
        if told is not None:
            await self._take(check, told)
        elif code := _refusal(event):
            await self._end(check, code)

    async def _look(self, check: Check) -> None:
        acts = _read(await self._call("GET", f"{_path(check)}/acts", None), CpeActs)
        if acts is None:
            return
        told = next((act for act in acts.acts if act.id == check.id), None)
        if told is None:
            await self._end(check, "cpe-unknown-outcome")
        elif told != check.told:
            await self._take(check, told)

    async def _take(self, check: Check, told: CpeAct) -> None:
        """Keep what the office said; an act that is done has given something new to read."""
        await self._desk(partial(rows.note_told, self._replica, check.id, told))
        self._tell()
        if told.state is ActState.DONE:
            await self._report(check)
        elif told.state not in UNDECIDED:
            await self._end(check, told.reason or "cpe-away")

    async def _report(self, check: Check) -> None:
        """Read what the office knows; only then is a question done. What was done stays done."""
        event = await self._call("GET", f"{_path(check)}/report", None)
        report = _read(event, CpeReport)
        if report is not None:
            now_ms = self._now_ms()
            await self._desk(partial(rows.keep_report, self._replica, report, now_ms=now_ms))
            await self._end(check, report.reason if check.wanted.act is None else None)
        elif code := _refusal(event):
            await self._end(check, code)

    async def _end(self, check: Check, problem: str | None) -> None:
        end = partial(rows.end_check, self._replica, check.id, problem=problem)
        await self._desk(partial(end, now_ms=self._now_ms()))
        self._tell()

    def _tell(self) -> None:
        for listener in [*self._listeners]:
            listener()


def _path(check: Check) -> str:
    return f"/v1/equipment/{check.equipment}"


def _read(event: Event, model: type[_M]) -> _M | None:
    """Read a good answer; None for any other, and for what is not of our server."""
    if not isinstance(event, Replied) or event.status != _OK:
        return None
    try:
        return model.model_validate(event.body)
    except ValidationError:
        _log.warning("an answer about a device cannot be read")
        return None


def _refusal(event: Event) -> str | None:
    """Return why the office will not do it; None for what is worth another try."""
    if not isinstance(event, Replied) or not isinstance(event.body, dict):
        return None
    code = event.body.get("code")
    kind = CATALOGUE.get(code) if isinstance(code, str) else None
    is_final = kind is not None and kind.retry is not Retry.LATER and event.status != _SIGNED_OUT
    return str(code) if is_final else None


_SIGNED_OUT: Final = 401
