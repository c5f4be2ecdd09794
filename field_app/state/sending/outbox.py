"""The outbox: everything done here, in sections by what it waits for, and what sync has to say."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from field_app.ports import OutboxEntry, OutboxPage, Section, Standing
from field_app.state.place import Part, Place, Room
from field_app.state.screen import Forget, Screen, every
from field_app.state.window import Window
from field_app.state.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above the entries of a section."""

    section: Section
    count: int
    is_folded: bool = False


ROWS_HELD: Final = 180
"""More than a day has acts: rows of unequal height allow no exact places beyond those held."""


class Outbox(Screen):
    """The list, as far as it is drawn."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._account = workspace.account
        self.sync = workspace.sync
        self.page: OutboxPage | None = None
        """What was read; None until then."""
        self.is_office_open = False
        """Whether what the office has is listed too."""
        self.window = Window(count=ROWS_HELD)

    def follow(self, tell: Callable[[], None]) -> Forget:
        """Anything done or answered may change it."""
        return every(self._account.on_news(tell), self._account.on_standing(tell))

    async def load(self) -> None:
        """Read the stretch that is drawn, and how many there are of everything."""
        window, with_office = self.window, self.is_office_open
        self.page = await self._account.read(
            lambda ask: ask.outbox_page(
                first=window.first, count=window.count, with_office=with_office
            )
        )
        counts = self.page.counts
        window.total = sum(
            count
            for section, count in counts.items()
            if with_office or section is not Section.OFFICE
        )

    @property
    def standing(self) -> Standing:
        """Where sync stands."""
        return self._account.standing

    @property
    def is_empty(self) -> bool:
        """Whether nothing is listed, not even folded away."""
        return self.page is not None and not any(self.page.counts.values())

    @property
    def left(self) -> int:
        """How many acts the server has not received whole."""
        return self.page.counts.get(Section.WAITING, 0) if self.page else 0

    @property
    def rows(self) -> Sequence[Heading | OutboxEntry]:
        """What is drawn: entries below the headings of their sections; the office's folded away."""
        if self.page is None:
            return []
        rows: list[Heading | OutboxEntry] = []
        section = None
        for entry in self.page.entries:
            if entry.section is not section:
                section = entry.section
                rows.append(Heading(section, self.page.counts[section]))
            rows.append(entry)
        in_office = self.page.counts.get(Section.OFFICE, 0)
        if in_office and not self.is_office_open and not self.window.after:
            rows.append(Heading(Section.OFFICE, in_office, is_folded=True))
        return rows

    async def toggle_office(self) -> None:
        """Unfold what the office has, or fold it away."""
        self.is_office_open = not self.is_office_open
        self.window = Window(count=ROWS_HELD)
        await self.refresh()

    async def scrolled(self, offset_px: float, *, row_px: float) -> None:
        """Follow the finger: read other rows when those at hand run out."""
        if self.window.move(offset_px, row_px=row_px):
            await self.refresh()

    def open(self, entry: OutboxEntry) -> None:
        """Look at one entry."""
        self._workspace.navigator.go(Place(Room.OUTBOX, entry.id, Part.ENTRY))
