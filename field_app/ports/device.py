"""What this device keeps for its person: preferences, PIN, storage, facts."""

from dataclasses import dataclass
from typing import Final, Literal, Protocol

from field_app.theme import Mode

LOCK_AFTER_MIN: Final = (1, 5, 15, 60)
"""Minutes to choose from: a pocket, a stair, a lunch, a shift indoors."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a person chose on this device; holds for every account, and before signing in."""

    language: Literal["fr", "en"] | None = None
    """None: as the account or the environment says."""
    mode: Mode = Mode.LIGHT
    scale: float = 1.0
    is_wifi_only: bool = False
    """Whether photos wait for a network that is not the phone's own."""
    lock_after_min: int = LOCK_AFTER_MIN[1]
    """Minutes in the background after which the PIN is asked for."""
    server: str | None = None
    """The server signed in to last."""
    email: str | None = None
    """Who did, if their data is still here."""


@dataclass(frozen=True, slots=True)
class PinState:
    """Where the PIN of an account stands."""

    is_set: bool = False
    failures: int = 0
    wait_ms: int = 0
    """How long no attempt is taken."""
    is_exhausted: bool = False
    """Whether only signing in unlocks any more."""


@dataclass(frozen=True, slots=True)
class Storage:
    """What this account takes on this device, in bytes, and what of it may go."""

    database_bytes: int
    waiting: int
    waiting_bytes: int
    """Photos that the server has not verified; nothing ever deletes these."""
    received: int
    received_bytes: int
    freeable_bytes: int
    """Of those, what the office has as well, so that nothing here is needed any more; and what
    was fetched from it."""
    free_bytes: int
    fetched_bytes: int = 0
    """Photos that were fetched to be looked at."""

    @property
    def held_bytes(self) -> int:
        """What the server has too."""
        return self.received_bytes + self.fetched_bytes


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What the office asks for when something is wrong."""

    version: str
    device_name: str
    device: str
    platform: str
    schema: int
    documents: int
    contact_ms: int | None
    skew_ms: int
    server: str


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file to hand to a person; operations and blobs say what is in a rescue file."""

    name: str
    content: bytes
    operations: int = 0
    blobs: int = 0


class PreferenceKeeping(Protocol):
    """Where preferences are kept."""

    def read(self) -> Preferences:
        """Return them; what is damaged or missing is as at first."""

    def write(self, preferences: Preferences) -> None:
        """Keep them; raises ProblemError `disk-full`."""


class PinKeeping(Protocol):
    """The PIN of one account; slow on purpose, so never called on the screen's own time."""

    async def state(self) -> PinState:
        """Return where it stands."""

    async def choose(self, pin: str | None) -> None:
        """Set the PIN, or do without one; earlier failures are forgotten."""

    async def opens(self, pin: str) -> bool:
        """Try a PIN; the attempt counts from before it is judged."""


class Upkeep(Protocol):
    """The account's files on this device; every coroutine raises ProblemError."""

    async def storage(self) -> Storage:
        """Return what takes how much room."""

    async def free(self) -> int:
        """Delete what the server has confirmed and nothing needs; return the bytes won."""

    async def diagnosis(self) -> Diagnosis:
        """Return the facts the office asks for."""

    async def logs(self) -> KeptFile:
        """Return the recent log."""

    async def rescue(self) -> KeptFile:
        """Return everything unsent, sealed so that only the server opens it."""

    def put_aside(self, file: KeptFile) -> str:
        """Write a file into this program's own folder, where no dialog can; return its path."""

    def remembered_place(self) -> str | None:
        """Return where the person was last."""

    def remember_place(self, path: str) -> None:
        """Keep where the person is, for the next start."""
