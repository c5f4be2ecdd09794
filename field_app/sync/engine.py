"""The sync engine: events in, effects out; no socket, clock, thread or randomness inside.

`step` is the whole interface. It reads and writes the replica, and returns what it wants done:
calls to make, a session to keep, screens to tell. Production performs the effects under asyncio;
the simulation performs them in a seeded world. Both run this code.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Protocol, TypeGuard, assert_never

from pydantic import ValidationError

from field_app.sync.auth import Auth
from field_app.sync.backoff import Backoff
from field_app.sync.blobs import NEVER_MS, BlobChannel
from field_app.sync.events import (
    Arrived,
    Call,
    Changed,
    Edited,
    Effect,
    Erase,
    Event,
    Failed,
    FailureKind,
    Hinted,
    KeepSession,
    Online,
    Replied,
    SignedIn,
    Tick,
)
from field_app.sync.replica import Replica
from field_app.sync.snapshot import Progress, SnapshotChannel, SnapshotFile
from field_core.device_time import Stamp
from field_core.operations import Jsonish
from field_core.wire import FetchReply, SumsReply, SyncReply, SyncRequest

POLL_MS: Final = 60_000
"""News reaches a phone in front within a minute even when every hint is lost."""
OPS_PER_CALL: Final = 100
MEND_AGAIN_MS: Final = 30_000
"""A difference that mending did not settle is looked at again later and later: a defect somewhere
must not keep a phone talking all day."""
MEND_AGAIN_DOUBLINGS: Final = 7
_BAD, _UNAUTHORIZED, _TOO_MUCH = 400, 401, (400, 413)


class Phase(StrEnum):
    """What the sync line at the top of every screen says."""

    IDLE = "idle"
    SYNCING = "syncing"
    WAITING = "waiting"
    SIGNED_OUT = "signed-out"
    UPGRADE = "upgrade"
    WIPED = "wiped"


@dataclass(frozen=True, slots=True)
class Status:
    """Where the engine stands, for screens and commands: never a success that was not one."""

    phase: Phase
    failure: str | None
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
    ) -> None:
        self._replica = replica
        self._auth = Auth(session)
        self._backoff = Backoff(ports.jitter)
        self._next_call = 0
        self._kinds: dict[int, str] = {}
        self._due_ms = 0
        self._failure: str | None = None
        self._phase = Phase.IDLE if session else Phase.SIGNED_OUT
        self._wants_more = False
        self._wake_ms = 0
        self._exchanges = self._failures = 0
        self._ops_per_call = OPS_PER_CALL
        self._may_fetch = False
        self._mends = 0
        self._check_after_ms = 0
        self._snapshot = SnapshotChannel(replica, ports.snapshot_file, decompress, self._number)
        self._blobs = BlobChannel(replica, Backoff(ports.jitter), self._number, blob_piece_max)

    # --- the interface

    def step(self, event: Event, now: Stamp) -> list[Effect]:
        """Take in one event at device time `now`; return what is wanted done."""
        if self.is_wiped:
            return []
        effects = self._take(event, now)
        if not self.is_wiped:
            effects = [*effects, *self._start_due(now)]
        self._wake_ms = self._next_wake(now)
        return effects

    @property
    def is_wiped(self) -> bool:
        """Whether everything here was erased on the server's order."""
        return self._phase is Phase.WIPED

    def status(self) -> Status:
        """Say where things stand."""
        busy = self._snapshot.is_active or any(kind != "blob" for kind in self._kinds.values())
        phase = Phase.SYNCING if busy and self._phase is Phase.IDLE else self._phase
        contact = self._replica.get("contact_ms")
        return Status(
            phase,
            self._failure,
            int(contact) if contact else None,
            self._due_ms,
            exchanges=self._exchanges,
            failures=self._failures,
            unsent=self._replica.outbox.pending_count(),
            blobs_left=self._blobs.left(),
            are_blobs_waiting=self._blobs.is_waiting,
            progress=self._snapshot.progress,
        )

    @property
    def access(self) -> str | None:
        """The bearer token, for channels beside the engine."""
        return self._auth.access

    @property
    def wake_ms(self) -> int:
        """The monotonic time at which a Tick is wanted."""
        return self._wake_ms

    def _next_wake(self, now: Stamp) -> int:
        """What is due already waits for an answer under way; only later times need an alarm."""
        later = [at for at in (self._due_ms, self._blobs.due_ms) if at > now.mono_ms]
        return min(later, default=NEVER_MS)

    # --- events

    def _take(self, event: Event, now: Stamp) -> list[Effect]:  # noqa: PLR0911 - one answer a kind
        match event:
            case Tick():
                return []
            case Edited() | Hinted():
                self._hurry(now, force=isinstance(event, Hinted))
                return []
            case Online():
                self._backoff.succeeded()
                self._hurry(now, force=True)
                self._blobs.hurry(now)
                return []
            case SignedIn():
                return self._signed_in(event.session, now)
            case Replied():
                return self._replied(event, now)
            case Arrived():
                return self._arrived(event, now)
            case Failed():
                return self._failed(event, now)
            case _:
                assert_never(event)

    def _hurry(self, now: Stamp, *, force: bool) -> None:
        """Be due now; while calls fail, only a person, a hint or a new network cuts the wait."""
        if force or not self._backoff.failures:
            self._due_ms = now.mono_ms
            self._wants_more = True
            self._snapshot.wait_until(now.mono_ms)

    def _signed_in(self, session: dict[str, Any], now: Stamp) -> list[Effect]:
        self._auth.accept(session, now)
        have = self._replica.get("device")
        if have and have != session["device"]:
            self._adopt(session["device"])
        self._replica.remember(
            device=session["device"],
            technician=session["account"].get("technician"),
            account=session["account"]["email"],
        )
        self._phase, self._failure = Phase.IDLE, None
        self._backoff.succeeded()
        self._hurry(now, force=True)
        return [KeepSession(session)]

    def _adopt(self, device: str) -> None:
        """Go on under a new identity: what is kept here is offered again, nothing else changes."""
        self._replica.adopt(device)

    # --- what is due

    def _start_due(self, now: Stamp) -> list[Effect]:
        if self._phase not in (Phase.IDLE, Phase.UPGRADE):  # an app too old may still send
            return []
        if self._auth.needs_refresh(now):
            return self._refresh(now)
        effects = self._snapshot.start(now, self._auth.access)
        if self._due_ms <= now.mono_ms and not self._busy() and not self._snapshot.is_active:
            effects.append(self._sync(now))
        if not self._replica.outbox.pending_count():  # text does not wait for photos
            effects += self._blobs.start(now, self._auth.access)
        return effects

    def _busy(self) -> bool:
        return any(kind in ("sync", "sums", "fetch", "auth") for kind in self._kinds.values())

    def _refresh(self, now: Stamp) -> list[Effect]:
        blobs_due = self._blobs.due_ms <= now.mono_ms and not self._backoff.failures
        if "auth" in self._kinds.values() or (self._due_ms > now.mono_ms and not blobs_due):
            return []
        path = "/v1/auth/re-enrol" if self._auth.must_re_enrol else "/v1/auth/refresh"
        return [self._call("auth", path, {"refresh": self._auth.refresh}, access=None)]

    def _sync(self, now: Stamp) -> Call:
        wanted = self._replica.wanted()
        if wanted and self._may_fetch:  # by turns: whatever ails one never stops the other
            self._may_fetch = False
            return self._call("fetch", "/v1/sync/fetch", {"keys": wanted})
        self._may_fetch = True
        self._wants_more = False
        request = SyncRequest(
            cursor=self._replica.cursor,
            now=now,
            digest=None,
            ops=self._replica.outbox.pending(self._ops_per_call),
        )
        body = request.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return self._call("sync", "/v1/sync", {**body, "proto": request.proto})

    def _call(self, kind: str, path: str, json: Jsonish, *, access: str | None = "") -> Call:
        call = self._number(kind)
        return Call(call, "POST", path, json, access=self._auth.access if access == "" else access)

    def _number(self, kind: str) -> int:
        self._next_call += 1
        self._kinds[self._next_call] = kind
        return self._next_call

    # --- answers

    def _replied(self, event: Replied, now: Stamp) -> list[Effect]:  # noqa: PLR0911 - one answer a kind
        kind = self._kinds.pop(event.call, None)
        if kind is None:  # an answer that was given up on; its twin has been or will be asked for
            return []
        if event.status >= _BAD and kind != "blob":
            return self._refused(event, kind, now)
        if kind != "auth" and event.status < _BAD:
            self._auth.worked()
        match kind:
            case "sync":
                return self._took_sync(event, now)
            case "auth":
                return self._took_session(event, now)
            case "sums":
                return self._took_sums(event, now)
            case "fetch":
                return self._took_fetch(event, now)
            case "blob":
                return self._took_blob(event, now)
            case _:
                return []

    def _took_sync(self, event: Replied, now: Stamp) -> list[Effect]:
        try:
            reply = SyncReply.model_validate(event.body)
        except ValidationError:
            return self._wait("internal", now)
        if not reply.now_ms:  # every answer of our server tells its time: this is somebody else's
            return self._wait("captive-portal", now)
        self._contacted(reply, now)
        self._notice_rollback(reply)
        touched = self._replica.apply(reply, now_ms=now.wall_ms)
        if reply.order == "drain" and self._is_drained():
            return self._erase()
        self._phase = Phase.UPGRADE if reply.upgrade else Phase.IDLE
        if reply.snapshot is not None:
            self._snapshot.offer(reply.snapshot)
        self._plan_next(reply, now)
        effects: list[Effect] = [Changed(frozenset(touched))] if touched else []
        return [*effects, *self._check(reply, now)]

    def _notice_rollback(self, reply: SyncReply) -> None:
        """The server has taken numbers we have not given yet: these files are an older copy.

        Going on under this identity would give those numbers to other operations, so ask for a
        new one; what is unsent is renumbered then, and known operations are told by their ids.
        """
        device = self._replica.get("device")
        if device and reply.last_n >= self._replica.outbox.next_n(device):
            self._auth.re_enrol()

    def _is_drained(self) -> bool:
        return not self._replica.outbox.pending_count() and not self._blobs.left()

    def _contacted(self, reply: SyncReply, now: Stamp) -> None:
        self._backoff.succeeded()
        self._failure = None
        self._exchanges += 1
        self._ops_per_call = OPS_PER_CALL
        self._replica.remember(skew_ms=str(now.wall_ms - reply.now_ms))

    def _plan_next(self, reply: SyncReply, now: Stamp) -> None:
        more = reply.more or self._wants_more or bool(self._replica.wanted(1))
        again = more or (reply.outcomes and self._replica.outbox.pending_count())
        self._due_ms = now.mono_ms + (0 if again else POLL_MS)

    def _check(self, reply: SyncReply, now: Stamp) -> list[Effect]:
        """Compare sums when everything is in; a difference is a defect, mended and counted."""
        here = reply.digest and reply.cursor == self._replica.cursor
        if not here or self._replica.wanted(1):
            return []
        if self._replica.digest() == reply.digest:
            self._mends = 0
            return []
        if self._mends and now.mono_ms < self._check_after_ms:
            return []
        return [
            self._call(
                "sums",
                "/v1/sync/sums",
                {"cursor": self._replica.cursor, "sums": self._replica.sums()},
            )
        ]

    def _took_sums(self, event: Replied, now: Stamp) -> list[Effect]:
        try:
            reply = SumsReply.model_validate(event.body)
        except ValidationError:
            return self._wait("internal", now)
        self._check_after_ms = now.mono_ms + (
            MEND_AGAIN_MS << min(self._mends, MEND_AGAIN_DOUBLINGS)
        )
        self._mends += 1
        keys = [
            key
            for doctype, held in reply.differing.items()
            for key in self._replica.differing(doctype, held)
        ]
        if keys:
            self._replica.mend(keys)
        self._due_ms = now.mono_ms
        return []

    def _took_fetch(self, event: Replied, now: Stamp) -> list[Effect]:
        try:
            reply = FetchReply.model_validate(event.body)
        except ValidationError:
            return self._wait("internal", now)
        touched = self._replica.apply_fetched(reply.changes)
        self._due_ms = now.mono_ms
        return [Changed(frozenset(touched))]

    def _took_session(self, event: Replied, now: Stamp) -> list[Effect]:
        session = event.body
        if not is_session(session):
            return self._wait("internal", now)
        if session["device"] != self._replica.get("device"):
            self._adopt(session["device"])
        self._auth.accept(session, now)
        self._due_ms = now.mono_ms
        return [KeepSession(session)]

    def _took_blob(self, event: Replied, now: Stamp) -> list[Effect]:
        if event.status == _UNAUTHORIZED and not self._auth.is_fresh:
            self._auth.expire()
            self._blobs.dropped()
            return []
        changed = self._blobs.replied(event, now)
        return [Changed(frozenset(changed))] if changed else []

    # --- refusals and failures

    def _refused(self, event: Replied, kind: str, now: Stamp) -> list[Effect]:
        """A 4xx on a whole call stops sending; the outbox is never touched by it."""
        code = event.body.get("code") if isinstance(event.body, dict) else None
        if code == "device-wiped":
            return self._erase()
        if code == "device-cloned":
            self._auth.re_enrol()
            self._due_ms = now.mono_ms
            return []
        if event.status == _UNAUTHORIZED and kind == "auth":
            self._phase, self._failure = Phase.SIGNED_OUT, "signed-out"
            return []
        if event.status == _UNAUTHORIZED:
            return self._unauthorised(now)
        if kind == "range":
            self._snapshot.refused(event.call)
        if kind == "sync" and event.status in _TOO_MUCH:  # less at a time, then
            self._ops_per_call = max(1, self._ops_per_call // 2)
        return self._wait(code or "internal", now, after_s=event.headers.get("retry-after"))

    def _unauthorised(self, now: Stamp) -> list[Effect]:
        """Renew the session and ask again; a brand-new one that is refused too must wait."""
        is_hopeless = self._auth.is_fresh
        self._auth.expire()
        self._snapshot.dropped()
        if is_hopeless:
            return self._wait("signed-out", now)
        self._due_ms = now.mono_ms
        return []

    def _failed(self, event: Failed, now: Stamp) -> list[Effect]:
        kind = self._kinds.pop(event.call, None)
        if kind is None:
            return []
        if kind == "blob":
            touched = self._blobs.broke_off(event.kind, now)
            return [Changed(frozenset(touched))] if touched else []
        if kind == "range":
            self._snapshot.failed(event.call)
        return self._wait(_WORDS[event.kind], now)

    def _wait(self, failure: str, now: Stamp, *, after_s: str | None = None) -> list[Effect]:
        self._failure = failure
        self._failures += 1
        wait = self._backoff.failed()
        if after_s and after_s.isdecimal():
            wait = max(wait, int(after_s) * 1000)
        self._due_ms = now.mono_ms + wait
        self._snapshot.wait_until(self._due_ms)
        return []

    def _erase(self) -> list[Effect]:
        self._replica.wipe()
        self._phase = Phase.WIPED
        self._kinds.clear()
        return [Erase(), KeepSession(None)]

    # --- snapshots

    def _arrived(self, event: Arrived, now: Stamp) -> list[Effect]:
        if event.call not in self._kinds:
            return []
        if event.is_last:
            self._kinds.pop(event.call)
        self._backoff.succeeded()
        touched = self._snapshot.arrived(event)
        if not self._snapshot.is_active:
            self._due_ms = now.mono_ms
        return [Changed(frozenset(touched))] if touched else []


_WORDS: Final = {
    FailureKind.UNREACHABLE: "server-unreachable",
    FailureKind.STALLED: "server-unreachable",
    FailureKind.CAPTIVE: "captive-portal",
    FailureKind.UNREADABLE: "server-unreachable",
    FailureKind.MISSING: "blob-missing",
}


def is_session(body: object) -> TypeGuard[dict[str, Any]]:
    """Tell whether an answer is a session, as far as the engine uses it."""
    return (
        isinstance(body, dict)
        and all(isinstance(body.get(name), str) for name in ("access", "refresh", "device"))
        and all(isinstance(body.get(name), int) for name in ("access_expires_ms", "now_ms"))
        and isinstance(body.get("account"), dict)
        and "email" in body["account"]
    )
