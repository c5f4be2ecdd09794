"""Small factories: a replica in memory, a device clock that is turned by hand, replies to order."""

# ruff: noqa: ANN401 - JSON of any shape

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from field_app.sync.acts import Acts
from field_app.sync.compression import compress, decompress
from field_app.sync.engine import Engine
from field_app.sync.events import Call, Effect, Event, Replied, SignedIn
from field_app.sync.files import BlobFolder
from field_app.sync.recorder import Recorder
from field_app.sync.replica import Replica
from field_core.canon import Body, Json, digest, hash8, sum64
from field_core.device_time import Stamp
from field_core.ids import uuid7
from field_core.snapshot_format import Stored, encode_frame
from field_core.wire import Change, SnapshotOffer, SnapshotPart, SyncReply

NOON_MS = 1_777_305_600_000
DEVICE = "0197a000-0000-7000-8000-00000000dddd"
MARC = "DT-00001"
_STORED = Path(__file__).parent / "stored"


def key(n: int) -> str:
    return f"0197a000-0000-7000-8000-{n:012x}"


def session(
    device: str = DEVICE,
    *,
    lives_ms: int = 900_000,
    access: str = "access-1",
    email: str = "marc@example.com",
) -> dict[str, Any]:
    return {
        "access": access,
        "access_expires_ms": NOON_MS + lives_ms,
        "refresh": "refresh-1",
        "device": device,
        "now_ms": NOON_MS,
        "server_key": "",
        "account": {
            "email": email,
            "full_name": "Marc",
            "roles": ["technician"],
            "technician": MARC,
            "language": "fr",
        },
    }


class Clock:
    """Turned by hand; wall and monotonic time move together unless told otherwise."""

    def __init__(self) -> None:
        self.wall_ms, self.mono_ms, self.boot = NOON_MS, 1_000, "boot-1"

    def stamp(self) -> Stamp:
        return Stamp(self.wall_ms, self.mono_ms, self.boot)

    def now_ms(self) -> int:
        return self.wall_ms

    def go(self, ms: int) -> None:
        self.wall_ms += ms
        self.mono_ms += ms


class Ids:
    """Ids in order, the same each run."""

    def __init__(self) -> None:
        self.made = 0

    def new(self) -> str:
        self.made += 1
        return uuid7(NOON_MS, self.made.to_bytes(10, "big"))


def job(n: int = 1, **fields: Any) -> Body:
    return {
        "name": f"DJ-{n:05}",
        "subject": f"Installation {n}",
        "status": "Dispatched",
        "scheduled_date": "2026-04-27",
        "assigned_technician": MARC,
        "service_location": "LOC-00001",
        "checklist": steps(),
        **fields,
    }


def steps() -> list[Any]:
    return [
        {
            "id": "s1",
            "step": "arrive",
            "kind": "confirm",
            "label_fr": "Arrivé",
            "label_en": "Arrived",
            "required": True,
        },
        {
            "id": "s2",
            "step": "rx",
            "kind": "reading",
            "label_fr": "Niveau",
            "label_en": "Level",
            "required": True,
            "min_value": -27.0,
            "max_value": -8.0,
            "depends_on": "s1",
        },
    ]


def change(
    n: int, body: Mapping[str, Json], *, rev: int = 1, doctype: str = "Dispatch Job"
) -> Change:
    return Change(key=key(n), doctype=doctype, rev=rev, body=dict(body))


def reply(
    changes: Iterable[Change] = (),
    *,
    since: str | None = None,
    cursor: str | None = "e.1",
    seq: int = 1,
    **more: Any,
) -> SyncReply:
    return SyncReply(
        changes=list(changes), since=since, cursor=cursor, seq=seq, **{"now_ms": NOON_MS, **more}
    )


def stored(n: int, body: Body, *, rev: int = 1, doctype: str = "Dispatch Job") -> Stored:
    return Stored(key(n), doctype, rev, body)


def digest_of(*documents: Stored) -> str:
    return digest(sum64(d.key, d.rev, hash8(d.body)) for d in documents)


def older(path: Path) -> Path:
    """Put down the file that version 1 of the tables wrote, with one unsent note; return it."""
    path.write_bytes(decompress((_STORED / "replica-001.zst").read_bytes()))
    return path


