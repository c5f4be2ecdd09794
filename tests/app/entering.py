"""The way into an account at work without a server: real PIN, real preferences, a real replica."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from field_app.compose.scanning import LateScanner
from field_app.compose.upkeep import PinsOffLoop
from field_app.device.pins import Pins
from field_app.device.preferences import PreferenceFile
from field_app.device.secrets import FileSecrets
from field_app.i18n import Language
from field_app.ports import Asking, Diagnosis, KeptFile, Scanning, Storage
from field_app.state.around import Around
from field_app.state.entry.lock import Lock
from field_app.state.place import Navigator, Place
from field_app.state.preferred import Preferred
from field_app.state.shell import Shell
from field_app.state.workspace import Workspace
from field_core.problems import ProblemError
from tests.app.at_work import DAY, LocalAccount
from tests.app.making import NOON_MS, Clock

SERVER = "https://sync.example"
PASSWORD = "right"
CODE = "7K3QD-XW94M"
MB = 1_000_000


class LocalUpkeep:
    """What settings show of the account, as a test says it is."""

    def __init__(self) -> None:
        self.place: str | None = None
        self.kept = Storage(2 * MB, 1, 3 * MB, 2, 5 * MB, 5 * MB, 900 * MB)
        self.aside: list[KeptFile] = []
        self.refusal: str | None = None

    async def storage(self) -> Storage:
        return self.kept

    async def free(self) -> int:
        self._refuse()
        won, old = self.kept.received_bytes, self.kept
        self.kept = Storage(
            old.database_bytes, old.waiting, old.waiting_bytes, 0, 0, 0, old.free_bytes + won
        )
        return won

    async def diagnosis(self) -> Diagnosis:
        return Diagnosis("1.2.3", "Pixel", "dev-1", "android", 4, 512, NOON_MS, 95_000, SERVER)

    async def logs(self) -> KeptFile:
        return KeptFile("journal.txt", b"lines")

    async def rescue(self) -> KeptFile:
        self._refuse()
        return KeptFile("secours.rescue", b"sealed", 3, 1)

    def put_aside(self, file: KeptFile) -> str:
        self._refuse()
        self.aside.append(file)
        return f"/exports/{file.name}"

    def remembered_place(self) -> str | None:
        return self.place

    def remember_place(self, path: str) -> None:
        self.place = path

    def _refuse(self) -> None:
        if self.refusal:
            raise ProblemError(self.refusal)


class Door:
    """The port `Entry` over accounts on this thread; what is refused, and why, is up to a test."""

    server = SERVER
    language: Language = "fr"

    scanning: Scanning = LateScanner()

    def __init__(self, folder: Path, clock: Clock, *, held: LocalAccount | None = None) -> None:
        self.folder = folder
        self.clock = clock
        self.held = held
        self.next = held
        self.refusal: str | None = None
        self.company = ""
        """The server that lets people in with the company's account."""
        self.networks: list[tuple[bool, bool]] = []
        self.asked: list[tuple[str, ...]] = []
        self.upkeep = LocalUpkeep()
        self.secrets = FileSecrets(folder / "secrets.json")
        self.pins = PinsOffLoop(
            Pins(self.secrets, "pin:marc", now_ms=clock.now_ms, noise=lambda n: bytes(range(n)))
        )
        self._listeners: list[Callable[[], None]] = []

    async def resume(self) -> Asking | None:
        self._refuse()
        return self.held

    async def sign_in(self, server: str, email: str, password: str) -> Asking:
        self.asked.append((server, email, password))
        self._refuse()
        if password != PASSWORD:
            raise ProblemError("sign-in-wrong")
        return self._opened()

    async def enrol(self, server: str, code: str) -> Asking:
        self.asked.append((server, code))
        self._refuse()
        if code != CODE:
            raise ProblemError("enrolment-code-wrong")
        return self._opened()

    async def has_company(self, server: str) -> bool:
        return self.company == server

    async def sign_in_with_company(
        self, server: str, email: str, show: Callable[[str], Awaitable[object]]
    ) -> Asking:
        self.asked.append((server, "company", email))
        await show("https://sso.example.com/authorize")
        self._refuse()
        return self._opened()

    def _opened(self) -> Asking:
        self.held = self.next or LocalAccount(self.folder / "blobs")
        self.next = self.held
        self.tell()
        return self.held

    async def leave(self, *, keep_data: bool) -> None:
        account = self.held
        assert account is not None, "nobody is here"
        if account.standing.unsent and not keep_data:
            raise ProblemError("unsent-work", count=account.standing.unsent)
        self.held = None
        self.tell()

    def is_open(self, account: Asking) -> bool:
        return account is self.held

    def on_switch(self, listener: Callable[[], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def tell(self) -> None:
        for listener in [*self._listeners]:
            listener()

    def use_network(self, *, is_up: bool, is_mobile: bool) -> None:
        self.networks.append((is_up, is_mobile))

    def _refuse(self) -> None:
        if self.refusal:
            raise ProblemError(self.refusal)


@dataclass
class House:
    """A door with everything a window shares, and the window's shell."""

    folder: Path
    has_account: bool = True
    route: str = "/"
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.account = LocalAccount(self.folder / "blobs")
        self.door = Door(self.folder, self.clock, held=self.account if self.has_account else None)
        self.door.next = self.account
        self.file = PreferenceFile(self.folder / "preferences.json")
        self.preferred = Preferred(self.file)
        self.shell = self.window()

    def window(self) -> Shell:
        """Return the shell of one more window."""
        return Shell(
            self.door,
            self.preferred,
            now_ms=self.clock.now_ms,
            today=lambda: DAY,
            route=self.route,
        )

    def workspace(self) -> Workspace:
        """Return a workspace as the shell makes one."""
        lock = Lock(self.door.pins, self.preferred, now_ms=self.clock.now_ms)
        around = Around(
            self.preferred, lock, self.door.upkeep, self.door.leave, self.shell.reconnect
        )
        navigator = Navigator(Place(), remember=self.door.upkeep.remember_place)
        return Workspace(
            self.account,
            navigator,
            now_ms=self.clock.now_ms,
            today=lambda: DAY,
            around=around,
        )
