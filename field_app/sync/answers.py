"""What answers mean: verdicts, news, sessions, refusals, and calls that nobody answered."""

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError

from field_app.sync.auth import is_session
from field_app.sync.course import OPS_PER_CALL, UnderWay
from field_app.sync.events import (
    Arrived,
    Changed,
    Effect,
    Erase,
    Failed,
    FailureKind,
    KeepSession,
    Replied,
)
from field_app.sync.parts import Parts
from field_app.sync.status import Phase
from field_core.device_time import Stamp
from field_core.wire import FetchReply, SumsReply, SyncReply

POLL_MS: Final = 60_000
"""News reaches a phone in front within a minute even when every hint is lost."""
_BAD, _UNAUTHORIZED, _TOO_MUCH = 400, 401, (400, 413)
_NO_SNAPSHOT = ("not-found", "not-allowed")
"""A restored server has it no more; a device that is to empty itself is given nothing."""

M = TypeVar("M", bound=BaseModel)


class Answers:
    """Takes in what came back of a call, or that nothing came."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._replica = parts.replica
        self._auth = parts.auth
        self._course = parts.course
        self._are_photos_sure = False
        self._by_kind: Mapping[str, Callable[[Replied, Stamp], list[Effect]]] = {
            "sync": self._took_sync,
            "auth": self._took_session,
            "sums": self._took_sums,
            "fetch": self._took_fetch,
        }

    def replied(self, event: Replied, now: Stamp) -> list[Effect]:
        """Take an answer of our server; one to a call that was given up on changes nothing."""
        made = self._course.ended(event.call)
        if made is None:
            return []
        if made.kind == "blob":
            return self._took_blob(event, made, now)
        if event.status >= _BAD:
            return self._refused(event, made, now)
        if made.kind != "auth":
            self._auth.worked()
        take = self._by_kind.get(made.kind)
        return take(event, now) if take else []

    # --- an exchange

    def _took_sync(self, event: Replied, now: Stamp) -> list[Effect]:
        reply = _read(SyncReply, event)
        if reply is None:
            return self._wait("internal", now)
        if not reply.now_ms:  # every answer of our server tells its time: this is somebody else's
            return self._wait("captive-portal", now)
        self._notice_rollback(reply)
        facts = {**self._course.succeeded(), "skew_ms": str(now.wall_ms - reply.now_ms)}
        touched = self._replica.apply(reply, now_ms=now.wall_ms, facts=facts)
        self._contacted(now)
        if reply.order == "drain" and self._is_drained():
            return self.erase()
        self._course.phase = Phase.UPGRADE if reply.upgrade else Phase.IDLE
        if reply.snapshot is not None and not self._parts.snapshot.is_active:
            self._parts.snapshot.offer(reply.snapshot)
        self._plan_next(reply, now)
        return [*_changed(touched), *self._parts.mending.check(reply, now)]

    def _contacted(self, now: Stamp) -> None:
        self._course.exchanges += 1
        self._course.ops_per_call = OPS_PER_CALL
        self._parts.heads.were_told(now.mono_ms)

    def _notice_rollback(self, reply: SyncReply) -> None:
        """The server has taken numbers we have not given yet: these files are an older copy.

        Going on under this identity would give those numbers to other operations, so ask for a
        new one; what is unsent is renumbered then, and known operations are told by their ids.
        """
        identity = self._replica.outbox.identity()
        if identity and reply.last_n >= identity.next_n:
            self._auth.re_enrol()

    def _is_drained(self) -> bool:
        """Tell whether the server has it all: of photos it is asked once more, at the very end.

        A server that was put back has lost photos that it called verified; a device that drains is
        told of no new epoch, and what it erases is nowhere else.
        """
        unsent = self._replica.unsent()
        if unsent.operations:
            self._are_photos_sure = False
        if unsent.operations or unsent.blobs:
            return False
        if not self._are_photos_sure:
            self._are_photos_sure = True
            self._replica.doubt_photos()
        return not self._replica.unsent().blobs

    def _plan_next(self, reply: SyncReply, now: Stamp) -> None:
        left = reply.outcomes and self._replica.outbox.has_pending
        again = self._course.wants_more or left or self._is_more_wanted(reply)
        self._course.due_ms = now.mono_ms + (0 if again else POLL_MS)

    def _is_more_wanted(self, reply: SyncReply) -> bool:
        """Tell whether news are left to be asked for; while a snapshot comes they are not."""
        return not self._parts.snapshot.is_active and (reply.more or bool(self._replica.wanted(1)))

    def _took_sums(self, event: Replied, now: Stamp) -> list[Effect]:
        reply = _read(SumsReply, event)
        if reply is None:
            return self._wait("internal", now)
        self._parts.mending.took(reply, now)
        self._course.due_ms = now.mono_ms
        return []

    def _took_fetch(self, event: Replied, now: Stamp) -> list[Effect]:
        reply = _read(FetchReply, event)
        if reply is None:
            return self._wait("internal", now)
        touched = self._replica.apply_fetched(reply.changes)
        self._course.due_ms = now.mono_ms
        return [Changed(frozenset(touched))]

    def _took_session(self, event: Replied, now: Stamp) -> list[Effect]:
        session = event.body
        if not is_session(session):
            return self._wait("internal", now)
        if session["device"] != self._replica.get("device"):
            self._replica.adopt(session["device"])
        self._replica.remember(full_name=session["account"].get("full_name"))
        self._auth.accept(session, now)
        self._course.due_ms = now.mono_ms
        return [KeepSession(session)]

    # --- beside the exchange

    def _took_blob(self, event: Replied, made: UnderWay, now: Stamp) -> list[Effect]:
        is_refused = event.status == _UNAUTHORIZED
        if is_refused and not (self._is_current(made) and self._auth.is_fresh):
            if self._is_current(made):
                self._auth.expire()
            self._parts.blobs.dropped()
            return []
        if event.status < _BAD:
            self._auth.worked()
        return _changed(self._parts.blobs.replied(event, now))

    def arrived(self, event: Arrived, now: Stamp) -> list[Effect]:
        """Take in bytes of a snapshot."""
        if not self._course.awaits(event.call):
            return []
        if event.is_last:
            self._course.ended(event.call)
        self._course.backoff.succeeded()
        touched = self._parts.snapshot.arrived(event)
        if not self._parts.snapshot.is_active:
            self._course.due_ms = now.mono_ms
        return _changed(touched)

    # --- refusals and failures

    def _refused(self, event: Replied, made: UnderWay, now: Stamp) -> list[Effect]:
        """A 4xx on a whole call stops sending; the outbox is never touched by it."""
        code = event.body.get("code") if isinstance(event.body, dict) else None
        if code == "device-wiped":
            return self.erase()
        if code == "device-cloned":
            self._auth.re_enrol()
            self._course.due_ms = now.mono_ms
            return []
        if event.status == _UNAUTHORIZED:
            return self._unauthorised(event, made, now)
        if made.kind == "range":
            self._parts.snapshot.refused(event.call, is_final=code in _NO_SNAPSHOT)
        if made.kind == "sync" and event.status in _TOO_MUCH:  # less at a time, then
            self._course.ops_per_call = max(1, self._course.ops_per_call // 2)
        return self._wait(code or "internal", now, after_s=event.headers.get("retry-after"))

    def _unauthorised(self, event: Replied, made: UnderWay, now: Stamp) -> list[Effect]:
        """Renew the session and ask again; a brand-new one that is refused too must wait."""
        if made.kind == "auth":
            self._course.phase = Phase.SIGNED_OUT
            self._course.said("signed-out", now)
            return []
        self._course.due_ms = now.mono_ms
        if not self._is_current(made):
            self._parts.snapshot.failed(event.call)
            return []
        is_hopeless = self._auth.is_fresh
        self._auth.expire()
        self._parts.snapshot.dropped()
        return self._wait("signed-out", now) if is_hopeless else []

    def _is_current(self, made: UnderWay) -> bool:
        """A call under a token that was renewed meanwhile says nothing about the new one."""
        return made.access == self._auth.access

    def failed(self, event: Failed, now: Stamp) -> list[Effect]:
        """Take it that nobody of ours answered a call."""
        made = self._course.ended(event.call)
        if made is None:
            return []
        if made.kind == "blob":
            return _changed(self._parts.blobs.broke_off(event.kind, now))
        if made.kind == "range":
            self._parts.snapshot.failed(event.call)
        return self._wait(_WORDS[event.kind], now)

    def _wait(self, code: str, now: Stamp, *, after_s: str | None = None) -> list[Effect]:
        asked_ms = int(after_s) * 1000 if after_s and after_s.isdecimal() else 0
        self._course.failed(code, now, at_least_ms=asked_ms)
        self._parts.snapshot.wait_until(self._course.due_ms)
        return []

    def erase(self) -> list[Effect]:
        """Erase everything, on the server's order."""
        self._replica.wipe()
        self._course.phase = Phase.WIPED
        return [Erase(), KeepSession(None)]


def _read(model: type[M], event: Replied) -> M | None:
    """Return an answer as what it should be, or None when it is something else."""
    try:
        return model.model_validate(event.body)
    except ValidationError:
        return None


def _changed(touched: set[str]) -> list[Effect]:
    return [Changed(frozenset(touched))] if touched else []


_WORDS: Final = {
    FailureKind.UNREACHABLE: "server-unreachable",
    FailureKind.STALLED: "server-unreachable",
    FailureKind.CAPTIVE: "captive-portal",
    FailureKind.UNREADABLE: "server-unreachable",
    FailureKind.CLOCK: "clock-wrong",
    FailureKind.MISSING: "blob-missing",
}
