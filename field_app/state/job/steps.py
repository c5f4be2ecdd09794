"""The steps of a job: where each stands, what comes next, and how the job ends."""

from collections.abc import Sequence
from enum import StrEnum

from field_app.ports import StepRow
from field_app.state.job.job import Job
from field_app.state.place import Part
from field_app.state.workspace import Workspace
from field_core.status import JobStatus


class StepState(StrEnum):
    """Where a step stands, as a person sees it."""

    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"
    WAITS = "waits"
    OPEN = "open"


def state_of(step: StepRow) -> StepState:
    """Return where a step stands; a reading that failed says so even when it was left out."""
    if step.is_done:
        return StepState.DONE
    if step.is_failed:
        return StepState.FAILED
    if step.skip_reason is not None:
        return StepState.SKIPPED
    return StepState.OPEN if step.is_open else StepState.WAITS


class Steps(Job):
    """The list of a job's steps."""

    def __init__(self, workspace: Workspace, key: str) -> None:
        super().__init__(workspace, key)
        self.shows_hidden = False
        """Whether steps that do not count on this job are listed too."""

    async def load(self) -> None:
        """Read the job; what stands in the way of going in is no question any more."""
        key = self.key
        self.detail = await self.workspace.account.read(lambda ask: ask.job(key))
        self.is_gone = self.detail is None

    @property
    def every(self) -> Sequence[StepRow]:
        """Every step of the job, also those that do not count."""
        return self.detail.steps if self.detail else ()

    @property
    def steps(self) -> Sequence[StepRow]:
        """The steps that count on this job."""
        return [step for step in self.every if step.is_applicable]

    @property
    def hidden(self) -> Sequence[StepRow]:
        """The steps whose condition does not hold here."""
        return [step for step in self.every if not step.is_applicable]

    @property
    def done_count(self) -> int:
        """How many of the steps that count are settled."""
        return sum(step.is_settled for step in self.steps)

    @property
    def missing(self) -> Sequence[StepRow]:
        """The steps without which the job is not complete."""
        return [step for step in self.every if step.is_missing]

    @property
    def next_step(self) -> StepRow | None:
        """The step to do now; None when nothing required is left, or the job is closed."""
        return self.detail.next_step if self.detail and not self.is_closed else None

    @property
    def can_complete(self) -> bool:
        """Whether the job may be ended as done."""
        moves = self.detail.moves if self.detail else ()
        return not self.is_closed and not self.missing and JobStatus.COMPLETED in moves

    @property
    def can_close(self) -> bool:
        """Whether the job may be ended without being done."""
        moves = self.detail.moves if self.detail else ()
        return not self.is_closed and JobStatus.INCOMPLETE in moves

    def step(self, row_id: str) -> StepRow | None:
        """Return a step by its id."""
        return next((step for step in self.every if step.id == row_id), None)

    def waited_for(self, step: StepRow) -> Sequence[StepRow]:
        """Return the steps that hold one up."""
        return [before for row_id in step.waits_for if (before := self.step(row_id))]

    def show_hidden(self) -> None:
        """List, or fold away, the steps that do not count here."""
        self.shows_hidden = not self.shows_hidden
        self.changed()

    def open_step(self, step: StepRow) -> None:
        """Go to one step."""
        self.open(Part.STEPS, step.id)

    async def complete(self) -> None:
        """End the job as done, and go back to it."""
        if await self.move(JobStatus.COMPLETED):
            self.open(Part.OVERVIEW)

    async def close_incomplete(self, reason: str) -> None:
        """End the job without being done, and go back to it."""
        if await self.move(JobStatus.INCOMPLETE, reason=reason):
            self.open(Part.OVERVIEW)
