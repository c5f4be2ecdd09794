"""This device and its accounts, put together from settings.

`Machine` is this device; `Account` its files for one person; `Live` the account in step with its
server, for as long as an `async with` lasts.
"""

import json
import sqlite3
import uuid
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from field_app.compose import in_step
from field_app.compose.live import Account, EnginePorts, Live, SyncElsewhereError
from field_app.device import accounts, disk, machine, product
from field_app.device.accounts import AccountInfo
from field_app.device.browser import OpenUrl, fetch_code
from field_app.device.clock import DeviceClock
from field_app.device.ids import Ids
from field_app.device.lock import SyncLock
from field_app.device.network import Network
from field_app.device.paths import AccountFolder, Places, default_data_dir
from field_app.device.pins import Pins
from field_app.device.preferences import PreferenceFile
from field_app.device.secrets import Secrets, open_secrets
from field_app.settings import Settings
from field_app.sync.acts import Acts
from field_app.sync.asked import answered
from field_app.sync.cadence import clean_all
from field_app.sync.compression import decompress
from field_app.sync.engine import Engine, is_session
from field_app.sync.events import Event, Failed, FailureKind, KeepSession, Replied, SignedIn
from field_app.sync.fetched import FetchedPhotos
from field_app.sync.files import BlobFolder, FolderSnapshot
from field_app.sync.recorder import Recorder
from field_app.sync.replica import Replica
from field_app.sync.transport import Transport
from field_core.instants import from_ms
from field_core.problems import ProblemError
from field_core.wire import HeadFact

__all__ = [
    "Account",
    "EnginePorts",
    "Live",
    "Machine",
    "SyncElsewhereError",
    "answered",
]

REVOKED: Final = "device-wiped"
"""Said to whoever signs in: the office ordered this device to be erased while it was signed out."""
_BAD: Final = 400
_MB: Final = 1_000_000
_STATEMENTS_KEPT: Final = 1_000
"""Compiled ones: all that an app has; the driver keeps 128 unless told."""
_DEVICES: Final = uuid.UUID("1d5c2e0a-93f4-5d6b-8a43-6f1f0f6b1f5e")


