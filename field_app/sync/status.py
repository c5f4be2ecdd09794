"""Where the engine stands, as screens and commands are told it."""

from dataclasses import dataclass
from enum import StrEnum

from field_app.ports import Progress
from field_app.sync.replica import Replica


class Phase(StrEnum):
    """What the sync line at the top of every screen says."""

    IDLE = "idle"
    SYNCING = "syncing"
    WAITING = "waiting"
    SIGNED_OUT = "signed-out"
    UPGRADE = "upgrade"
    WIPED = "wiped"
    ELSEWHERE = "elsewhere"
    """Another program on this device does the sync: a command while the window is open."""


@dataclass(frozen=True, slots=True)
class Status:
    """Where the engine stands: never a success that was not one."""

    phase: Phase
    failure: str | None
    """Why the latest attempt failed, also before the app was last started; None after a success."""
    contact_ms: int | None
    next_ms: int
    exchanges: int = 0
    """How many exchanges the server answered since the start."""
    failures: int = 0
    """How many attempts failed since the start: tells a new failure from the one before it."""
    unsent: int = 0
    blobs_left: int = 0
    """Photos and signatures that the server has not verified and that nothing stops."""
    are_blobs_waiting: bool = False
    """Whether their last attempt failed and the next one is for later."""
    progress: Progress | None = None
    """How far the snapshot under way has come."""
    failure_ms: int | None = None
    """When the latest attempt failed, by this device's clock."""


def standing_by(replica: Replica) -> Status:
    """Say where things stand from what the program that syncs has written down."""
    contact, failed_ms = replica.get("contact_ms"), replica.get("failure_ms")
    unsent = replica.unsent()
    return Status(
        Phase.ELSEWHERE,
        replica.get("failure"),
        int(contact) if contact else None,
        0,
        unsent=unsent.operations,
        blobs_left=unsent.blobs,
        failure_ms=int(failed_ms) if failed_ms else None,
    )
