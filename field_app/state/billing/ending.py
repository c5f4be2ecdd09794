"""Ending a contract in two steps: what the server says it comes to, then the reason and the act.

Between the two nothing is decided. What is quoted is the id of what was shown; when that is too
old or the figures have changed, the new figures are shown first, and nothing was done (CT-06).
"""

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from pydantic import ValidationError

from field_app.ports import Asking
from field_app.state.billing import paths
from field_app.state.billing.contract import ContractPage
from field_app.state.screen import Screen
from field_core.instants import from_text, to_ms
from field_core.office import EndingPreview, EndingRecap
from field_core.problems import Problem, ProblemError

Shape = TypeVar("Shape", EndingPreview, EndingRecap)
Work = Callable[[], Awaitable[None]]
REASON_MIN: Final = 3
"""CT-06: two letters are no reason."""
_SHOWN_ANEW: Final = frozenset({"preview-changed", "preview-expired"})
_DECIDED: Final = frozenset({"termination-refused", "termination-underway"})
"""The decision stands, and is not all done."""


class Ending(Screen):
    """The two steps for one contract."""

    def __init__(self, page: ContractPage) -> None:
        super().__init__()
        self.page = page
        self._account: Asking = page.workspace.account
        self.preview: EndingPreview | None = None
        self.reason = ""
        self.is_busy = False
        self.changed_why: Problem | None = None
        """Why what is shown is not what was shown before."""
        self.done: EndingRecap | None = None

    @property
    def recap(self) -> EndingRecap | None:
        """What was done: here just now, or before."""
        sheet = self.page.sheet.value
        return self.done or (sheet.recap if sheet else None)

    @property
    def is_reason_enough(self) -> bool:
        """Whether the reason may be sent."""
        return len(self.reason.strip()) >= REASON_MIN

    @property
    def is_expired(self) -> bool:
        """Whether what is shown can no longer be carried out."""
        if self.preview is None:
            return False
        return self.page.workspace.now_ms() >= to_ms(from_text(self.preview.expires_at))

    def write_reason(self, text: str) -> None:
        """Take a letter."""
        self.reason = text
        self.changed()

    def think_again(self) -> None:
        """Go back to the simulator; nothing was done."""
        self.preview = self.changed_why = None
        self.problem = None
        self.changed()

    async def work_out(self) -> bool:
        """Have the server work out the day of the simulator; tell whether it did."""
        self.changed_why = None
        return await self._busy(self._work_out)

    async def _work_out(self) -> None:
        body = await self._send("/termination/preview", {"end": self.page.end.isoformat()})
        self._show(body)

    async def terminate(self) -> bool:
        """End the contract as it is shown; tell whether it is done. Repeating it is harmless."""
        if self.preview is None or not self.is_reason_enough:
            self.problem = Problem("reason-needed")
            self.changed()
            return False
        return await self._busy(self._terminate)

    async def _terminate(self) -> None:
        assert self.preview, "the first step comes first"
        asked: dict[str, object] = {
            "preview_id": self.preview.id,
            "end": self.preview.figures.end.isoformat(),
            "reason": self.reason.strip(),
        }
        try:
            body = await self._send("/termination", asked)
        except ProblemError as error:
            if error.problem.code in _SHOWN_ANEW:
                self._show(error.problem.details.get("preview"))
                self.changed_why = error.problem
                return
            if error.problem.code in _DECIDED:
                await self._see()
                return
            raise
        self.done = _read(EndingRecap, body)
        self.preview = None
        self.page.workspace.notices.say("contract.ended-now")
        await self.page.ask_now()

    async def try_again(self) -> bool:
        """Have the server carry on with what was decided; tell whether it could be asked."""
        return await self._busy(self._try_again)

    async def _try_again(self) -> None:
        try:
            body = await self._send("/termination/again", {})
        except ProblemError as error:
            if error.problem.code not in _DECIDED:
                raise
            self.page.workspace.notices.refuse(error.problem)
        else:
            self.done = _read(EndingRecap, body)
            self.page.workspace.notices.say("contract.ended-now")
        await self._see()

    async def _see(self) -> None:
        """Look at what became of a decision: the page tells it, step by step."""
        self.preview = None
        await self.page.sheet.ask_now()

    def _show(self, body: object) -> None:
        self.preview = _read(EndingPreview, body)

    async def _send(self, part: str, body: dict[str, object]) -> object:
        return await self._account.remote.send(paths.contract(self.page.name, part), body)

    async def _busy(self, work: Work) -> bool:
        if self.is_busy:
            return False
        self.is_busy = True
        self.changed()
        try:
            return await self.attempt(work())
        finally:
            self.is_busy = False
            self.changed()


def _read(shape: type[Shape], body: object) -> Shape:
    """Read an answer; raises ProblemError `upgrade-needed` for one of another shape."""
    try:
        return shape.model_validate(body)
    except ValidationError as error:
        raise ProblemError("upgrade-needed") from error
