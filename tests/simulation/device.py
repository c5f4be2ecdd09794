"""A phone in the world: the production replica, recorder and engine, and what a kill leaves."""

import hashlib
import random
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from field_app.sync.compression import decompress
from field_app.sync.engine import Engine, Phase
from field_app.sync.events import (
    Call,
    Changed,
    Edited,
    Effect,
    Erase,
    Event,
    FetchRange,
    KeepSession,
    SignedIn,
)
from field_app.sync.files import BlobFolder, clean_blobs
from field_app.sync.recorder import Recorder
from field_app.sync.replica import Replica
from field_app.sync.withdrawing import withdraw
from field_core import operations
from field_core.ids import uuid7
from field_core.problems import ProblemError
from tests.simulation.clocks import DeviceClock
from tests.simulation.crashes import Crash, Fuse, MortalConnection, open_mortal

_ALL: Final = "SELECT id FROM outbox"
_PHOTOS: Final = "SELECT sha256 FROM blob WHERE problem IS NULL"
_IDENTITY: Final = "SELECT value FROM meta WHERE name = 'device'"
_CURSOR: Final = "SELECT value FROM meta WHERE name = 'cursor'"
_ANSWERED: Final = "SELECT id FROM outbox WHERE verdict IS NOT NULL"
_UNSENT: Final = "SELECT id FROM outbox WHERE verdict IS NULL"


@cache
def _new_replica() -> bytes:
    """Return the file of an app that was never used: the same on every phone."""
    connection = sqlite3.connect(":memory:")
    Replica(connection)
    return connection.serialize()


class MemoryFile:
    """The snapshot file: survives a kill."""

    def __init__(self) -> None:
        self.data = bytearray()

    def write(self, offset: int, data: bytes) -> None:
        """Keep bytes at an offset."""
        missing = offset + len(data) - len(self.data)
        if missing > 0:
            self.data.extend(bytes(missing))
        self.data[offset : offset + len(data)] = data

    def read(self, offset: int, size: int) -> bytes:
        """Return kept bytes."""
        return bytes(self.data[offset : offset + size])

    def clear(self) -> None:
        """Forget everything."""
        self.data.clear()


