"""A device as the app puts it together: replica on disk, engine, runner, counted sockets."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.sync_phases.counting import Wire, counting_network
from benchmarks.sync_phases.people import PASSWORD, email_of
from field_app.compose.machine import EnginePorts, answered
from field_app.device import disk
from field_app.device.clock import DeviceClock
from field_app.device.ids import Ids
from field_app.sync.acts import Acts
from field_app.sync.cadence import Cadence, clean_all
from field_app.sync.compression import decompress
from field_app.sync.desk import Desk
from field_app.sync.engine import Engine
from field_app.sync.fetched import FetchedPhotos
from field_app.sync.files import BlobFolder, FolderSnapshot
from field_app.sync.recorder import Recorder
from field_app.sync.replica import Replica
from field_app.sync.runner import Runner
from field_app.sync.transport import Transport


@dataclass(frozen=True, slots=True)
class Device:
    """The parts of one device."""

    replica: Replica
    recorder: Recorder
    acts: Acts
    blobs: BlobFolder
    desk: Desk
    runner: Runner
    transport: Transport
    wire: Wire
    cadence: Cadence


class Forgetful:
    """Keeps no session: the device lives no longer than the program."""

    def keep(self, session: dict[str, object] | None) -> None:
        """Forget it."""

    def erase(self) -> None:
        """Nothing is kept."""


async def sign_in(server: str, technician: str) -> dict[str, Any]:
    """Sign in over a connection of its own; return the session."""
    transport = Transport(server)
    body = {
        "email": email_of(technician),
        "password": PASSWORD,
        "device": {"name": "bench", "platform": "bench"},
    }
    try:
        session: dict[str, Any] = answered(await transport.ask("POST", "/v1/auth/sign-in", body))
    finally:
        await transport.close()
    return session


@asynccontextmanager
async def device(server: str, folder: Path, session: dict[str, Any]) -> AsyncIterator[Device]:
    """Run a device in an empty folder while the block lasts; it does nothing until signed in.

    The session is given to it by `SignedIn`, as signing in does: that is when the clock starts.
    """
    made = _made(server, folder, session)
    made.runner.start()
    try:
        yield made
    finally:
        await made.runner.stop()
        await made.transport.close()
        made.desk.close()
        made.replica.close()


def _made(server: str, folder: Path, session: dict[str, Any]) -> Device:
    clock, wire, desk = DeviceClock(), Wire(), Desk()
    ids = Ids(clock)
    replica = open_replica(folder, session)
    blobs = BlobFolder(folder / "blobs", free_bytes=disk.free_bytes)
    fetched = FetchedPhotos(folder / "fetched", free_bytes=disk.free_bytes)
    recorder = Recorder(replica, stamp=clock.stamp, new_id=ids.new)
    engine = Engine(
        replica,
        ports=EnginePorts(FolderSnapshot(folder / "snapshot.part"), ids.jitter),
        session=None,
        decompress=decompress,
    )
    transport = Transport(server, blobs=blobs, network=counting_network(wire))
    runner = Runner(
        engine,
        desk=desk,
        performer=transport,
        keeper=Forgetful(),
        clock=clock.stamp,
        status=engine.status(),
    )
    acts = Acts(replica, recorder, blobs, now_ms=clock.now_ms, today=lambda: "")
    cadence = Cadence(
        runner,
        clean=partial(clean_all, replica, blobs, fetched, now_ms=clock.now_ms()),
        desk=desk,
        is_reachable=transport.is_reachable,
    )
    return Device(replica, recorder, acts, blobs, desk, runner, transport, wire, cadence)


def open_replica(folder: Path, session: dict[str, Any]) -> Replica:
    """Make a replica that belongs to the session's account."""
    replica = Replica(sqlite3.connect(folder / "replica.db", check_same_thread=False))
    account = session["account"]
    replica.remember(
        device=session["device"], technician=account["technician"], account=account["email"]
    )
    return replica
