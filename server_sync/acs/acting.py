"""Acts from their request to their end: begun at once, noted, and looked after while they wait."""

import asyncio
from dataclasses import dataclass, field
from typing import Final, assert_never

from sqlalchemy import Connection

from field_core.cpe import normalise
from field_core.cpe.ledger import instant
from field_core.cpe.report import Act, ActState, AskAct, CpeAct
from field_core.cpe.tree import Tree
from field_core.problems import Problem, ProblemError
from server_sync.acs import queue
from server_sync.acs.acts import carry_out
from server_sync.acs.asking import check
from server_sync.acs.paths import STANDING
from server_sync.acs.pieces import Piece, piece_for, piece_of
from server_sync.acs.reach import Reach
from server_sync.acs.target import Begun, Done, Ending, Failed, Pause, Target, Waits
from server_sync.store.documents import load
from server_sync.sync.caller import Caller

ANSWER_WITHIN_S: Final = 6.0
"""An act goes on in the background after that; a person looks at a turning wheel no longer."""
LOST_AFTER_MS: Final = 5 * 60_000
"""No act runs longer (the ACS's own limit, twice); one that seems to was cut off by a restart."""
BACK_WITHIN_MS: Final = 10 * 60_000
"""An ONT starts in two to four minutes; after ten somebody should look at it."""

_MOVES: Final = {
    Done: ActState.DONE,
    Begun: ActState.RUNNING,
    Waits: ActState.QUEUED,
    Failed: ActState.FAILED,
}