class Machine:
    """This device: its clock, its secrets, its accounts."""

    def __init__(self, settings: Settings, *, data_dir: Path) -> None:
        self.settings = settings
        self.data_dir = settings.data_dir or data_dir
        self.clock = DeviceClock()
        self.ids = Ids(self.clock)
        self.places = Places(self.data_dir)
        self.preferences = PreferenceFile(self.data_dir / "preferences.json")
        self.network = Network()
        self._secrets: Secrets | None = None

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str] | None = None, **given: object
    ) -> "Machine":
        """Read the settings; those given win. Raises pydantic's ValidationError."""
        environment = machine.environment() if environment is None else environment
        settings = _changed(Settings.from_environment(environment), given)
        return cls(settings, data_dir=default_data_dir(environment))

    def with_settings(self, **given: object) -> "Machine":
        """Return the same machine under other settings; what is None stays."""
        return Machine(_changed(self.settings, given), data_dir=self.data_dir)

    @property
    def language(self) -> str:
        """The language to speak: the setting's, else the account's, else French."""
        if self.settings.language:
            return self.settings.language
        try:
            return accounts.read_info(self.folder()).language
        except (ProblemError, ValueError, OSError):
            return "fr"

    @property
    def secrets(self) -> Secrets:
        """The store of secrets, opened when first needed."""
        if self._secrets is None:
            self._secrets = open_secrets(self.settings.secrets, self.data_dir / "secrets.json")
        return self._secrets

    @property
    def log_dir(self) -> Path:
        """Where the log is written."""
        return self.data_dir / "logs"

    # --- accounts

    def folder(self) -> AccountFolder:
        """Return the account in use; raises ProblemError `not-enrolled`."""
        wanted = self.settings.account.strip().casefold()
        if not wanted:
            current = self.places.current()
            if current is None:
                raise ProblemError("not-enrolled")
            return current
        for folder in self.places.every():
            if accounts.read_info(folder).email.casefold() == wanted:
                return folder
        raise ProblemError("not-enrolled")

    def open(self, folder: AccountFolder | None = None) -> Account:
        """Open an account's files; raises ProblemError `not-enrolled`."""
        folder = folder or self.folder()
        return self._opened(folder, accounts.read_info(folder))

    def _opened(self, folder: AccountFolder, info: AccountInfo) -> Account:
        connection = sqlite3.connect(
            folder.database, check_same_thread=False, cached_statements=_STATEMENTS_KEPT
        )
        replica = Replica(connection)
        recorder = Recorder(replica, stamp=self.clock.stamp, new_id=self.ids.new)
        blobs = BlobFolder(folder.blobs, free_bytes=disk.free_bytes)
        return Account(
            folder,
            info,
            replica,
            blobs,
            FetchedPhotos(folder.fetched, free_bytes=disk.free_bytes),
            Acts(replica, recorder, blobs, now_ms=self.clock.now_ms, today=self.today),
        )

    def today(self) -> str:
        """Return the date where the technician works, as in documents."""
        zone = ZoneInfo(self.settings.time_zone)
        return from_ms(self.clock.now_ms()).astimezone(zone).date().isoformat()

    def session(self, folder: AccountFolder) -> dict[str, Any] | None:
        """Return the account's session, if it is signed in."""
        text = self.secrets.get(_secret_name(folder))
        session = json.loads(text) if text else None
        return session if is_session(session) else None

    # --- signing in and out

    async def sign_in(self, server: str, *, email: str, password: str) -> Account:
        """Sign in with a password; raises ProblemError."""
        try:
            session = await self.ask_session(server, email=email, password=password)
        except ProblemError as error:
            if error.problem.code == REVOKED:
                self.erase_left(self.places.account(server, email))
            raise
        return self.adopt(server, session)

    async def enrol(self, server: str, *, code: str) -> Account:
        """Sign in with a one-time code; the same code from here again is the same enrolment."""
        return self.adopt(server, await self.redeem(server, code=code))

    async def ask_session(self, server: str, *, email: str, password: str) -> dict[str, Any]:
        """Have a password answered with a session; raises ProblemError."""
        device = self._described(self._known_device(server, email))
        return await self._session_of(
            server, "/v1/auth/sign-in", {"email": email, "password": password, "device": device}
        )

    async def redeem(self, server: str, *, code: str) -> dict[str, Any]:
        """Have a one-time code answered with a session; raises ProblemError."""
        installation = self.places.installation(self.ids.new())
        device = str(uuid.uuid5(_DEVICES, f"{installation}|{code.strip().upper()}"))
        return await self._session_of(
            server, "/v1/auth/enrol", {"code": code, "device": self._described(device)}
        )

    async def company_way(self, server: str) -> dict[str, Any] | None:
        """Return where the company signs people in; None without that, or without a server."""
        transport = Transport(server, stall_s=self.settings.stall_s)
        try:
            told = answered(_judged(server, await transport.ask("GET", "/v1/auth/ways")))
        except ProblemError:
            return None
        finally:
            await transport.close()
        way = told.get("company") if isinstance(told, dict) else None
        return way if isinstance(way, dict) else None

    async def ask_company(self, server: str, email: str, show: OpenUrl) -> dict[str, Any]:
        """Have the company's issuer say who this is, and that answered with a session.

        email: whose device this is already; the others get one of their own.
        """
        way = await self.company_way(server)
        if way is None:
            raise ProblemError("company-sign-in-away")
        body = await fetch_code(way, show)
        device = self._described(self._known_device(server, email) if email else None)
        return await self._session_of(server, "/v1/auth/company", {**body, "device": device})

    def _described(self, device: str | None) -> dict[str, str]:
        name = self.settings.device_name or machine.name()
        return {"name": name, "platform": machine.system(), **({"id": device} if device else {})}

    def _known_device(self, server: str, email: str) -> str | None:
        folder = self.places.account(server, email)
        return accounts.read_info(folder).device or None if folder.described.is_file() else None

    async def _session_of(self, server: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        transport = Transport(server, stall_s=self.settings.stall_s)
        try:
            session = answered(_judged(server, await transport.ask("POST", path, body)))
        finally:
            await transport.close()
        if not is_session(session):
            raise ProblemError("not-our-server")
        return session

    def adopt(self, server: str, session: dict[str, Any]) -> Account:
        """Give the session to the account's engine, which keeps unsent work under its identity."""
        info = AccountInfo.of(server, session)
        folder = self.places.account(server, info.email)
        account = self._opened(folder, info)
        engine = self.engine(account, None)
        for effect in engine.step(SignedIn(session), self.clock.stamp()):
            if isinstance(effect, KeepSession):
                self.keep(folder, server, effect.session)
        self.places.use(folder)
        return account

    def keep(self, folder: AccountFolder, server: str, session: dict[str, Any] | None) -> None:
        """Put a session where secrets are kept, and note who it is for; None forgets it."""
        self.secrets.put(_secret_name(folder), json.dumps(session) if session else None)
        if session is not None:
            accounts.write_info(folder, AccountInfo.of(server, session))

    async def sign_out(self, account: Account, *, keep_data: bool) -> None:
        """Leave: the server is told if it can be; unsent work is only ever kept.

        Raises ProblemError `unsent-work` unless the data is to be kept.
        """
        unsent = self.unsent(account)
        if unsent and not keep_data:
            raise ProblemError("unsent-work", count=unsent)
        session = self.session(account.folder)
        if session:
            transport = Transport(account.info.server, stall_s=self.settings.stall_s)
            await transport.ask("POST", "/v1/auth/sign-out", {}, access=session["access"])
            await transport.close()
        self.keep(account.folder, account.info.server, None)
        if not keep_data:
            self.pins(account.folder).choose(None)
            account.close()
            accounts.erase(account.folder)
            self.places.use(None)

    def unsent(self, account: Account) -> int:
        """Return how much exists nowhere else: operations, and photos whose bytes are here."""
        photos = account.replica.db.conn.execute(
            "SELECT sha256 FROM blob WHERE verified_ms IS NULL UNION SELECT sha256 FROM capture"
        )
        here = sum(account.blobs.path(sha256).is_file() for (sha256,) in photos)
        return account.replica.outbox.pending_count() + here

    def pins(self, folder: AccountFolder) -> Pins:
        """Return the PIN of an account."""
        return Pins(
            self.secrets, f"pin:{folder.name}", now_ms=self.clock.now_ms, noise=self.ids.bytes
        )

    # --- in step with the server

    def are_photos_held(self) -> bool:
        """Tell whether photos wait for a network that is not the phone's own."""
        return self.network.is_mobile and self.preferences.read().is_wifi_only

    def engine(self, account: Account, session: dict[str, Any] | None) -> Engine:
        """Return an engine on what lies in an account's files now."""
        ports = EnginePorts(FolderSnapshot(account.folder.snapshot), self.ids.jitter)
        return Engine(
            account.replica,
            ports=ports,
            session=session,
            decompress=decompress,
            gauge=partial(gauge, account.folder.path),
        )

    def live(
        self, account: Account, *, with_cadence: bool = False, waits: bool = False
    ) -> AbstractAsyncContextManager[Live]:
        """Keep an account in step while the block lasts (see `in_step.live`)."""
        return in_step.live(self, account, with_cadence=with_cadence, waits=waits)

    def erase(self, account: Account) -> None:
        """Erase an account: the session first, since it is the key; then the files."""
        self.secrets.put(_secret_name(account.folder), None)
        self.pins(account.folder).choose(None)
        account.blobs.clear()
        account.close()
        accounts.erase(account.folder)
        if self.places.current() is None:
            self.places.use(None)

    def erase_left(self, folder: AccountFolder) -> None:
        """Erase what lies here of an account that was signed out when the order came."""
        with SyncLock(folder.lock) as lock:
            if folder.described.is_file() and lock.acquire():
                self.erase(self.open(folder))

    def clean(self, account: Account) -> None:
        """Drop what a week has passed over."""
        clean_all(account.replica, account.blobs, account.fetched, now_ms=self.clock.now_ms())


def gauge(folder: Path) -> dict[str, HeadFact]:
    """Return what the office is told of this machine."""
    return {"free_mb": disk.free_bytes(folder) // _MB, "app": product.version()}


def _judged(server: str, event: Event) -> Event:
    """Tell a foreign server from a portal: no portal can answer in the name of an https address.

    Raises ProblemError `not-our-server`.
    """
    match event:
        case Failed(_, FailureKind.UNREADABLE) | Replied(_, 404 | 405):
            raise ProblemError("not-our-server")
        case Failed(_, FailureKind.CAPTIVE) if server.startswith("https:"):
            raise ProblemError("not-our-server")
        case _:
            return event


def _changed(settings: Settings, given: Mapping[str, object]) -> Settings:
    stated = {name: value for name, value in given.items() if value is not None}
    return Settings.model_validate({**settings.model_dump(exclude_unset=True), **stated})


def _secret_name(folder: AccountFolder) -> str:
    return f"session:{folder.name}"
