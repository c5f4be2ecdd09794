"""An account's files, open, and the same account kept in step with its server."""

from collections.abc import Callable
from dataclasses import dataclass

from field_app.device.accounts import AccountInfo
from field_app.device.paths import AccountFolder
from field_app.sync.acts import Acts
from field_app.sync.desk import Desk
from field_app.sync.fetched import FetchedPhotos
from field_app.sync.files import BlobFolder
from field_app.sync.replica import Replica
from field_app.sync.runner import Runner
from field_app.sync.snapshot import SnapshotFile
from field_app.sync.transport import Transport


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
    fetched: FetchedPhotos
    acts: Acts

    def close(self) -> None:
        """Close the replica."""
        self.replica.close()


@dataclass(frozen=True, slots=True)
class Live:
    """An account that is kept in step with its server, by this program or by another one."""

    account: Account
    desk: Desk
    transport: Transport
    runner: Runner
