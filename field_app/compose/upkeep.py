"""What settings show and do about one live account: room, facts, log, rescue file, last place."""

import asyncio
from base64 import b64decode
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from field_app.compose.machine import Live, Machine
from field_app.device import disk, logs
from field_app.device import machine as device_machine
from field_app.device.pins import Pins
from field_app.ports import Diagnosis, KeptFile, PinState, Storage
from field_app.sync.files import clean_blobs, dispensable
from field_app.sync.rescue import KEY_BYTES, pack, seal
from field_core.problems import ProblemError

T = TypeVar("T")
PLACE_CHARACTERS_MAX: Final = 400


class AccountUpkeep:
    """The files of one account; what touches the replica runs on its thread."""

    def __init__(self, machine: Machine, live: Live, *, version: str) -> None:
        self._machine = machine
        self._live = live
        self._version = version

    async def storage(self) -> Storage:
        """Return what takes how much room."""
        return await self._live.desk(self._storage)

    def _storage(self) -> Storage:
        account = self._live.account
        rows = account.replica.db.conn.execute("SELECT sha256, verified_ms IS NULL FROM blob")
        waiting: list[int] = []
        received: list[int] = []
        for sha256, is_waiting in rows:
            path = account.blobs.path(sha256)
            if path.is_file():
                (waiting if is_waiting else received).append(path.stat().st_size)
        return Storage(
            database_bytes=_database_bytes(account.folder.database),
            waiting=len(waiting),
            waiting_bytes=sum(waiting),
            received=len(received),
            received_bytes=sum(received),
            freeable_bytes=self._freeable_bytes(),
            free_bytes=disk.free_bytes(account.folder.path),
            fetched_bytes=account.fetched.size_bytes,
        )

    def _freeable_bytes(self) -> int:
        account, now_ms = self._live.account, self._machine.clock.now_ms()
        names = dispensable(account.replica, verified_before_ms=now_ms)
        paths = (account.blobs.path(name) for name in names)
        sent = sum(path.stat().st_size for path in paths if path.is_file())
        return sent + account.fetched.size_bytes

    async def free(self) -> int:
        """Delete what the server has confirmed and nothing needs; return the bytes won."""
        return await self._live.desk(self._free)

    def _free(self) -> int:
        account, now_ms = self._live.account, self._machine.clock.now_ms()
        before = self._storage().held_bytes
        with account.replica.db.atomic():
            account.replica.outbox.clean(now_ms)
        clean_blobs(account.replica, account.blobs, now_ms=now_ms, kept_ms=0)
        account.fetched.clear()
        return before - self._storage().held_bytes

    async def diagnosis(self) -> Diagnosis:
        """Return the facts the office asks for."""
        return await self._live.desk(self._diagnosis)

    def _diagnosis(self) -> Diagnosis:
        account = self._live.account
        replica, contact = account.replica, account.replica.get("contact_ms")
        (schema,) = replica.db.conn.execute("SELECT count(*) FROM _sqlite_migrations").fetchone()
        return Diagnosis(
            version=self._version,
            device_name=self._machine.settings.device_name or device_machine.name(),
            device=replica.get("device") or "",
            platform=device_machine.system(),
            schema=schema,
            documents=sum(replica.counts().values()),
            contact_ms=int(contact) if contact else None,
            skew_ms=int(replica.get("skew_ms") or 0),
            server=account.info.server,
        )

    async def logs(self) -> KeptFile:
        """Return the recent log, with the facts of the device on top."""
        facts = await self.diagnosis()
        lines = await asyncio.to_thread(logs.recent, self._machine.log_dir)
        content = f"{facts}\n\n".encode() + lines
        return KeptFile(f"gigafibre-journal-{self._machine.today()}.txt", content)

    async def rescue(self) -> KeptFile:
        """Return everything unsent, sealed so that only the server opens it."""
        return await self._live.desk(self._rescue)

    def _rescue(self) -> KeptFile:
        machine, account = self._machine, self._live.account
        session = machine.session(account.folder)
        if session is None or len(b64decode(account.info.server_key)) != KEY_BYTES:
            raise ProblemError("signed-out")
        packed = pack(
            account.replica, account.blobs, refresh=session["refresh"], now=machine.clock.stamp()
        )
        sealed = seal(packed.content, server_key=account.info.server_key, noise=machine.ids.bytes)
        name = f"gigafibre-secours-{machine.today()}.rescue"
        return KeptFile(name, sealed, packed.operations, packed.blobs)

    def put_aside(self, file: KeptFile) -> str:
        """Write a file into this program's own folder; return its path."""
        folder = self._machine.data_dir / "exports"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / file.name).write_bytes(file.content)
        except OSError as error:
            raise ProblemError("disk-full") from error
        return str(folder / file.name)

    def remembered_place(self) -> str | None:
        """Return where the person was last."""
        try:
            return self._place.read_text(encoding="utf-8")[:PLACE_CHARACTERS_MAX] or None
        except (OSError, ValueError):
            return None

    def remember_place(self, path: str) -> None:
        """Keep where the person is; not flushed, since all that a power cut costs is a tap."""
        beside = self._place.with_suffix(".new")
        try:
            beside.write_text(path, encoding="utf-8")
            beside.replace(self._place)
        except OSError:  # a full disk, or an account that is being erased
            return

    @property
    def _place(self) -> Path:
        return self._live.account.folder.path / "place"


def _database_bytes(path: Path) -> int:
    files = (path.with_name(path.name + suffix) for suffix in ("", "-wal", "-shm"))
    return sum(file.stat().st_size for file in files if file.is_file())


class PinsOffLoop:
    """A PIN whose hashing and whose store of secrets never hold up the screen."""

    def __init__(self, pins: Pins) -> None:
        self._pins = pins
        self._turn = asyncio.Lock()

    async def state(self) -> PinState:
        """Return where it stands."""
        return await self._alone(self._pins.state)

    async def choose(self, pin: str | None) -> None:
        """Set the PIN, or do without one."""
        await self._alone(partial(self._pins.choose, pin))

    async def opens(self, pin: str) -> bool:
        """Try a PIN; one attempt at a time, however many windows try."""
        return await self._alone(partial(self._pins.opens, pin))

    async def _alone(self, work: Callable[[], T]) -> T:
        async with self._turn:
            return await asyncio.to_thread(work)
