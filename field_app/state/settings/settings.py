"""Settings: how the app looks and behaves, whose it is, what it takes, and the way out."""

from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Any

from field_app.ports import Diagnosis, KeptFile, Preferences, Storage
from field_app.state.around import Around
from field_app.state.screen import Forget, Screen, every
from field_app.state.workspace import Workspace
from field_core.problems import ProblemError


class Help(StrEnum):
    """What help there is, each a title and a few sentences."""

    STATES = "states"
    OFFLINE = "offline"
    PHOTOS = "photos"
    PIN = "pin"


class Settings(Screen):
    """The settings screen."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        assert workspace.around is not None, "settings need what the app offers around its screens"
        self._workspace = workspace
        self._around: Around = workspace.around
        self.storage: Storage | None = None
        self.diagnosis: Diagnosis | None = None
        self.freed_bytes: int | None = None
        """What the last cleaning won."""
        self.help: Help | None = None
        self.is_leaving = False
        """Whether the ways of signing out are shown."""
        self.is_choosing_pin = False
        """Whether the fields for a new PIN are shown."""
        self.is_busy = False

    def follow(self, tell: Callable[[], None]) -> Forget:
        """What is unsent, received and kept changes as syncing goes on."""
        return every(
            self._workspace.account.on_standing(tell),
            self._around.preferred.on_change(self.changed),
            self._around.lock.on_change(self.changed),
        )

    async def load(self) -> None:
        """Read the facts."""
        self.storage = await self._around.upkeep.storage()
        self.diagnosis = await self._around.upkeep.diagnosis()

    # --- choices

    @property
    def chosen(self) -> Preferences:
        """What is chosen."""
        return self._around.preferred.value

    def choose(self, **chosen: Any) -> None:  # noqa: ANN401 - fields of Preferences
        """Choose something else; it holds at once."""
        self._around.preferred.change(**chosen)
        self.problem = self._around.preferred.problem
        self.changed()

    # --- the PIN

    @property
    def has_pin(self) -> bool:
        """Whether a PIN is set."""
        return self._around.lock.state.is_set

    @property
    def pin_error(self) -> str | None:
        """Why the PIN that was typed was not taken."""
        return self._around.lock.error

    def ask_for_pin(self, *, is_choosing: bool = True) -> None:
        """Show or hide the fields for a new PIN."""
        self.is_choosing_pin = is_choosing
        self._around.lock.forget_error()
        self.changed()

    async def choose_pin(self, pin: str, again: str) -> None:
        """Set or change the PIN."""
        if await self._around.lock.choose(pin, again):
            self.is_choosing_pin = False
            self._workspace.notices.say("pin.set")
        self.changed()

    async def remove_pin(self) -> None:
        """Do without one."""
        await self._around.lock.remove()
        self._workspace.notices.say("pin.removed")

    def lock(self) -> None:
        """Lock now."""
        self._around.lock.lock()

    # --- room

    async def free(self) -> None:
        """Delete what the server has confirmed, and say how much that won."""
        await self.attempt(self._free())

    async def _free(self) -> None:
        self.freed_bytes = await self._around.upkeep.free()
        await self.load()

    # --- files for the office

    async def log_file(self) -> KeptFile:
        """Return the log."""
        return await self._around.upkeep.logs()

    async def rescue_file(self) -> KeptFile | None:
        """Return the rescue file; None when it cannot be had, which is then said."""
        try:
            made = await self._around.upkeep.rescue()
        except ProblemError as error:
            self._workspace.notices.refuse(error.problem)
            return None
        return made

    def say_kept(self, name: str) -> None:
        """Say that a file was handed over."""
        self._workspace.say_kept(name)

    def put_aside(self, file: KeptFile) -> None:
        """Keep a file in the program's own folder, and say where, when no dialog could."""
        self._workspace.put_aside(file)

    # --- help

    def turn(self, topic: Help) -> None:
        """Open a topic of help, or close it."""
        self.help = None if self.help is topic else topic
        self.changed()

    # --- the way out

    @property
    def left(self) -> int:
        """How many things exist on this device alone."""
        standing = self._workspace.account.standing
        return standing.unsent + max(
            standing.blobs_left, self.storage.waiting if self.storage else 0
        )

    def ask_to_leave(self, *, is_leaving: bool = True) -> None:
        """Show or hide the ways of signing out."""
        self.is_leaving, self.problem = is_leaving, None
        self.changed()

    async def send_now(self) -> None:
        """Send what is left, then say how it went."""
        await self._busy(self._sent())

    async def _sent(self) -> None:
        code = await self._workspace.account.sync_now()
        await self.load()
        if code:
            raise ProblemError(code, count=self.left)

    async def leave(self, *, keep_data: bool) -> None:
        """Sign out; refused while something is unsent, unless the data stays here."""
        await self._busy(self._around.leave(keep_data=keep_data))

    async def reconnect(self) -> None:
        """Ask for a new session."""
        await self._around.reconnect()

    async def _busy(self, work: Awaitable[object]) -> None:
        self.is_busy = True
        self.changed()
        try:
            await self.attempt(work)
        finally:
            self.is_busy = False
            self.changed()
