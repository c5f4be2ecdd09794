"""One job: its facts, what may be done next, and the parts it consists of."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from field_app.ports import Attention, JobDetail, ReadyCheck, StepRow
from field_app.state.day.offers import Offer, OfferState
from field_app.state.place import Part, Place, Room
from field_app.state.rooms import has_customers
from field_app.state.screen import Forget, Screen
from field_app.state.workspace import Workspace
from field_core.money import ZERO
from field_core.status import JobStatus, is_closed, move, parse

_PRIMARY = (
    JobStatus.ACCEPTED,
    JobStatus.EN_ROUTE,
    JobStatus.ON_SITE,
    JobStatus.COMPLETED,
)
"""The day's way through a job: the first of these that is still ahead is proposed."""


class Job(Screen):
    """A job that is open on the screen."""

    def __init__(self, workspace: Workspace, key: str) -> None:
        super().__init__()
        self.workspace = workspace
        self.key = key
        self.detail: JobDetail | None = None
        self.is_gone = False
        """Whether it was looked for and is not on this device."""
        self.checks: Sequence[ReadyCheck] = ()
        self.attention = Attention()
        self.owed: Decimal | None = None
        """What the customer owes, as far as this device knows."""
        """What of the job waits for a person, here or in the office."""

    def follow(self, tell: Callable[[], None]) -> Forget:
        """Documents that change may be this job's."""
        return self.workspace.account.on_news(tell)

    async def load(self) -> None:
        """Read the job and the check before going in."""
        key = self.key
        self.detail, self.checks, self.attention, owed = await self.workspace.account.read(
            lambda ask: (
                ask.job(key),
                ask.ready_checks(key),
                ask.attention(key),
                ask.owed_here(key),
            )
        )
        self.owed = sum((line.outstanding for line in owed.invoices), ZERO) if owed else None
        self.is_gone = self.detail is None

    @property
    def offer(self) -> Offer | None:
        """The job as an offer, for as long as nobody has it."""
        offer = Offer(self.workspace, self.detail) if self.detail else None
        return offer if offer and offer.state is not OfferState.NONE else None

    def look(self) -> None:
        """Go to what waits for a person first."""
        if self.attention.first:
            self.workspace.navigator.go(Place(Room.OUTBOX, self.attention.first, Part.ENTRY))

    @property
    def status(self) -> JobStatus | None:
        """Where the job stands."""
        return parse(self.detail.row.status) if self.detail else None

    @property
    def is_closed(self) -> bool:
        """Whether work on it has ended."""
        return self.status is not None and is_closed(self.status)

    @property
    def is_ready(self) -> bool:
        """Whether everything for the visit is here."""
        return all(check.is_met for check in self.checks)

    @property
    def next_step(self) -> StepRow | None:
        """The step to do before the work can be called done; None until one is on site."""
        is_last = self.next_move is JobStatus.COMPLETED
        return self.detail.next_step if self.detail and is_last else None

    @property
    def next_move(self) -> JobStatus | None:
        """The one move that the day's way proposes."""
        if self.detail is None or self.is_closed or self.status is None or self.offer:
            return None
        if self.status is JobStatus.PAUSED:
            return JobStatus.ON_SITE
        ahead = _PRIMARY[_PRIMARY.index(self.status) + 1 :] if self.status in _PRIMARY else _PRIMARY
        return next((to for to in ahead if to in self.detail.moves), None)

    @property
    def other_moves(self) -> Sequence[JobStatus]:
        """Every other move that may be made now; on an offer it is answered first."""
        moves = self.detail.moves if self.detail and not self.offer else ()
        shown = None if self.next_step else self.next_move
        return [to for to in moves if to is not shown]

    def needs_reason(self, to: JobStatus) -> bool:
        """Tell whether the status table wants a reason for a move."""
        found = move(self.status, to) if self.status else None
        return found is not None and found.needs_reason

    async def move(self, to: JobStatus, *, reason: str | None = None) -> bool:
        """Move the job; tell whether it was done."""
        key = self.key
        made = await self.workspace.act(
            lambda acts: acts.move(key, to, reason=reason), said="notice.moved"
        )
        return made is not None

    @property
    def has_customer_page(self) -> bool:
        """Whether this person has pages of customers, and the job has a customer."""
        roles = self.workspace.account.person.roles
        return has_customers(roles) and bool(self.detail and self.detail.body.get("customer"))

    def to_customer(self) -> None:
        """Go to the page of the job's customer (OP-03)."""
        assert self.detail, "drawn once it was read"
        name = str(self.detail.body["customer"])
        self.workspace.navigator.go(Place(Room.CLIENTS, name))

    def open(self, part: Part, row: str | None = None) -> None:
        """Go to a part of the job."""
        here = self.workspace.navigator.place
        self.workspace.navigator.go(Place(here.room, self.key, part, row))
