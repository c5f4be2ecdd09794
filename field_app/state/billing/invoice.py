"""One invoice: its details, the customer's own paper, the ways to pay it, and its timeline."""

from enum import StrEnum
from typing import Final, Literal

from field_app.ports import KeptFile, Picture, Told
from field_app.state.billing import paths
from field_app.state.billing.asked import Asked
from field_app.state.screen import Screen
from field_app.state.workspace import Workspace
from field_core.office import InvoiceDetail
from field_core.problems import Problem, ProblemError

Channel = Literal["sms", "email"]
CHANNELS: Final[tuple[Channel, ...]] = ("sms", "email")
PAGES_MAX: Final = 20
"""Pages that are drawn; a longer paper is opened as a PDF."""


class Tab(StrEnum):
    """What of an invoice is in front."""

    DETAILS = "details"
    PREVIEW = "preview"
    PAY = "pay"


class InvoicePage(Asked[InvoiceDetail]):
    """An invoice that is open on the screen."""

    def __init__(self, workspace: Workspace, name: str) -> None:
        super().__init__(workspace, paths.invoice(name), InvoiceDetail)
        self.name = name
        self.tab = Tab.DETAILS

    def show(self, tab: Tab) -> None:
        """Bring another side of it to the front."""
        self.tab = tab
        self.changed()

    @property
    def is_owed(self) -> bool:
        """Whether something is to be paid."""
        return self.value is not None and self.value.outstanding > 0

    @property
    def is_link_good(self) -> bool:
        """Whether the code on the screen would open the pay page now."""
        until_ms = self.value.pay_until_ms if self.value else 0
        return self.is_owed and self.workspace.now_ms() < until_ms

    def recipient(self, channel: Channel) -> str:
        """Return where a link would go, all but its end hidden; empty where it cannot."""
        if self.value is None:
            return ""
        return self.value.phone if channel == "sms" else self.value.email

    async def send_link(self, channel: Channel) -> bool:
        """Have the server send a link; tell whether it took the task (B-01)."""
        path = paths.invoice(self.name, "/link")
        try:
            await self._account.remote.send(path, {"channel": channel})
        except ProblemError as error:
            self.workspace.notices.refuse(error.problem)
            return False
        self.workspace.notices.say(f"invoice.link-sent.{channel}", to=self.recipient(channel))
        await self.ask_now()
        return True


class Preview(Screen):
    """The customer's paper: the same bytes, drawn page by page by the server (OP-08)."""

    def __init__(self, workspace: Workspace, name: str) -> None:
        super().__init__()
        self._remote = workspace.account.remote
        self._now_ms = workspace.now_ms
        self.name = name
        self.pages: list[Told[Picture]] = []
        self.count = 0
        self.missing: Problem | None = None
        self.is_asking = False

    async def load(self) -> None:
        """Show the pages that are here, and ask for those that are not."""
        self.is_asking, self.missing = True, None
        self.changed()
        try:
            await self._read()
        except ProblemError as error:
            self.missing = error.problem
        finally:
            self.is_asking = False

    async def _read(self) -> None:
        number = len(self.pages) + 1
        while not self.count or number <= min(self.count, PAGES_MAX):
            path = paths.invoice(self.name, f"/pages/{number}")
            page = await self._remote.kept_page(path) or await self._remote.page(path)
            self.pages.append(page)
            self.count = page.value.pages
            self.changed()
            number += 1

    async def pdf(self) -> KeptFile | None:
        """Fetch the paper itself, to save or print; None when it cannot be had."""
        try:
            content = await self._remote.pdf(paths.invoice(self.name, "/pdf"))
        except ProblemError as error:
            self.missing = error.problem
            self.changed()
            return None
        return KeptFile(f"{self.name}.pdf", content)
