"""Search: what one types finds, as one types it, and what was searched for lately."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from field_app.ports import FoundIn, Hit, Hits
from field_app.state.place import Part, Place, Room
from field_app.state.rooms import has_customers
from field_app.state.scanning.count import PLACE as COUNT
from field_app.state.scanning.identified import Identified
from field_app.state.scanning.scanner import Scanner
from field_app.state.screen import Forget, Screen
from field_app.state.workspace import Workspace

PAUSE_S: Final = 0.15
"""Shorter than the gap between two words, longer than that between two letters."""
TYPED_MIN: Final = 2
"""One letter finds half of everything."""


class Search(Screen):
    """The text and what it finds; the workspace keeps the text for when one comes back."""

    def __init__(self, workspace: Workspace, *, pause_s: float = PAUSE_S) -> None:
        super().__init__()
        self._workspace = workspace
        self._account = workspace.account
        self._pause_s = pause_s
        self.text = workspace.searched
        self.hits: Hits | None = None
        """What the text finds; None when there is too little of it."""
        self.recent: Sequence[str] = ()
        self.scanner: Scanner | None = None
        """The scanner, while it is in front."""

    def follow(self, tell: Callable[[], None]) -> Forget:
        """What arrives may be what is looked for."""
        return self._account.on_news(tell)

    async def load(self) -> None:
        """Read what the text finds now; an answer to an older text is not shown."""
        text = self.text.strip()
        self.recent = await self._account.read(lambda ask: ask.recent_searches())
        if len(text) < TYPED_MIN:
            self.hits = None
            return
        hits = await self._account.read(lambda ask: ask.hits(text))
        if text == self.text.strip():
            self.hits = hits

    @property
    def is_nothing_found(self) -> bool:
        """Whether something was looked for that is nowhere on this device."""
        return self.hits is not None and not self.hits.groups

    async def typed(self, text: str) -> None:
        """Look for a text once the person pauses."""
        self.text = self._workspace.searched = text
        await asyncio.sleep(self._pause_s)
        if text == self.text:
            await self.refresh()

    async def again(self, text: str) -> None:
        """Look for something once more."""
        self.text = self._workspace.searched = text
        await self.refresh()

    def open_scanner(self) -> None:
        """Look a device up by its label."""
        self.scanner = Scanner(self._workspace, self._scanned, close=self._close_scanner)
        self.changed()

    def _close_scanner(self) -> None:
        self.scanner = None
        self.changed()

    async def _scanned(self, found: Identified) -> None:
        self._close_scanner()
        await self.again(found.best or "")

    def open_count(self) -> None:
        """Go and count the van."""
        self._workspace.navigator.go(COUNT)

    async def open(self, hit: Hit) -> None:
        """Go to the job it leads to, else to what is known of it; the search is remembered."""
        keys = [job.key for job in hit.jobs if job.key]
        roles = self._account.person.roles
        if hit.group is FoundIn.CUSTOMERS and has_customers(roles):
            self._workspace.navigator.go(Place(Room.CLIENTS, hit.label))
        elif len(keys) == 1:
            self._workspace.navigator.go(Place(Room.SEARCH, keys[0]))
        else:
            self._workspace.navigator.go(Place(Room.SEARCH, hit.key, Part.CARD))
        text = self.text
        await self.attempt(self._account.edit(lambda acts: acts.remember_search(text)))

    async def forget(self) -> None:
        """Forget what was searched for."""
        await self.attempt(self._account.edit(lambda acts: acts.forget_searches()))
        await self.refresh()


class Card(Screen):
    """One find that is no job: its facts, and the jobs it leads to."""

    def __init__(self, workspace: Workspace, key: str) -> None:
        super().__init__()
        self.workspace = workspace
        self.key = key
        self.hit: Hit | None = None
        self.is_gone = False
        """Whether it has left this device."""

    def follow(self, tell: Callable[[], None]) -> Forget:
        """It may change or leave."""
        return self.workspace.account.on_news(tell)

    async def load(self) -> None:
        """Read it."""
        key = self.key
        self.hit = await self.workspace.account.read(lambda ask: ask.hit(key))
        self.is_gone = self.hit is None

    def open(self, job: str) -> None:
        """Go to one of its jobs."""
        self.workspace.navigator.go(Place(Room.SEARCH, job))
