"""The scanner: a label in front of the camera, in a photo, or typed; then what it told, or why not.

One is open inside the screen that wants an identity (a step, a form, a search, a count) and hands
it on when the person says that it is the right one. Nothing here knows what it is for.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from field_app.ports import Box, OcrTarget, ReadCode, Shot, Sight
from field_app.state.job.answer import identity_of
from field_app.state.scanning.identified import (
    CodeLine,
    Identified,
    Source,
    lines_of,
    of_codes,
    of_typed,
)
from field_app.state.scanning.steady import Steady, is_whole
from field_app.state.screen import Screen
from field_app.state.workspace import Workspace
from field_core.labels import parse_label
from field_core.problems import Problem, ProblemError

Take = Callable[[Identified], Awaitable[object]]
LABEL: str = "label"
"""What a photo of the scanner is a photo of."""
LOOKS_PASSED: Final = 6
"""Reads of a label that was just turned down and is still in view: about two seconds to move on."""


class Phase(StrEnum):
    """What the scanner shows."""

    AIMING = "aiming"
    """The camera is live, or waits for a photo to be chosen."""
    LOOKING = "looking"
    """A photo is being read."""
    FOUND = "found"
    NOTHING = "nothing"
    """A photo was read and has no identity in it."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where the photo of a label is kept: with a job, and its step if it has one."""

    job: str
    step: str | None = None
    reads: OcrTarget | None = None
    """For what somebody shall read the photo whose codes nothing here read."""