def memory() -> Replica:
    return Replica(sqlite3.connect(":memory:", check_same_thread=False))


def enrolled(replica: Replica, device: str = DEVICE) -> Replica:
    replica.remember(device=device, technician=MARC)
    return replica


class MemoryFile:
    """A snapshot file in memory; `lost` bytes tell what a crash took."""

    def __init__(self) -> None:
        self.content = bytearray()

    def write(self, offset: int, data: bytes) -> None:
        self.content[len(self.content) :] = bytes(max(0, offset + len(data) - len(self.content)))
        self.content[offset : offset + len(data)] = data

    def read(self, offset: int, size: int) -> bytes:
        return bytes(self.content[offset : offset + size])

    def clear(self) -> None:
        self.content.clear()


class Ports:
    """What the engine is given: a file, and no jitter."""

    def __init__(self, file: MemoryFile) -> None:
        self.snapshot_file = file

    def jitter(self) -> float:
        return 1.0


class Device:
    """An engine with its replica, and a hand that answers its calls."""

    def __init__(
        self,
        replica: Replica | None = None,
        *,
        signed_in: bool = True,
        file: MemoryFile | None = None,
    ) -> None:
        self.clock, self.ids = Clock(), Ids()
        self.replica = replica or memory()
        self.file = file or MemoryFile()
        self.recorder = Recorder(self.replica, stamp=self.clock.stamp, new_id=self.ids.new)
        self.gauge: dict[str, int | str] = {}
        self.engine = self._engine(None)
        self.effects: list[Effect] = []
        if signed_in:
            self.sign_in()

    def sign_in(self) -> None:
        """Start using a session."""
        self.step(SignedIn(session()))

    def _engine(self, held: dict[str, Any] | None) -> Engine:
        return Engine(
            self.replica,
            ports=Ports(self.file),
            session=held,
            decompress=decompress,
            gauge=lambda: self.gauge,
        )

    def restart(self, held: dict[str, Any] | None = None) -> None:
        """Kill the program and start it again on the same files."""
        self.engine = self._engine(held or session())
        self.effects = []

    def step(self, event: Event) -> list[Effect]:
        """Take a step, keeping the effects that came of it."""
        self.effects = self.engine.step(event, self.clock.stamp())
        return self.effects

    def call(self, path: str) -> Call:
        """Return the one call to a path among the latest effects."""
        calls = [e for e in self.effects if isinstance(e, Call) and e.path.startswith(path)]
        assert len(calls) == 1, f"one call to {path} among {self.effects}"
        return calls[0]

    def answer(self, path: str, body: Any, status: int = 200, **headers: str) -> list[Effect]:
        """Answer the call to a path."""
        if isinstance(body, SyncReply):
            body = body.model_dump(mode="json")
        return self.step(Replied(self.call(path).call, status, body, headers))

    def synced(self, *documents: Stored) -> "Device":
        """Take in documents as the first reply."""
        changes = [Change(key=d.key, doctype=d.doctype, rev=d.rev, body=d.body) for d in documents]
        self.answer("/v1/sync", reply(changes, digest=digest_of(*documents)))
        return self


def snapshot(
    *frames: list[Stored], cursor: str = "e.9", seq: int = 9
) -> tuple[SnapshotOffer, bytes]:
    """Return an offer and its bytes."""
    packed = [compress(encode_frame(frame)) for frame in frames]
    content = b"".join(packed)
    name = hashlib.sha256(content).hexdigest()
    parts = [
        SnapshotPart(size=len(p), documents=len(f)) for p, f in zip(packed, frames, strict=True)
    ]
    return SnapshotOffer(
        url=f"/v1/snapshots/{name}",
        sha256=name,
        size=len(content),
        cursor=cursor,
        seq=seq,
        parts=parts,
    ), content


def acts_on(replica: Replica, folder: BlobFolder, clock: Clock, ids: Ids) -> Acts:
    recorder = Recorder(replica, stamp=clock.stamp, new_id=ids.new)
    return Acts(replica, recorder, folder, now_ms=clock.now_ms, today=lambda: "2026-04-27")