class _Originals(BlobFolder):
    """The folder of photos; every file in it has a row."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self._files = files

    def names(self) -> set[str]:
        """Return none: what has no row is a matter of files, and tested with files."""
        return set()

    def delete(self, sha256: str) -> None:
        """Delete the bytes of one."""
        self._files.pop(sha256, None)


@dataclass
class Device:
    """One phone: what survives a kill is in the connection, the files and the secret store."""

    label: str
    email: str
    rng: random.Random
    clock: DeviceClock
    fuse: Fuse = field(default_factory=Fuse)
    connection: MortalConnection = field(init=False)
    snapshot_file: MemoryFile = field(default_factory=MemoryFile)
    files: dict[str, bytes] = field(default_factory=dict)
    session: dict[str, Any] | None = None
    journal: dict[str, dict[str, Any]] = field(default_factory=dict)
    outgoing: list[Call | FetchRange] = field(default_factory=list)
    excused: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What was lost with the phone before the server said it had it: it may be there or not."""
    fragile: set[str] = field(default_factory=set)
    """What the server had said it had when the phone lost it: no phone can offer it again."""
    given_up: set[str] = field(default_factory=set)
    """Photos that went with the phone, or with what its disk had not written."""
    left_behind: set[str] = field(default_factory=set)
    """Photos that the server said it had when a drained phone erased itself."""
    is_told_late: bool = False
    """Whether what it hears was said before the server was put back."""
    closed: set[str] = field(default_factory=set)
    """What it forgot a week after it lost or was refused: a review held it, on the server alone."""
    forgotten: set[str] = field(default_factory=set)
    """What a server that was put back may have forgotten: the phone alone has it for certain."""
    anew: str = ""
    """The epoch that the server began when it was put back last."""
    cleaned: set[str] = field(default_factory=set)
    """What it forgot a week after the office had it."""
    withdrawn: set[str] = field(default_factory=set)
    doubtful: set[str] = field(default_factory=set)
    """What a lying disk brought back: it may have forgotten that this was offered."""
    latest: list[str] = field(default_factory=list)
    """The operations of the last act, which a person may still take back."""
    life: int = 0
    """Counts its starts: what an earlier one asked for is answered to nobody."""
    is_wiped: bool = False
    condemned: set[str] = field(default_factory=set)
    """Identities that the office ordered to be wiped: what those have not sent is given up."""
    flushed: bytes | None = None
    """What a disk that lies had written when it last said that all was."""
    replica: Replica = field(init=False)
    engine: Engine = field(init=False)
    recorder: Recorder = field(init=False)

    def __post_init__(self) -> None:
        self.connection = open_mortal(self.fuse)
        self.connection.deserialize(_new_replica())
        self.boot()

    # --- the engine's ports

    def jitter(self) -> float:
        """Return a number from 0 to 1."""
        return self.rng.random()

    def new_id(self) -> str:
        """Return an identifier."""
        return uuid7(self.clock.stamp().wall_ms, self.rng.randbytes(10))

    # --- life and death

    def boot(self) -> None:
        """Start the app on what survived."""
        self.life += 1
        self.replica = Replica(self.connection)
        self.engine = Engine(
            self.replica, ports=self, session=self.session, decompress=decompress, blob_piece_max=64
        )
        self.recorder = Recorder(self.replica, stamp=self.clock.stamp, new_id=self.new_id)

    def die(self) -> None:
        """Lose everything that was not committed, and every call under way; start again."""
        self.fuse.left = None
        self.connection.rollback()
        self.outgoing.clear()
        if self.rng.random() < 0.3:
            self.clock.reboot()
        self.boot()

    def lose_tail(self) -> None:
        """Lose power on a disk that lied: the last transactions never happened, said or not."""
        if self.flushed is None or self.is_wiped:
            self.die()
            return
        before = dict(self._peeked("SELECT id, verdict FROM outbox"))
        photos = self._ids(_PHOTOS)
        self.connection.close()
        self.connection = open_mortal(self.fuse)
        self.connection.deserialize(self.flushed)
        after = dict(self._peeked("SELECT id, operation FROM outbox"))
        lost = before.keys() - after.keys()
        self.fragile |= {op_id for op_id in lost if before[op_id]} - self.forgotten
        self.excuse(lost - self.fragile)
        for op_id, text in after.items():
            self.journal[op_id] = {"device": self.label, "text": text}
            self.excused.pop(op_id, None)
        self.given_up |= (photos | self._ids(_PHOTOS)) - self.photos()
        self.withdrawn -= after.keys()
        self.doubtful |= after.keys()
        self.latest = []
        self.die()

    def flush(self) -> None:
        """Have the disk write all there is, for once."""
        if not self.is_wiped:
            self.flushed = self.connection.serialize()

    def excuse(self, lost: Iterable[str]) -> None:
        """Ask no more of these operations than that they are there once, if at all."""
        for op_id in lost:
            if op_id in self.journal:
                self.excused[op_id] = self.journal.pop(op_id)

    def server_forgot(self, anew: str) -> None:
        """The server was put back to a backup: what this phone cannot offer again may be gone.

        anew: the epoch that it began.
        """
        self.anew = anew
        self.forgotten |= self._ids(_ALL)
        self.excuse(self.closed)
        self.excuse(self.fragile)
        self.given_up |= self.left_behind

    def _peeked(self, query: str) -> list[Any]:
        return self.connection.peek(query).fetchall()

    def _ids(self, query: str) -> set[str]:
        return {op_id for (op_id,) in self._peeked(query)}

    def copy_from(self, other: "Device") -> None:
        """Become what an OS backup of another phone restores: same identity, same outbox."""
        other.connection.backup(self.connection)
        self.session = dict(other.session) if other.session else None
        self.files = dict(other.files)
        self.journal, self.excused = dict(other.journal), dict(other.excused)
        self.fragile, self.doubtful = set(other.fragile), set(other.doubtful)
        self.forgotten, self.closed = set(other.forgotten), set(other.closed)
        self.anew = other.anew
        self.boot()

    # --- doing things

    def step(self, event: Event) -> None:
        """Give the engine an event; a blown fuse kills the phone."""
        if self.is_wiped:
            return
        is_given_up = self.is_condemned or self.is_told_late
        unsent = self._ids(_UNSENT) if self.is_condemned else set()
        try:
            self._perform(self.engine.step(event, self.clock.stamp()), is_given_up=is_given_up)
        except Crash:
            self.die()
            if self.identity is None:  # killed when all was erased, before it could say so
                self._went()
        if unsent:
            self.excuse(unsent - self._ids(_ALL))
        self._hear_of_the_forgotten()

    def _hear_of_the_forgotten(self) -> None:
        """What the server answered after it was put back, it has."""
        if self.forgotten and self.heard_epoch == self.anew:
            self.forgotten -= self._ids(_ANSWERED)

    def _went(self) -> None:
        """Nothing can be offered again from here, to a server that was put back or will be."""
        self.excuse(self.forgotten)
        self.fragile |= self.journal.keys()

    def _perform(self, effects: list[Effect], *, is_given_up: bool) -> None:
        for effect in effects:
            match effect:
                case Call() | FetchRange():
                    self.outgoing.append(effect)
                case KeepSession():
                    self.session = effect.session
                case Erase():
                    self.is_wiped = True
                    self._went()
                    gone = self.given_up if is_given_up else self.left_behind
                    gone.update(self.files)
                    self.files.clear()
                case Changed():
                    pass

    def sign_in(self, session: dict[str, Any]) -> None:
        """Start using a session."""
        self.step(SignedIn(session))

    def record(self, *drafts: dict[str, Any]) -> None:
        """Do something; what was committed goes into the journal, whatever happens next."""
        if self.is_wiped:
            return
        done: list[operations.Operation] = []
        try:
            done = self.recorder.record(*drafts)
        except ProblemError:
            return
        except Crash:
            self.die()
        self._note(done, drafts)
        self.step(Edited())

    def _note(self, done: list[operations.Operation], drafts: tuple[dict[str, Any], ...]) -> None:
        """Keep a copy outside the phone of what it committed (a kill may come after the commit)."""
        ids = [operation.id for operation in done] or [d["id"] for d in drafts]
        self.latest = ids
        for op_id in ids:
            row = self.connection.peek(
                "SELECT operation FROM outbox WHERE id = ?", (op_id,)
            ).fetchone()
            if row:
                self.journal[op_id] = {"device": self.label, "text": row[0]}

    def take_photo(self, key: str, content: bytes, role: str, mime: str = "image/jpeg") -> None:
        """Keep the file first, then the blob row and the operation in one transaction."""
        sha256 = hashlib.sha256(content).hexdigest()
        self.files[sha256] = content
        draft = {
            "kind": "attach",
            "id": self.new_id(),
            "key": key,
            "sha256": sha256,
            "size": len(content),
            "mime": mime,
            "role": role,
        }
        draft |= (
            {"field": "signature"}
            if role == "signature"
            else {"list": "photos", "item_id": self.new_id()}
        )
        if self.is_wiped:
            return
        try:
            with self.replica.db.atomic():
                self.connection.execute(
                    "INSERT OR IGNORE INTO blob (sha256, size, mime, role, key, made_ms) "
                    "VALUES (?, ?, ?, ?, ?, ?)",
                    (sha256, len(content), mime, role, key, self.clock.stamp().wall_ms),
                )
                done = self.recorder.record(draft)
        except ProblemError:
            return
        except Crash:
            self.die()
            done = []
        self._note(done, (draft,))
        self.step(Edited())

    def take_back(self) -> None:
        """Undo the last act, if it never left the phone."""
        if self.is_wiped or not self.latest:
            return
        before = self._ids(_ALL)
        try:
            withdraw(self.replica, self.latest)
        except Crash:
            self.die()
        gone = before - self._ids(_ALL)
        self.excuse(gone & self.doubtful)
        for op_id in gone - self.doubtful:
            del self.journal[op_id]
            self.withdrawn.add(op_id)

    def clean_up(self) -> None:
        """Delete the originals and the settled work that the app deletes in the background."""
        if self.is_wiped:
            return
        before = dict(self._peeked("SELECT id, verdict FROM outbox"))
        try:
            with self.replica.db.atomic():
                self.replica.outbox.clean(self.clock.stamp().wall_ms)
            clean_blobs(self.replica, _Originals(self.files), now_ms=self.clock.stamp().wall_ms)
        except Crash:
            self.die()
        gone = before.keys() - self._ids(_ALL)
        refused = {i for i in gone if before[i] != "applied"}
        self.cleaned |= gone - refused
        self.closed |= refused
        self.excuse(refused & self.forgotten)

    # --- what it shows

    @property
    def identity(self) -> str | None:
        """The device that it is to the server."""
        return next(iter(self._ids(_IDENTITY)), None)

    @property
    def heard_epoch(self) -> str:
        """The server's epoch that it last heard of."""
        return next(iter(self._ids(_CURSOR)), "").partition(".")[0]

    @property
    def is_condemned(self) -> bool:
        """Whether the office ordered this phone, or the one it is a copy of, to be wiped."""
        return bool(self.condemned) and self.identity in self.condemned

    @property
    def is_signed_out(self) -> bool:
        """Whether it needs a person to sign in."""
        return self.session is None or self.engine.phase is Phase.SIGNED_OUT

    @property
    def is_loading(self) -> bool:
        """Whether a part of a snapshot is here."""
        return bool(self.snapshot_file.data)

    def photos(self) -> set[str]:
        """Return the photos that it has and knows of."""
        return self._ids(_PHOTOS) & self.files.keys()

    def jobs(self) -> list[tuple[str, dict[str, Any]]]:
        """Return the jobs on the screen."""
        return list(self.replica.documents("Dispatch Job"))
