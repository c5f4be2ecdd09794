"""The photo that is looked at, large: from this device, or fetched from the server meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from field_app.ports import Box, PhotoCard, PhotoState
from field_app.state.workspace import Workspace
from field_core.problems import Problem, ProblemError

_AT_SERVER: Final = frozenset(
    {PhotoState.ELSEWHERE, PhotoState.RECEIVED, PhotoState.IN_OFFICE, PhotoState.NEEDS_REVIEW}
)


class LookedAt:
    """What is shown of one photo at a time."""

    def __init__(
        self,
        workspace: Workspace,
        *,
        changed: Callable[[], None],
        refresh: Callable[[], Awaitable[None]],
    ) -> None:
        """refresh: reads again, `show` included, once a photo was fetched."""
        self._workspace = workspace
        self._changed = changed
        self._refresh = refresh
        self._card: PhotoCard | None = None
        self._task: asyncio.Task[None] | None = None
        self._brought: tuple[str, bytes] | None = None
        self._may_begin = True
        self.picture: bytes | None = None
        self.crop: bytes | None = None
        """The label in it, where it is known."""
        self.got = 0
        """How many bytes of it have come."""
        self.problem: Problem | None = None
        """Why it could not be fetched."""

    @property
    def is_fetching(self) -> bool:
        """Whether it is on its way."""
        return self._task is not None

    @property
    def may_fetch(self) -> bool:
        """Whether it is not here and the server may have it."""
        card = self._card
        if card is None or self.picture is not None:
            return False
        return bool(card.sha256 and card.size) and card.state in _AT_SERVER

    @property
    def has_link(self) -> bool:
        """Whether the server answered the last time."""
        standing = self._workspace.account.standing
        return standing.failure is None and standing.phase != "signed-out"

    @property
    def is_held(self) -> bool:
        """Whether photos wait for Wi-Fi; whoever asks for this one has it all the same."""
        return self._workspace.account.fetching.is_held

    async def show(self, card: PhotoCard | None) -> None:
        """Show a photo; one that is not here is fetched, once each time that the link is up."""
        if card is None or self._card is None or card.id != self._card.id:
            self.leave()
        self._card = card
        picture = await self._read(card.sha256) if card and card.sha256 else None
        box = Box.parse(card.crop if card else None)
        crop = await self._workspace.account.scanning.cut(picture, box) if picture and box else None
        if self._card is not card:
            return  # another one is looked at by now
        self.picture, self.crop = picture, crop
        self._may_begin = self._may_begin or not self.has_link
        if self.may_fetch and self._may_begin and self.has_link and not self.is_held:
            self.fetch()

    async def _read(self, name: str) -> bytes | None:
        kept = await self._workspace.account.photographs.picture(name)
        if kept is None and self._brought and self._brought[0] == name:
            return self._brought[1]  # of a disk without room for it
        return kept

    def fetch(self) -> None:
        """Have it fetched, unless it is on its way."""
        card = self._card
        if card is None or card.sha256 is None or self.is_fetching:
            return
        self.problem, self.got, self._may_begin = None, 0, False
        self._task = asyncio.get_running_loop().create_task(self._fetch(card.sha256, card.size))
        self._changed()

    def leave(self) -> None:
        """Turn away; what has come of it stays, and is gone on with the next time."""
        if self._task is not None:
            self._task.cancel()
        self._task = self._card = self._brought = self.problem = None
        self.picture = self.crop = None
        self._may_begin = True

    async def _fetch(self, name: str, size: int) -> None:
        try:
            content = await self._workspace.account.fetching.fetch(name, size, self._came)
        except ProblemError as error:
            self.problem = error.problem
        else:
            self._brought, self.picture = (name, content), content
            await self._refresh()
        self._task = None
        self._changed()

    def _came(self, got: int) -> None:
        self.got = got
        self._changed()
