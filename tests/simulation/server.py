"""The server in the world: the real application on one database, which may die and be restored."""

import random
from collections.abc import Callable
from typing import Any

from pydantic import SecretStr

from server_sync.blobs.store import PieceMissingError, is_named
from server_sync.compose import Server, build
from server_sync.settings import Settings
from tests.simulation.clocks import TrueClock
from tests.simulation.crashes import ServerFuse
from tests.simulation.databases import Made
from tests.simulation.lean_sql import LeanDatabase
from tests.simulation.turns import Hop

SETTINGS = Settings(
    database_url="sqlite://",
    password_memory_kib=8,
    password_passes=1,
    server_secret=SecretStr("simulation-secret-of-32-characters!"),
)


class MemoryBlobs:
    """Blob bytes that survive a restart; a partial upload is never readable."""

    def __init__(self) -> None:
        self.whole: dict[str, bytes] = {}
        self.parts: dict[str, bytearray] = {}

    def write(self, sha256: str, *, offset: int, piece: bytes) -> None:
        """Keep a piece."""
        part = self.parts.setdefault(sha256, bytearray())
        if offset > len(part):
            raise PieceMissingError(len(part))
        part[offset : offset + len(piece)] = piece

    def complete(self, sha256: str, *, size: int) -> bool:
        """Make it readable when it is what its name says."""
        content = bytes(self.parts.pop(sha256, b""))
        if len(content) == size and is_named(sha256, content):
            self.whole[sha256] = content
            return True
        return False

    def discard(self, sha256: str) -> None:
        """Forget a part."""
        self.parts.pop(sha256, None)

    def size(self, sha256: str) -> int | None:
        """Return the size of a readable blob."""
        return len(self.whole[sha256]) if sha256 in self.whole else None

    def read(self, sha256: str, *, start: int = 0, end: int | None = None) -> bytes:
        """Return bytes of a readable blob."""
        return self.whole[sha256][start:end]

    def remove(self, sha256: str) -> None:
        """Take it away."""
        self.whole.pop(sha256, None)

    def check(self) -> None:
        """Always usable."""


class ServerNode:
    """One machine: server processes, one set after another, over one database."""

    def __init__(
        self,
        clock: TrueClock,
        rng: random.Random,
        *,
        make: Callable[..., Server] = build,
        lane: Callable[[int], Hop],
        database: Made = LeanDatabase,
        processes: int = 1,
        begin: bytes | None = None,
    ) -> None:
        """lane: where the processes of a life of the machine run what blocks.

        begin: the database of a server that has run before.
        """
        self.clock = clock
        self.rng = rng
        self.fuse = ServerFuse()
        self.blobs = MemoryBlobs()
        self.database = database(self.fuse.burn)
        if begin is not None:
            self.database.put_back(begin)
        self._make = make
        self._lane = lane
        self._processes = processes
        self.life = 0
        """Counts the lives of the machine: work that began in an earlier one is no more."""
        self.backup: tuple[Any, dict[str, bytes]] | None = None
        self.boot()

    def boot(self) -> None:
        """Start the processes on the database as it is."""
        self.fuse.renew()
        self.life += 1
        with self.database.starting():
            self.servers = [self._started() for _ in range(self._processes)]

    def _started(self) -> Server:
        return self._make(
            SETTINGS,
            clock=self.clock,
            entropy=self.rng.randbytes,
            database=self.database,
            run_blocking=self._lane(self.life),
            blob_store=self.blobs,
        )

    @property
    def server(self) -> Server:
        """The first process."""
        return self.servers[0]

    def die(self) -> None:
        """Lose what was not committed; the next process starts on the rest."""
        self.fuse.renew()
        self.database.lose_open()
        self.boot()

    def back_up(self) -> None:
        """Keep a copy of the database and of the files, as the nightly job does."""
        self.backup = self.database.copy(), dict(self.blobs.whole)

    def restore(self) -> None:
        """Go back to the last copy on a new disk, as `server-sync restore` does: a new epoch."""
        if self.backup is None:
            return
        database, files = self.backup
        self.database.put_back(database)
        self.blobs.whole, self.blobs.parts = dict(files), {}
        self.boot()
        self.server.store.renew_epoch()
