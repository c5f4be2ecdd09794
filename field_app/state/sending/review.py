"""One entry of the outbox: what it consists of, why it stands where it does, what one can do."""

from collections.abc import Callable

from field_app.ports import EntryDetail, OutboxLine, ReviewLine, Section
from field_app.state.place import Place, Room
from field_app.state.screen import Forget, Screen, every
from field_app.state.workspace import Workspace


class Review(Screen):
    """An act with its operations, or something that the office decides about."""

    def __init__(self, workspace: Workspace, entry: str) -> None:
        super().__init__()
        self.workspace = workspace
        self.id = entry
        self.detail: EntryDetail | None = None
        self.is_gone = False
        """Whether it was looked for and is kept here no longer."""

    def follow(self, tell: Callable[[], None]) -> Forget:
        """A verdict, a decision of the office or bytes that were sent may change it."""
        account = self.workspace.account
        return every(account.on_news(tell), account.on_standing(tell))

    async def load(self) -> None:
        """Read it."""
        entry = self.id
        self.detail = await self.workspace.account.read(lambda ask: ask.outbox_entry(entry))
        self.is_gone = self.detail is None

    @property
    def act(self) -> OutboxLine | None:
        """The act, if it is one that was done here."""
        entry = self.detail.entry if self.detail else None
        return entry if isinstance(entry, OutboxLine) else None

    @property
    def review(self) -> ReviewLine | None:
        """The review, if that is what it is, or the first one that keeps the act."""
        if self.detail is None:
            return None
        if isinstance(self.detail.entry, ReviewLine):
            return self.detail.entry
        return self.detail.reviews[0] if self.detail.reviews else None

    @property
    def needs_person(self) -> bool:
        """Whether whoever did it is asked for."""
        return self.act is not None and self.act.section is Section.NEEDS_YOU

    @property
    def can_send(self) -> bool:
        """Whether asking the server now may bring it on."""
        return self.act is not None and self.act.section is Section.WAITING

    @property
    def can_try_file_again(self) -> bool:
        """Whether its file stopped for a reason that may be gone."""
        return self.act is not None and self.act.is_stuck

    @property
    def can_open_job(self) -> bool:
        """Whether its job is on this device."""
        job = self.detail.entry.job if self.detail else None
        return job is not None and job.key is not None

    def open_job(self) -> None:
        """Go to the job, where it can be done again or put right."""
        job = self.detail.entry.job if self.detail else None
        if job is not None and job.key is not None:
            self.workspace.navigator.go(Place(Room.TODAY, job.key))

    async def try_file_again(self) -> None:
        """Have its file sent again."""
        entry = self.id
        await self.workspace.act(lambda acts: acts.try_file_again(entry), said="entry.file-again")

    async def set_aside(self, reason: str) -> None:
        """Note that it is dealt with; the reason goes to the job as a note for the office."""
        entry = self.id
        await self.workspace.act(
            lambda acts: acts.set_aside(entry, reason), said="entry.set-aside.done"
        )
