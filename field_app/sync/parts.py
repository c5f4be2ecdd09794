"""What the two halves of the engine share."""

from dataclasses import dataclass

from field_app.sync.auth import Auth
from field_app.sync.blobs import BlobChannel
from field_app.sync.course import Course
from field_app.sync.heads import Heads
from field_app.sync.mending import Mending
from field_app.sync.replica import Replica
from field_app.sync.snapshot import SnapshotChannel


@dataclass(frozen=True, slots=True)
class Parts:
    """One device's replica, session and channels."""

    replica: Replica
    auth: Auth
    course: Course
    snapshot: SnapshotChannel
    blobs: BlobChannel
    heads: Heads
    mending: Mending
