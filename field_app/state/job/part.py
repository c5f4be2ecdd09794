"""What the parts of a job have in common: one job, read again when documents change."""

from collections.abc import Callable, Sequence
from typing import cast

from field_app.ports import Acting, JobFacts, SendState
from field_app.state.place import Part, Place
from field_app.state.screen import Forget, Screen
from field_app.state.workspace import Workspace
from field_core.operations import Operation
from field_core.problems import Problem
from field_core.status import is_closed, parse

Made = Operation | Sequence[Operation]


class JobPart(Screen):
    """One part of the job that is open; `is_gone` once it was looked for and is not here."""

    part: Part

    def __init__(self, workspace: Workspace, key: str, *, undone: str = "") -> None:
        """undone: what the office reads beside something that was taken back, in words."""
        super().__init__()
        self.workspace = workspace
        self.key = key
        self._undone = undone
        self.is_gone = False

    def follow(self, tell: Callable[[], None]) -> Forget:
        """Documents that change may be this job's."""
        return self.workspace.account.on_news(tell)

    @property
    def facts(self) -> JobFacts | None:
        """What is known of the job besides the part's rows; None until it was read."""
        raise NotImplementedError

    @property
    def is_closed(self) -> bool:
        """Whether work on the job has ended; what is added then is late work."""
        status = parse(self.facts.status) if self.facts else None
        return status is not None and is_closed(status)

    def state_of(self, name: str) -> SendState | None:
        """Return how far what was done to a row or device here has come."""
        return self.facts.states.get(name) if self.facts else None

    def open(self, row: str) -> None:
        """Go to a row of this part."""
        here = self.workspace.navigator.place
        self.workspace.navigator.go(Place(here.room, self.key, self.part, row))

    def leave(self) -> None:
        """Go back to where this was opened from."""
        self.workspace.navigator.back()

    async def do(
        self, act: Callable[[Acting], Made | Problem], *, said: str = "notice.saved"
    ) -> bool:
        """Do something that the notice bar offers to take back whole; tell whether it was done."""

        def undo(made: object) -> Callable[[Acting], object]:
            return lambda acts: acts.undo(cast("Made", made), reason=self._undone)

        stored: Callable[[Acting], object] = act
        return await self.workspace.act(stored, said=said, undo=undo) is not None
