"""Finding a customer: those on this device at once, then everybody the server knows."""

import asyncio
import json
from collections.abc import Sequence
from typing import Final

from field_app.state.billing import paths
from field_app.state.billing.customer import to_customer
from field_app.state.screen import Screen
from field_app.state.workspace import Workspace
from field_core.office import CustomerFound, CustomersFound
from field_core.problems import Problem, ProblemError

PAUSE_S: Final = 0.25
"""A question to the server costs more than one to this device; two letters a second is typing."""
TYPED_MIN: Final = 2
RECENT_MAX: Final = 8
_RECENT: Final = ("clients", "recent")
"""Under these names the device keeps who was looked up lately; nothing of it is sent."""


class Clients(Screen):
    """What was typed and whom it means."""

    def __init__(self, workspace: Workspace, *, pause_s: float = PAUSE_S) -> None:
        super().__init__()
        self.workspace = workspace
        self._account = workspace.account
        self._pause_s = pause_s
        self.text = workspace.client_typed
        self.rows: Sequence[CustomerFound] | None = None
        """Whom the text means; None when there is too little of it."""
        self.has_more = False
        self.is_asking = False
        self.missing: Problem | None = None
        """Why only customers of this device are shown."""
        self.recent: Sequence[CustomerFound] = ()

    @property
    def is_nobody_found(self) -> bool:
        """Whether the server itself knows nobody."""
        return self.rows == () and not self.is_asking and self.missing is None

    async def load(self) -> None:
        """Look for what is typed now; an answer to an older text is not shown."""
        self.recent = await self._recent()
        typed = self.text.strip()
        if len(typed) < TYPED_MIN:
            self.rows, self.missing, self.is_asking = None, None, False
            return
        here = await self._account.read(lambda ask: ask.customers(typed))
        self._show(typed, here, is_asking=True)
        path = paths.customers(typed)
        try:
            told = await self._account.remote.ask(path, CustomersFound)
        except ProblemError as error:
            if typed == self.text.strip():
                self.missing, self.is_asking = error.problem, False
            return
        self._show(typed, told.value, is_asking=False)

    def _show(self, typed: str, found: CustomersFound, *, is_asking: bool) -> None:
        if typed != self.text.strip():
            return
        self.rows, self.has_more = tuple(found.rows), found.has_more
        self.missing, self.is_asking = None, is_asking
        self.changed()

    async def typed(self, text: str) -> None:
        """Look for a text once the person pauses."""
        self.text = self.workspace.client_typed = text
        await asyncio.sleep(self._pause_s)
        if text == self.text:
            await self.refresh()

    async def clear(self) -> None:
        """Begin anew."""
        self.text = self.workspace.client_typed = ""
        await self.refresh()

    async def first(self) -> None:
        """Open the likeliest one, as Enter does."""
        if self.rows:
            await self.open(self.rows[0])

    async def open(self, row: CustomerFound) -> None:
        """Go to a customer, and remember that."""
        to_customer(self.workspace, row.name)
        kept = [row, *(one for one in self.recent if one.name != row.name)][:RECENT_MAX]
        self.recent = kept
        text = json.dumps([one.model_dump(mode="json", exclude={"found_by"}) for one in kept])
        await self._account.keep_draft(*_RECENT, text)

    async def _recent(self) -> Sequence[CustomerFound]:
        text = await self._account.draft(*_RECENT)
        try:
            return [CustomerFound.model_validate(one) for one in json.loads(text or "[]")]
        except ValueError:  # kept by another version of the app
            return ()
