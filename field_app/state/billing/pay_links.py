"""The payment links of a technician's customers, fetched ahead: a door has no network to ask.

They are asked for when the app opens, when documents change, and when an invoice has none; kept on
the device like every answer. A link opens the public pay page and nothing else.
"""

from collections.abc import Callable
from typing import Final

from field_app.ports import Told
from field_app.state.billing import paths
from field_app.state.screen import Forget, Screen
from field_app.state.workspace import Workspace
from field_core.capabilities import Capability, Role, capabilities
from field_core.office import Door
from field_core.problems import ProblemError

AGAIN_MS: Final = 10 * 60_000
"""New unpaid invoices of a day's customers are rare; each of them is also asked for when opened."""


class PayLinks(Screen):
    """Keeps the links at hand."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._account = workspace.account
        self._now_ms = workspace.now_ms
        self._asked_ms: int | None = None

    @property
    def is_wanted(self) -> bool:
        """Whether this person collects at doors; the office asks for the one invoice it wants."""
        roles = self._account.person.roles
        return may(roles, Capability.COLLECT_PAYMENT) and not may(roles, Capability.SEE_BILLING)

    def follow(self, tell: Callable[[], None]) -> Forget:
        """News may be an invoice."""
        return self._account.on_news(tell)

    async def load(self) -> None:
        """Ask, unless that was done lately; without a network the next news asks again."""
        if not self.is_wanted or self._is_fresh():
            return
        try:
            await self._account.remote.ask(paths.DOOR, Door)
        except ProblemError:  # what is kept goes on to serve
            return
        self._asked_ms = self._now_ms()

    def _is_fresh(self) -> bool:
        return self._asked_ms is not None and self._now_ms() - self._asked_ms < AGAIN_MS


async def kept_links(workspace: Workspace) -> Told[Door] | None:
    """Return the links that are on this device."""
    return await workspace.account.remote.kept(paths.DOOR, Door)


def may(roles: frozenset[str], capability: Capability) -> bool:
    """Tell whether a person's roles allow something; a role of a newer server allows nothing."""
    known = [Role(name) for name in roles if name in {*Role}]
    return capability in capabilities(known)
