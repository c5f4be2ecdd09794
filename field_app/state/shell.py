"""The whole app: signing in, or the day of the account that is signed in."""

from collections.abc import Callable

from field_app.ports import Asking, Entry
from field_app.state.screen import Screen
from field_app.state.sign_in import SignIn
from field_app.state.today import Today


class Shell(Screen):
    """Holds one of the two; neither while the account is being opened."""

    def __init__(self, entry: Entry, *, today: Callable[[], str]) -> None:
        super().__init__()
        self._entry = entry
        self._today = today
        self.sign_in: SignIn | None = None
        self.day: Today | None = None

    async def open(self) -> None:
        """Go on with the account that is signed in here, else ask for one."""
        account = await self._entry.resume()
        if account is None:
            self.sign_in = SignIn(self._entry, self._entered)
            self.changed()
        else:
            self._entered(account)

    def _entered(self, account: Asking) -> None:
        self.sign_in, self.day = None, Today(account, today=self._today)
        self.changed()
