"""Signing in: the server, an address, a password."""

from collections.abc import Callable

from field_app.ports import Asking, Entry
from field_app.state.screen import Screen


class SignIn(Screen):
    """The sign-in screen; `entered` is called with the account."""

    def __init__(self, entry: Entry, entered: Callable[[Asking], None]) -> None:
        super().__init__()
        self._entry = entry
        self._entered = entered
        self.server = entry.server
        self.is_busy = False

    async def submit(self, server: str, email: str, password: str) -> None:
        """Try to sign in; a second press while the first is under way does nothing."""
        if self.is_busy:
            return
        self.is_busy = True
        self.changed()
        try:
            await self.attempt(self._enter(server.strip(), email.strip(), password))
        finally:
            self.is_busy = False
            self.changed()

    async def _enter(self, server: str, email: str, password: str) -> None:
        self._entered(await self._entry.sign_in(server, email, password))