@dataclass(frozen=True)
class Acting:
    """Does what is asked of devices, for as long as it takes."""

    reach: Reach
    pause: Pause
    answer_within_s: float = ANSWER_WITHIN_S
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def stop(self) -> None:
        """Let what runs be: the next server finds it as lost."""
        for task in (*self._tasks,):
            task.cancel()

    async def ask(self, key: str, ask: AskAct, caller: Caller) -> CpeAct:
        """Begin an act, and wait a little for its end; the same id again is the same act.

        Raises ProblemError: `unknown-document`, `acs-missing`, `cpe-busy`, and what `check` finds.
        """
        check(ask)
        piece = await self.reach.reading(lambda c: piece_for(c, key, caller))
        self.reach.connected()
        asked, is_new = await self.reach.writing(lambda c: self._add(c, piece.key, ask, caller))
        if asked.equipment != piece.key:
            raise ProblemError("unknown-document")
        if is_new:
            await self._begin(piece, asked)
        return await self._told(asked.id)

    async def latest(self, key: str, caller: Caller) -> list[CpeAct]:
        """Return the latest acts on a device. Raises ProblemError `unknown-document`."""
        piece = await self.reach.reading(lambda c: piece_for(c, key, caller))
        return await self.reach.reading(lambda c: queue.latest(c, piece.key))

    async def cancel(self, key: str, number: str, caller: Caller) -> CpeAct:
        """Take back an act that waits; one that runs or ended stays as it is.

        Raises ProblemError: `unknown-document`, `not-found`.
        """
        piece = await self.reach.reading(lambda c: piece_for(c, key, caller))
        asked = await self.reach.reading(lambda c: queue.find(c, number))
        if asked is None or asked.equipment != piece.key:
            raise ProblemError("not-found")
        if asked.state is ActState.QUEUED:
            await self._move(asked, ActState.CANCELLED)
        return await self._told(number)

    async def resolve(self) -> None:
        """Look after what waits: done when the device reports, given up when it is too late."""
        waiting = await self.reach.reading(queue.undecided)
        for asked in waiting if self.reach.acs else ():
            try:
                await self._look_after(asked)
            except ProblemError as failure:
                self.reach.log.info("act waits on", code=failure.problem.code)

    # --- beginning

    def _add(
        self, connection: Connection, key: str, ask: AskAct, caller: Caller
    ) -> tuple[queue.Asked, bool]:
        if queue.find(connection, ask.id) is None and queue.is_busy(connection, key):
            raise ProblemError("cpe-busy")
        return queue.add(connection, key, ask, caller, now_ms=self.reach.clock.now_ms())

    async def _begin(self, piece: Piece, asked: queue.Asked) -> None:
        """Begin, and wait for no longer than a person would; it goes on when they hang up."""
        task = asyncio.create_task(self._carry_out(piece, asked))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        await asyncio.wait({task}, timeout=self.answer_within_s)

    async def _carry_out(self, piece: Piece, asked: queue.Asked) -> None:
        """Do an act and note its end; whatever goes wrong leaves a row that says so."""
        try:
            ending = await self._perform(piece, asked)
        except ProblemError as failure:
            ending = Failed(failure.problem)
        except Exception:  # the row must not stay `running` for what nobody foresaw
            self.reach.log.exception("act failed", act=asked.ask.act.value)
            ending = Failed(Problem("internal"))
        await self._note(asked, ending)

    async def _perform(self, piece: Piece, asked: queue.Asked) -> Ending:
        match = await self.reach.match(piece)
        if match is None:
            return Failed(Problem("cpe-unknown"))
        target = Target(
            self.reach.connected(),
            match.device,
            Tree(match.document),
            normalise(match.document, now=self.reach.clock.now()),
            self.pause,
        )
        return await self.reach.noting(carry_out(target, asked.ask))

    async def _note(self, asked: queue.Asked, ending: Ending) -> None:
        state = _MOVES[type(ending)]
        match ending:
            case Done(result):
                await self._move(asked, state, queue.Noted(result=result))
            case Begun(at):
                await self._move(asked, state, queue.Noted(begun_at=at))
            case Waits(at, why):
                await self._move(asked, state, queue.Noted(begun_at=at, result={"why": why.value}))
            case Failed(problem):
                await self._move(asked, state, queue.Noted(problem=problem))
            case _:
                assert_never(ending)

    # --- waiting

    async def _look_after(self, asked: queue.Asked) -> None:
        now_ms = self.reach.clock.now_ms()
        if asked.state is ActState.RUNNING:
            await self._look_after_running(asked, now_ms - asked.moved_ms)
        elif now_ms >= asked.until_ms:
            await self._move(asked, ActState.EXPIRED, queue.Noted(problem=Problem("cpe-away")))
        elif await self._has_reported(asked, "_lastInform"):
            await self._again(asked)

    async def _look_after_running(self, asked: queue.Asked, age_ms: int) -> None:
        if asked.begun_at and asked.ask.act is Act.REBOOT:
            if await self._has_reported(asked, "_lastBoot"):
                await self._move(asked, ActState.DONE)
            elif age_ms > BACK_WITHIN_MS:
                await self._fail(asked, "cpe-not-back")
        elif age_ms > LOST_AFTER_MS:
            await self._fail(asked, "cpe-unknown-outcome")

    async def _fail(self, asked: queue.Asked, code: str) -> None:
        await self._move(asked, ActState.FAILED, queue.Noted(problem=Problem(code)))

    async def _has_reported(self, asked: queue.Asked, member: str) -> bool:
        """Tell whether the device was heard of since, by the ACS's own clock throughout."""
        piece = await self._piece(asked)
        match = await self.reach.match(piece) if piece else None
        if match is None:
            return False
        document = await self.reach.connected().read(match.device, STANDING)
        told = instant(Tree(document or {}).scalar(member))
        since = instant(asked.begun_at)
        return told is not None and since is not None and told > since

    async def _again(self, asked: queue.Asked) -> None:
        """Do it now; of several servers the one whose move counted does."""
        piece = await self._piece(asked)
        if piece and await self._move(asked, ActState.RUNNING):
            running = await self.reach.reading(lambda c: queue.find(c, asked.id))
            assert running is not None, "rows are never removed"
            await self._carry_out(piece, running)

    async def _piece(self, asked: queue.Asked) -> Piece | None:
        def work(connection: Connection) -> Piece | None:
            document = load(connection, asked.equipment)
            return piece_of(connection, document) if document and document.body else None

        return await self.reach.reading(work)

    async def _move(
        self, asked: queue.Asked, state: ActState, noted: queue.Noted = queue.NOTHING
    ) -> bool:
        now_ms = self.reach.clock.now_ms()
        return await self.reach.writing(lambda c: queue.move(c, asked, state, noted, now_ms=now_ms))

    async def _told(self, number: str) -> CpeAct:
        found = await self.reach.reading(lambda c: queue.told_by_id(c, number))
        assert found is not None, "rows are never removed"
        return found
