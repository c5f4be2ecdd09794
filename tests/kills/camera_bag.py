"""An account's replica, blobs and darkroom on real files, without a server."""

import random
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from field_app.device import disk, images
from field_app.device.clock import DeviceClock
from field_app.sync.acts import Acts, done
from field_app.sync.darkroom import Darkroom, Spares
from field_app.sync.desk import Desk
from field_app.sync.fetched import FetchedPhotos
from field_app.sync.files import BlobFolder
from field_app.sync.recorder import Recorder
from field_app.sync.replica import Replica
from field_app.sync.thumbnails import Thumbnails
from field_core.ids import RANDOM_BYTES, uuid7
from field_core.problems import Problem
from tests.app.making import enrolled

T = TypeVar("T")


class CameraBag:
    """Opens, or opens again, what lies in a folder."""

    def __init__(self, folder: Path, *, seed: int) -> None:
        draw, clock = random.Random(seed), DeviceClock()
        connection = sqlite3.connect(folder / "replica.db", check_same_thread=False)
        self.replica = enrolled(Replica(connection))
        self.blobs = BlobFolder(folder / "blobs", free_bytes=disk.free_bytes)
        recorder = Recorder(
            self.replica,
            stamp=clock.stamp,
            new_id=lambda: uuid7(clock.now_ms(), draw.randbytes(RANDOM_BYTES)),
        )
        self.acts = Acts(
            self.replica, recorder, self.blobs, now_ms=clock.now_ms, today=lambda: "2026-04-27"
        )
        self.desk = Desk()
        self.darkroom = Darkroom(
            self.acts,
            self.blobs,
            images,
            spares=Spares(
                Thumbnails(folder / "thumbnails"),
                FetchedPhotos(folder / "fetched", free_bytes=disk.free_bytes),
            ),
            free_bytes=lambda: disk.free_bytes(folder),
            zone=ZoneInfo("America/Toronto"),
            bench=self,
        )

    async def look(self, work: Callable[[], T]) -> T:
        """Return what `work` returns."""
        return await self.desk(work)

    async def edit(self, work: Callable[[], T | Problem]) -> T:
        """Do an act."""
        return await self.desk(lambda: done(work()))

    def close(self) -> None:
        """Let go of the files."""
        self.desk.close()
        self.replica.close()
