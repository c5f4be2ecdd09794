"""The PIN on top of everything: asked at the start and after a while in the background."""

from collections.abc import Callable
from typing import Final

from field_app.ports import PinKeeping, PinState
from field_app.state.preferred import Preferred
from field_app.state.screen import Screen

DIGITS_MIN: Final = 4
DIGITS_MAX: Final = 8
_MINUTE_MS: Final = 60_000


class Lock(Screen):
    """Whether the app is locked, and what opens it; what is under it goes on syncing."""

    def __init__(
        self, pins: PinKeeping, preferred: Preferred, *, now_ms: Callable[[], int]
    ) -> None:
        super().__init__()
        self._pins = pins
        self._preferred = preferred
        self._now_ms = now_ms
        self._hidden_ms: int | None = None
        self._until_ms = 0
        self.state = PinState()
        self.is_locked = False
        self.is_busy = False
        self.error: str | None = None
        """The key of what is to be said about the last attempt."""

    async def load(self) -> None:
        """Read where the PIN stands."""
        self.state = await self._pins.state()
        self._until_ms = self._now_ms() + self.state.wait_ms

    async def begin(self) -> None:
        """Lock at the start of the app, if there is a PIN."""
        await self.load()
        self.is_locked = self.state.is_set
        self.changed()

    # --- in the background

    def hidden(self) -> None:
        """The app went to the background."""
        if self._hidden_ms is None:
            self._hidden_ms = self._now_ms()

    def shown(self) -> None:
        """The app came back: lock when it was long."""
        since_ms, self._hidden_ms = self._hidden_ms, None
        if since_ms is None or not self.state.is_set:
            return
        away_ms = self._now_ms() - since_ms
        # A clock that went backwards says nothing about how long it was: be careful, then.
        if not 0 <= away_ms < self._preferred.value.lock_after_min * _MINUTE_MS:
            self.is_locked, self.error = True, None
            self.changed()

    def lock(self) -> None:
        """Lock now, because the person says so."""
        if self.state.is_set:
            self.is_locked, self.error = True, None
            self.changed()

    # --- unlocking

    @property
    def wait_s(self) -> int:
        """How many seconds no attempt is taken."""
        return max(0, -(-(self._until_ms - self._now_ms()) // 1000))

    async def unlock(self, pin: str) -> bool:
        """Try a PIN."""
        if self.is_busy or self.wait_s or self.state.is_exhausted:
            return False
        self.is_busy, self.error = True, None
        self.changed()
        try:
            opens = await self._pins.opens(pin)
            await self.load()
        finally:
            self.is_busy = False
        self.is_locked = not opens
        self.error = None if opens else "pin.wrong"
        self.changed()
        return opens

    def release(self) -> None:
        """The person has proved who they are in another way."""
        self.is_locked, self.error = False, None
        self.changed()

    # --- choosing

    async def choose(self, pin: str, again: str) -> bool:
        """Set the PIN, typed twice."""
        if not (pin.isascii() and pin.isdigit() and DIGITS_MIN <= len(pin) <= DIGITS_MAX):
            self._say("pin.length")
        elif pin != again:
            self._say("pin.differ")
        else:
            await self._set(pin)
            return True
        return False

    def forget_error(self) -> None:
        """Say no more of the last attempt."""
        self._say(None)

    async def remove(self) -> None:
        """Do without a PIN."""
        await self._set(None)

    async def _set(self, pin: str | None) -> None:
        await self._pins.choose(pin)
        await self.load()
        self.is_locked = False
        self._say(None)

    def _say(self, error: str | None) -> None:
        self.error = error
        self.changed()
