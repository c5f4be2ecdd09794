"""This device and its accounts, put together from settings.

`Machine` is this device; `Account` its files for one person; `Live` the account in step with its
server, for as long as an `async with` lasts.
"""

import asyncio
import json
import sqlite3
import uuid
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from field_app.device import accounts, disk, machine
from field_app.device.accounts import AccountInfo
from field_app.device.clock import DeviceClock
from field_app.device.ids import Ids
from field_app.device.lock import SyncLock
from field_app.device.paths import AccountFolder, Places, default_data_dir
from field_app.device.secrets import Secrets, open_secrets
from field_app.settings import Settings
from field_app.sync.acts import Acts
from field_app.sync.cadence import Cadence, clean_all
from field_app.sync.compression import decompress
from field_app.sync.desk import Desk
from field_app.sync.engine import Engine, is_session
from field_app.sync.events import Failed, FailureKind, KeepSession, Replied, SignedIn
from field_app.sync.files import BlobFolder, FolderSnapshot
from field_app.sync.recorder import Recorder
from field_app.sync.replica import Replica
from field_app.sync.runner import Runner, follow_hints
from field_app.sync.snapshot import SnapshotFile
from field_app.sync.transport import Transport
from field_core.instants import from_ms
from field_core.operations import Jsonish
from field_core.problems import CATALOGUE, ProblemError

HINT_PAUSE_S_MAX: Final = 60.0
_BAD: Final = 400
_DEVICES: Final = uuid.UUID("1d5c2e0a-93f4-5d6b-8a43-6f1f0f6b1f5e")


class SyncElsewhereError(Exception):
    """Another program of this user already keeps the account in step."""


@dataclass(frozen=True, slots=True)
class EnginePorts:
    """What the engine is given besides the replica."""

    snapshot_file: SnapshotFile
    jitter: Callable[[], float]


@dataclass(slots=True)
class Account:
    """One person's files on this device, open."""

    folder: AccountFolder
    info: AccountInfo
    replica: Replica
    blobs: BlobFolder
    acts: Acts

    def close(self) -> None:
        """Close the replica."""
        self.replica.close()


@dataclass(frozen=True, slots=True)
class Live:
    """An account that is kept in step with its server."""

    account: Account
    desk: Desk
    engine: Engine
    transport: Transport
    runner: Runner


