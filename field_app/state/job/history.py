"""The history of a job: other visits at its location, how it moved, what was done here."""

from collections.abc import Sequence

from field_app.ports import JobFacts, JobHistory, Visit
from field_app.state.job.part import JobPart
from field_app.state.place import Part, Place
from field_app.state.workspace import Workspace


class History(JobPart):
    """What came before and after."""

    part = Part.HISTORY

    def __init__(self, workspace: Workspace, key: str) -> None:
        super().__init__(workspace, key)
        self.data: JobHistory | None = None

    async def load(self) -> None:
        """Read it."""
        key = self.key
        self.data = await self.workspace.account.read(lambda ask: ask.job_history(key))
        self.is_gone = self.data is None

    @property
    def facts(self) -> JobFacts | None:
        """What is known of the job besides."""
        return self.data.facts if self.data else None

    @property
    def earlier(self) -> Sequence[Visit]:
        """Visits that were, newest first."""
        return [visit for visit in self.data.visits if visit.is_past] if self.data else ()

    @property
    def later(self) -> Sequence[Visit]:
        """Visits to come, soonest first."""
        visits = self.data.visits if self.data else ()
        return [visit for visit in reversed(visits) if not visit.is_past]

    def visit(self, visit: Visit) -> None:
        """Go to another visit."""
        self.workspace.navigator.go(Place(self.workspace.navigator.place.room, visit.key))
