"""The whole app: the way in, the lock, the first sync, and the account at work."""

import asyncio
from collections.abc import Callable
from enum import StrEnum

from field_app.ports import Asking, Entry
from field_app.state.around import Around
from field_app.state.entry.lock import Lock
from field_app.state.entry.sign_in import SignIn
from field_app.state.place import Navigator, Place
from field_app.state.preferred import Preferred
from field_app.state.rooms import home_of
from field_app.state.screen import Forget, Screen
from field_app.state.workspace import Workspace
from field_core.problems import Problem, ProblemError


class Stage(StrEnum):
    """What is in front."""

    OPENING = "opening"
    REFUSED = "refused"
    SIGN_IN = "sign-in"
    WIPED = "wiped"
    LOCKED = "locked"
    PIN_OFFER = "pin-offer"
    FIRST_SYNC = "first-sync"
    AT_WORK = "at-work"


class Shell(Screen):
    """One window of the app."""

    def __init__(
        self,
        entry: Entry,
        preferred: Preferred,
        *,
        now_ms: Callable[[], int],
        today: Callable[[], str],
        route: str = "/",
    ) -> None:
        super().__init__()
        self._entry = entry
        self._preferred = preferred
        self._now_ms = now_ms
        self._today = today
        self._route = route
        self._account: Asking | None = None
        self._forget: list[Forget] = []
        self._joining: asyncio.Future[None] | None = None
        self._is_pin_offered = False
        self._is_first_sync_shown = False
        self._is_wiped = False
        self.refusal: Problem | None = None
        self.sign_in: SignIn | None = None
        self.workspace: Workspace | None = None
        self.lock: Lock | None = None

    @property
    def stage(self) -> Stage:  # noqa: PLR0911 - one line a stage, the first that holds
        """What is in front; the account under it stays as it is."""
        if self.sign_in:
            return Stage.SIGN_IN
        if self._is_wiped:
            return Stage.WIPED
        if self.refusal:
            return Stage.REFUSED
        if self.workspace is None or self.lock is None:
            return Stage.OPENING
        if self.lock.is_locked:
            return Stage.LOCKED
        if self._is_pin_offered:
            return Stage.PIN_OFFER
        return Stage.FIRST_SYNC if self._is_first_sync_shown else Stage.AT_WORK

    # --- opening

    async def open(self) -> None:
        """Go on with the account that is here, else ask for one."""
        self.refusal = None
        self.changed()
        try:
            account = await self._entry.resume()
        except ProblemError as error:
            self.refusal = error.problem
            self.changed()
            return
        if account is None:
            self._ask_to_sign_in()
        else:
            await self._take(account)
            self.changed()

    def watch(self) -> Forget:
        """Hear of what other windows do; returns what ends that."""
        return self._entry.on_switch(self._switched)

    def _switched(self) -> None:
        """Another window signed in or out: this one's account may be closed, or one be open."""
        if self.workspace is None:
            self._joining = asyncio.ensure_future(self._join())
        elif not self._is_current():
            self._drop()
            self._ask_to_sign_in()

    async def _join(self) -> None:
        """Open what another window signed in to; a sign-in that is under way here goes first."""
        try:
            account = await self._entry.resume()
        except ProblemError:  # whoever signs in here is told what is wrong
            return
        is_asking = self.sign_in is not None and not self.sign_in.is_busy
        if account is not None and is_asking and self.workspace is None:
            await self._take(account)
            self.sign_in = None
            self.changed()

    def _is_current(self) -> bool:
        return self._account is not None and self._entry.is_open(self._account)

    def _ask_to_sign_in(self) -> None:
        chosen = self._preferred.value
        self.sign_in = SignIn(
            self._entry, self._entered, server=self._entry.server, email=chosen.email or ""
        )
        self.changed()

    # --- signing in

    async def _entered(self, account: Asking) -> None:
        """Take an account that a person has just proved to be theirs."""
        self._is_wiped = False
        is_forgotten = self.is_locked
        if account is not self._account:
            await self._take(account)
            self._is_first_sync_shown = await account.read(lambda ask: ask.is_new())
        lock = self.lock
        assert lock is not None, "an account has a lock"
        if is_forgotten or lock.state.is_exhausted:  # the PIN is lost, the work is not
            await lock.remove()
        lock.release()
        self._is_pin_offered = not lock.state.is_set
        self.sign_in = None
        self.changed()

    async def reconnect(self) -> None:
        """Ask for a new session of the account that is here; its work stays as it is."""
        if self.workspace is None or self.workspace.around is None:
            return
        facts = await self.workspace.around.upkeep.diagnosis()
        person = self.workspace.account.person
        self.sign_in = SignIn(
            self._entry,
            self._reconnected,
            server=facts.server,
            email=person.email,
            is_again=True,
            cancel=self._stop_reconnecting,
        )
        self.changed()

    async def _reconnected(self, account: Asking) -> None:
        if account is not self._account or self.is_locked:
            await self._entered(account)
            return
        self.sign_in = None
        self.changed()

    def _stop_reconnecting(self) -> None:
        self.sign_in = None
        self.changed()

    # --- the account at work

    async def _take(self, account: Asking) -> None:
        self._drop()
        upkeep = self._entry.upkeep
        lock = Lock(self._entry.pins, self._preferred, now_ms=self._now_ms)
        await lock.begin()
        place = await self._place(account, upkeep.remembered_place())
        around = Around(self._preferred, lock, upkeep, self._leave, self.reconnect)
        upkeep.remember_place(place.path)
        self._account, self.lock = account, lock
        self.workspace = Workspace(
            account,
            Navigator(place, remember=upkeep.remember_place, home=home_of(account.person.roles)),
            now_ms=self._now_ms,
            today=self._today,
            around=around,
        )
        self._forget = [account.on_standing(self._heard), lock.on_change(self.changed)]

    async def _place(self, account: Asking, remembered: str | None) -> Place:
        """Return where to begin: a link, else where the person was; today when that is gone."""
        asked = Place.parse(self._route)
        home = home_of(account.person.roles)
        place = asked if asked != Place() else Place.parse(remembered or home.path)
        self._route = "/"
        key = place.job
        if key is None or await account.read(lambda ask: ask.job(key)) is not None:
            return place
        return home

    def _drop(self) -> None:
        for forget in self._forget:
            forget()
        self._forget = []
        self._account = self.workspace = self.lock = None
        self._is_pin_offered = self._is_first_sync_shown = False

    def _heard(self) -> None:
        """The office may have ordered this device to be erased."""
        if self._account is not None and self._account.standing.phase == "wiped":
            self._drop()
            self._is_wiped = True
            self.changed()

    # --- in the background

    @property
    def is_locked(self) -> bool:
        """Whether the PIN is asked for."""
        return self.lock is not None and self.lock.is_locked

    def hidden(self) -> None:
        """The app went to the background."""
        if self.lock is not None:
            self.lock.hidden()

    def shown(self) -> None:
        """The app came back."""
        if self.lock is not None:
            self.lock.shown()

    # --- going on

    def skip_pin(self) -> None:
        """Do without a PIN for now; settings offer it again."""
        self._is_pin_offered = False
        self.changed()

    async def choose_pin(self, pin: str, again: str) -> None:
        """Set the PIN that was offered."""
        if self.lock is not None and await self.lock.choose(pin, again):
            self.skip_pin()

    def go_on(self) -> None:
        """Work with what has come, while the rest comes."""
        if self._is_first_sync_shown:
            self._is_first_sync_shown = False
            self.changed()

    def begin_again(self) -> None:
        """Sign in after the device was erased."""
        self._is_wiped = False
        self._ask_to_sign_in()

    async def _leave(self, *, keep_data: bool) -> None:
        try:
            await self._entry.leave(keep_data=keep_data)
        finally:
            if self.workspace is not None and not self._is_current():
                self._drop()
                await self.open()