class Machine:
    """This device: its clock, its secrets, its accounts."""

    def __init__(self, settings: Settings, *, data_dir: Path) -> None:
        self.settings = settings
        self.data_dir = settings.data_dir or data_dir
        self.clock = DeviceClock()
        self.ids = Ids(self.clock)
        self.places = Places(self.data_dir)
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
        connection = sqlite3.connect(folder.database, check_same_thread=False)
        replica = Replica(connection)
        recorder = Recorder(replica, stamp=self.clock.stamp, new_id=self.ids.new)
        blobs = BlobFolder(folder.blobs, free_bytes=disk.free_bytes)
        return Account(
            folder,
            info,
            replica,
            blobs,
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
        device = self._described(self._known_device(server, email))
        return await self._enter(
            server, "/v1/auth/sign-in", {"email": email, "password": password, "device": device}
        )

    async def enrol(self, server: str, *, code: str) -> Account:
        """Sign in with a one-time code; the same code from here again is the same enrolment."""
        installation = self.places.installation(self.ids.new())
        device = str(uuid.uuid5(_DEVICES, f"{installation}|{code.strip().upper()}"))
        return await self._enter(
            server, "/v1/auth/enrol", {"code": code, "device": self._described(device)}
        )

    def _described(self, device: str | None) -> dict[str, str]:
        name = self.settings.device_name or machine.name()
        return {"name": name, "platform": machine.system(), **({"id": device} if device else {})}

    def _known_device(self, server: str, email: str) -> str | None:
        folder = self.places.account(server, email)
        return accounts.read_info(folder).device or None if folder.described.is_file() else None

    async def _enter(self, server: str, path: str, body: dict[str, Any]) -> Account:
        transport = Transport(server, stall_s=self.settings.stall_s)
        try:
            session = answered(await transport.ask("POST", path, body))
        finally:
            await transport.close()
        if not is_session(session):
            raise ProblemError("captive-portal")
        return self._entered(server, session)

    def _entered(self, server: str, session: dict[str, Any]) -> Account:
        """Give the session to the account's engine, which keeps unsent work under its identity."""
        info = AccountInfo.of(server, session)
        folder = self.places.account(server, info.email)
        account = self._opened(folder, info)
        engine = self._engine(account, None)
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
        unsent = account.replica.outbox.pending_count()
        if unsent and not keep_data:
            raise ProblemError("unsent-work", count=unsent)
        session = self.session(account.folder)
        if session:
            transport = Transport(account.info.server, stall_s=self.settings.stall_s)
            await transport.ask("POST", "/v1/auth/sign-out", {}, access=session["access"])
            await transport.close()
        self.keep(account.folder, account.info.server, None)
        if not keep_data:
            account.close()
            accounts.erase(account.folder)
            self.places.use(None)

    # --- in step with the server

    def _engine(self, account: Account, session: dict[str, Any] | None) -> Engine:
        ports = EnginePorts(FolderSnapshot(account.folder.snapshot), self.ids.jitter)
        return Engine(account.replica, ports=ports, session=session, decompress=decompress)

    @asynccontextmanager
    async def live(self, account: Account, *, with_cadence: bool = False) -> AsyncIterator[Live]:
        """Keep an account in step while the block lasts; raises SyncElsewhereError.

        with_cadence: also follow hints, poll and clean up, as the window does.
        """
        with SyncLock(account.folder.lock) as lock:
            if not lock.acquire():
                raise SyncElsewhereError
            live = self._live(account)
            extra = self._cadence(live) if with_cadence else None
            live.runner.start()
            tidying = self._tidy_what_left(live)
            hints = asyncio.create_task(self._hints(live)) if with_cadence else None
            if extra:
                extra.start()
            try:
                yield live
            finally:
                if extra:
                    extra.stop()
                if hints:
                    hints.cancel()
                    with suppress(asyncio.CancelledError):
                        await hints
                await live.runner.stop()
                await asyncio.gather(*tidying, return_exceptions=True)
                await live.transport.close()
                live.desk.close()

    def _tidy_what_left(self, live: Live) -> set[asyncio.Task[None]]:
        """Have the photos of documents that leave the device go with them, at once."""
        tasks: set[asyncio.Task[None]] = set()

        def tidy(keys: frozenset[str]) -> None:
            if any(live.account.replica.document(key) is None for key in keys):
                self.clean(live.account)

        def changed(keys: frozenset[str]) -> None:
            task = asyncio.create_task(live.desk(partial(tidy, keys)))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

        live.runner.on_changed(changed)
        return tasks

    def _live(self, account: Account) -> Live:
        desk = Desk()
        engine = self._engine(account, self.session(account.folder))
        transport = Transport(
            account.info.server, blobs=account.blobs, stall_s=self.settings.stall_s
        )
        runner = Runner(
            engine,
            desk=desk,
            performer=transport,
            keeper=_Keeper(self, account),
            clock=self.clock.stamp,
            status=engine.status(),
        )
        return Live(account, desk, engine, transport, runner)

    def _cadence(self, live: Live) -> Cadence:
        return Cadence(
            live.runner,
            replica=live.account.replica,
            blobs=live.account.blobs,
            desk=live.desk,
            is_reachable=live.transport.is_reachable,
            now_ms=self.clock.now_ms,
        )

    async def _hints(self, live: Live) -> None:
        def pause_s(failures: int) -> float:
            longest = min(2.0 ** min(failures, 10), HINT_PAUSE_S_MAX)
            return longest * (0.5 + 0.5 * self.ids.jitter())

        def listen() -> AsyncIterator[int]:
            return live.transport.hints(live.engine.access or "")

        await follow_hints(listen, live.runner, pause_s=pause_s)

    def clean(self, account: Account) -> None:
        """Drop what a week has passed over."""
        clean_all(account.replica, account.blobs, now_ms=self.clock.now_ms())


class _Keeper:
    """What the runner asks of this machine for its account."""

    def __init__(self, owner: Machine, account: Account) -> None:
        self._owner = owner
        self._account = account

    def keep(self, session: dict[str, Any] | None) -> None:
        """Keep or forget the session."""
        if session is not None or self._account.folder.path.is_dir():
            self._owner.keep(self._account.folder, self._account.info.server, session)

    def erase(self) -> None:
        """Forget the session first: it is the key; then the files."""
        self._owner.secrets.put(_secret_name(self._account.folder), None)
        self._account.blobs.clear()
        self._account.close()
        accounts.erase(self._account.folder)
        if self._owner.places.current() is None:
            self._owner.places.use(None)


def answered(event: object) -> Jsonish:
    """Return the body of a good answer; raises the ProblemError that anything else is."""
    match event:
        case Failed(_, FailureKind.CAPTIVE):
            raise ProblemError("captive-portal")
        case Replied(_, status, body) if status < _BAD:
            return body
        case Replied(_, _, dict() as body) if body.get("code") in CATALOGUE:
            details = {n: v for n, v in body.items() if n not in _PROBLEM_MEMBERS}
            raise ProblemError(body["code"], **details)
        case _:
            raise ProblemError("server-unreachable")


_PROBLEM_MEMBERS: Final = frozenset(
    {"type", "title", "status", "code", "retry", "detail", "instance"}
)


def _changed(settings: Settings, given: Mapping[str, object]) -> Settings:
    stated = {name: value for name, value in given.items() if value is not None}
    return Settings.model_validate({**settings.model_dump(), **stated})


def _secret_name(folder: AccountFolder) -> str:
    return f"session:{folder.name}"
