"""The sync engine: events in, effects out; no socket, clock, thread or randomness inside.

`step` is the whole interface. It reads and writes the replica, and returns what it wants done:
calls to make, a session to keep, screens to tell. Production performs the effects under asyncio;
the simulation performs them in a seeded world. Both run this code. `due` says what to start,
`answers` what came of it.
"""

from collections.abc import Callable
from typing import Any, Protocol, assert_never

from field_app.sync.answers import POLL_MS, Answers
from field_app.sync.auth import Auth, is_session
from field_app.sync.backoff import Backoff
from field_app.sync.blobs import BlobChannel
from field_app.sync.course import Course
from field_app.sync.due import Due
from field_app.sync.events import (
    Arrived,
    Edited,
    Effect,
    Event,
    Failed,
    Hinted,
    KeepSession,
    Online,
    Replied,
    Revoked,
    SignedIn,
    Tick,
)
from field_app.sync.heads import Gauge, Heads, nothing_known
from field_app.sync.mending import MEND_AGAIN_MS, Mending
from field_app.sync.parts import Parts
from field_app.sync.replica import Replica
from field_app.sync.snapshot import SnapshotChannel, SnapshotFile
from field_app.sync.status import Phase, Status
from field_core.device_time import Stamp

__all__ = ["MEND_AGAIN_MS", "POLL_MS", "Engine", "Phase", "Ports", "Status", "is_session"]


class Ports(Protocol):
    """What the engine is given besides the replica."""

    @property
    def snapshot_file(self) -> SnapshotFile:
        """Where a snapshot's bytes are kept while it arrives."""

    def jitter(self) -> float:
        """Return a number from 0 to 1."""


class Engine:
    """One device's side of the protocol."""

    def __init__(
        self,
        replica: Replica,
        *,
        ports: Ports,
        session: dict[str, Any] | None,
        decompress: Callable[[bytes], bytes],
        blob_piece_max: int = 512 * 1024,
        gauge: Gauge = nothing_known,
    ) -> None:
        auth = Auth(session, skew_ms=int(replica.get("skew_ms") or 0))
        course = Course(replica, auth, Backoff(ports.jitter))
        self._parts = Parts(
            replica,
            auth,
            course,
            SnapshotChannel(replica, ports.snapshot_file, decompress, course.number),
            BlobChannel(replica, Backoff(ports.jitter), course.number, blob_piece_max),
            Heads(replica, gauge),
            Mending(replica, course),
        )
        self._due = Due(self._parts)
        self._answers = Answers(self._parts)
        self._wake_ms = 0
        self._is_erasing = replica.get("wiped") is not None
        """A wipe was cut short when the replica was empty and the files were still there."""

    # --- the interface

    def step(self, event: Event, now: Stamp) -> list[Effect]:
        """Take in one event at device time `now`; return what is wanted done."""
        if self.is_wiped:
            return []
        effects = self._take(event, now)
        if not self.is_wiped:
            effects = [*effects, *self._due.start(now)]
        self._wake_ms = self._due.next_wake(now)
        return effects

    @property
    def is_wiped(self) -> bool:
        """Whether everything here was erased on the server's order."""
        return self._parts.course.phase is Phase.WIPED

    def status(self) -> Status:
        """Say where things stand."""
        parts, course = self._parts, self._parts.course
        contact, unsent = parts.replica.get("contact_ms"), parts.replica.unsent()
        return Status(
            self.phase,
            course.failure,
            int(contact) if contact else None,
            course.due_ms,
            exchanges=course.exchanges,
            failures=course.failures,
            unsent=unsent.operations,
            blobs_left=unsent.blobs,
            are_blobs_waiting=parts.blobs.is_waiting,
            progress=parts.snapshot.progress,
            failure_ms=course.failure_ms,
        )

    @property
    def phase(self) -> Phase:
        """What the sync line says."""
        phase = self._parts.course.phase
        return Phase.SYNCING if phase is Phase.IDLE and self._is_busy() else phase

    def _is_busy(self) -> bool:
        calls = ("sync", "sums", "fetch", "auth", "range")
        return self._parts.snapshot.is_active or self._parts.course.is_under_way(*calls)

    @property
    def access(self) -> str | None:
        """The bearer token, for channels beside the engine."""
        return self._parts.auth.access

    @property
    def wake_ms(self) -> int:
        """The monotonic time at which a Tick is wanted."""
        return self._wake_ms

    # --- events

    def _take(self, event: Event, now: Stamp) -> list[Effect]:  # noqa: PLR0911 - one answer a kind
        if self._is_erasing and not isinstance(event, SignedIn):
            return self._answers.erase()
        match event:
            case Tick():
                return []
            case Edited() | Hinted():
                self._hurry(now, force=isinstance(event, Hinted))
                return []
            case Online():
                self._parts.course.backoff.succeeded()
                self._hurry(now, force=True)
                self._parts.blobs.hurry(now)
                return []
            case SignedIn():
                return self._signed_in(event.session, now)
            case Revoked():
                return self._answers.erase()
            case Replied():
                return self._answers.replied(event, now)
            case Arrived():
                return self._answers.arrived(event, now)
            case Failed():
                return self._answers.failed(event, now)
            case _:
                assert_never(event)

    def _hurry(self, now: Stamp, *, force: bool) -> None:
        if self._parts.course.hurry(now, force=force):
            self._parts.snapshot.wait_until(now.mono_ms)

    def _signed_in(self, session: dict[str, Any], now: Stamp) -> list[Effect]:
        """Go on under a session; under another identity, what is kept here is offered again."""
        replica, course = self._parts.replica, self._parts.course
        self._parts.auth.accept(session, now)
        have = replica.get("device")
        if have and have != session["device"]:
            replica.adopt(session["device"])
        course.phase = Phase.IDLE
        self._is_erasing = False
        replica.remember(
            **course.succeeded(),
            wiped=None,
            device=session["device"],
            technician=session["account"].get("technician"),
            full_name=session["account"].get("full_name"),
            account=session["account"]["email"],
        )
        self._hurry(now, force=True)
        return [KeepSession(session)]