class Scanner(Screen):
    """One label at a time."""

    def __init__(
        self,
        workspace: Workspace,
        take: Take,
        *,
        close: Callable[[], object],
        evidence: Evidence | None = None,
        takes_photo_alone: bool = False,
        is_counting: bool = False,
    ) -> None:
        """takes_photo_alone: whether a photo that nobody could read is an answer too (T-07)."""
        super().__init__()
        self._workspace = workspace
        self._scanning = workspace.account.scanning
        self._take = take
        self._close = close
        self._evidence = evidence
        self.takes_photo_alone = takes_photo_alone
        self.is_counting = is_counting
        """Whether what was read is handed on at once, and the next label looked for."""
        self.phase = Phase.AIMING
        self.found: Identified | None = None
        self.lines: Sequence[CodeLine] = ()
        self.doubtful: Sequence[str] = ()
        """Texts read once in a way that can err: shown, never used."""
        self.took_s = 0.0
        self.crop: bytes | None = None
        self.typed = ""
        self.typed_problem: Problem | None = None
        self.is_serial = False
        self.handed_on = 0
        """How many identities were handed on."""
        self._last: str | None = None
        self._aside: str | None = None
        self._passing = 0
        self._picture: bytes | None = None
        self._steady = Steady()
        self._work: asyncio.Task[Sight] | None = None

    # --- what this device can do

    @property
    def missing(self) -> Sequence[str]:
        """The decoders that this device lacks."""
        return self._scanning.missing

    @property
    def can_read(self) -> bool:
        """Whether there is any decoder; without one a label is typed."""
        return self._scanning.can_read

    async def prepare(self) -> None:
        """Load the decoders; what is missing is known afterwards."""
        await self._scanning.prepare()
        self.changed()

    def refuse(self, problem: Problem) -> None:
        """Say why there is no picture to look at."""
        self.problem = problem
        self.changed()

    # --- the camera's stream

    @property
    def wants_frames(self) -> bool:
        """Whether the camera should go on."""
        return self.phase is Phase.AIMING and self.can_read

    @property
    def is_typing(self) -> bool:
        """Whether something is typed: who types has given up on the camera, and keeps the field."""
        return bool(self.typed.strip())

    async def frame(self, picture: bytes) -> None:
        """Look at one frame; the first stable read ends the search."""
        if self.is_typing:
            return
        try:
            sight = await self._look(picture, is_live=True)
        except ProblemError:  # one bad frame: the next one comes
            return
        if sight is None or self.phase is not Phase.AIMING or self.is_typing:
            return
        if sight.codes:
            self._steady.add(sight)
            if self._steady.is_enough and not self._is_set_aside():
                await self._show(self._steady.codes, picture, sight)

    def _is_set_aside(self) -> bool:
        """Whether this is the label that was just turned down, still in view; begin anew then."""
        if (
            not self._passing
            or of_codes(self._steady.codes, picture=None, box=None).best != self._aside
        ):
            return False
        self._passing, self._steady = self._passing - 1, Steady()
        return True

    # --- a photo

    async def photo(self, picture: bytes) -> None:
        """Look at a photo that was taken or chosen, as long as a person would wait."""
        self.problem, self.phase, self._picture = None, Phase.LOOKING, picture
        self.changed()
        try:
            sight = await self._look(picture, is_live=False)
        except ProblemError as error:
            self.problem, self.phase = error.problem, Phase.AIMING
            self.changed()
            return
        if sight is not None and self.phase is Phase.LOOKING:
            await self._show(sight.codes, picture, sight)

    async def _look(self, picture: bytes, *, is_live: bool) -> Sight | None:
        """Read a picture beside the screen; None when that was cancelled."""
        work = asyncio.ensure_future(
            self._scanning.look(picture, enough=_is_enough, is_live=is_live)
        )
        self._work = work
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            if work.cancelled():
                return None
            work.cancel()
            raise

    async def _show(self, codes: Sequence[ReadCode], picture: bytes, sight: Sight) -> None:
        found = of_codes(codes, picture=picture, box=sight.box)
        self.lines, self.took_s = lines_of(codes), sight.took_s
        self.doubtful = [code.text for code in sight.doubtful]
        self.crop = await self._cut(picture, sight.box)
        self.found = found if found.best else None
        self.phase = Phase.FOUND if self.found else Phase.NOTHING
        self._picture = picture
        if self.found and self.is_counting:
            await self._count(self.found)
            return
        self.changed()

    async def _count(self, found: Identified) -> None:
        """Hand a label on once, however long it stays in view."""
        if found.best != self._last:
            self._last = found.best
            await self._hand_on(found)
        else:
            self.again()

    async def _cut(self, picture: bytes, box: Box | None) -> bytes | None:
        try:
            return await self._scanning.cut(picture, box) if box else None
        except ProblemError:
            return None

    # --- typed

    def type(self, text: str) -> None:
        """Take what stands in the field now."""
        if text != self.typed:
            self.typed, self.is_serial, self.typed_problem = text, False, None

    def judge(self) -> None:
        """Say what is wrong with what was typed, if anything (T-10)."""
        self.typed_problem = None
        if self.typed.strip():
            try:
                identity_of(self.typed, is_serial=self.is_serial)
            except ProblemError as error:
                self.typed_problem = error.problem
        self.changed()

    async def use_typed(self) -> None:
        """Hand on what was typed, when it is right."""
        self.judge()
        if self.typed.strip() and self.typed_problem is None:
            name, value = identity_of(self.typed, is_serial=self.is_serial)
            self.typed = ""
            await self._hand_on(of_typed(name, value))

    async def take_for_serial(self) -> None:
        """Insist that what looks like a MAC is a serial number."""
        self.is_serial = True
        await self.use_typed()

    # --- deciding

    async def use(self) -> None:
        """Hand on what was read, with its photo kept as evidence."""
        found = self.found
        if found is not None:
            await self._hand_on(await self._kept(found))

    async def use_photo(self) -> None:
        """Keep the photo alone: somebody reads it later."""
        if self._picture is None:
            return
        found = await self._kept(Identified({}, Source.PHOTO, picture=self._picture))
        if found.photo is not None:
            await self._hand_on(found)

    async def _kept(self, found: Identified) -> Identified:
        """Keep the photo of the label; without room for it the identity still counts."""
        evidence, picture = self._evidence, found.picture
        if evidence is None or picture is None:
            return found
        crop = found.box.text if found.box else None
        reads = None if found.best else evidence.reads
        shot = Shot(picture, evidence.job, step=evidence.step, kind=LABEL, crop=crop, reads=reads)
        try:
            return replace(found, photo=await self._workspace.account.photographs.take(shot))
        except ProblemError as error:
            self._workspace.notices.refuse(error.problem)
            return found

    async def _hand_on(self, found: Identified) -> None:
        await self._take(found)
        self.handed_on += 1
        if self.is_counting:
            self.again()

    def again(self) -> None:
        """Look for another label; the one in view is passed over while somebody moves on."""
        self._stop()
        if self.found and not self.is_counting:
            self._aside, self._passing = self.found.best, LOOKS_PASSED
        self.phase, self.problem, self.found = Phase.AIMING, None, None
        self.lines, self.doubtful, self.crop, self._picture = (), (), None, None
        self.typed, self.typed_problem = "", None
        self._steady = Steady()
        self.changed()

    def leave(self) -> None:
        """Close the scanner without an answer; what is being read is let go of."""
        self._stop()
        self._close()

    def _stop(self) -> None:
        if self._work is not None:
            self._work.cancel()
            self._work = None


def _is_enough(codes: Sequence[ReadCode]) -> bool:
    return is_whole(parse_label(codes))
