"""What is due: which calls to start now, and when to be woken for the next."""

from field_app.sync.blobs import NEVER_MS
from field_app.sync.events import Call, Effect
from field_app.sync.parts import Parts
from field_app.sync.status import Phase
from field_core.device_time import Stamp
from field_core.wire import SyncRequest

_EXCHANGES = ("sync", "sums", "fetch", "auth")


class Due:
    """Starts calls; one exchange at a time, ranges and blobs beside it."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._may_fetch = False

    def start(self, now: Stamp) -> list[Effect]:
        """Return every call that should be made now."""
        parts = self._parts
        if parts.course.phase not in (Phase.IDLE, Phase.UPGRADE):  # too old an app may still send
            return []
        if parts.auth.needs_refresh(now):
            return self._refresh(now)
        effects = parts.snapshot.start(now, parts.auth.access)
        if parts.course.due_ms <= now.mono_ms and self._may_exchange():
            effects.append(self._exchange(now))
        if parts.blobs.may_start(now) and not parts.replica.outbox.has_pending:
            effects += parts.blobs.start(now, parts.auth.access)  # text does not wait for photos
        return effects

    def next_wake(self, now: Stamp) -> int:
        """What is due already waits for an answer under way; only later times need an alarm."""
        times = (self._parts.course.due_ms, self._parts.blobs.due_ms)
        return min((at for at in times if at > now.mono_ms), default=NEVER_MS)

    def _may_exchange(self) -> bool:
        """While a snapshot comes there is no news to ask for, but work done here goes up."""
        parts = self._parts
        if parts.course.is_under_way(*_EXCHANGES):
            return False
        return not parts.snapshot.is_active or parts.replica.outbox.has_pending

    def _refresh(self, now: Stamp) -> list[Effect]:
        course, auth = self._parts.course, self._parts.auth
        blobs_due = self._parts.blobs.due_ms <= now.mono_ms and not course.backoff.failures
        if course.is_under_way("auth") or (course.due_ms > now.mono_ms and not blobs_due):
            return []
        path = "/v1/auth/re-enrol" if auth.must_re_enrol else "/v1/auth/refresh"
        return [course.call("auth", path, {"refresh": auth.refresh}, has_access=False)]

    def _exchange(self, now: Stamp) -> Call:
        """By turns with the fetch of what is wanted: whatever ails one never stops the other."""
        parts = self._parts
        wanted = [] if parts.snapshot.is_active else parts.replica.wanted()
        if wanted and self._may_fetch:
            self._may_fetch = False
            return parts.course.call("fetch", "/v1/sync/fetch", {"keys": wanted})
        self._may_fetch = True
        parts.course.wants_more = False
        return self._sync(now)

    def _sync(self, now: Stamp) -> Call:
        """Offer what is unsent; ask for news since our cursor, or since that of the snapshot.

        What came since the snapshot is asked for again once it is in: this answer's news are not
        taken, as they start from a cursor that is not ours yet.
        """
        parts = self._parts
        ops = parts.replica.offer(parts.course.ops_per_call)
        request = SyncRequest.model_construct(  # ours, and read when it was recorded
            cursor=parts.snapshot.cursor or parts.replica.cursor,
            now=now,
            ops=ops,
            heads=parts.heads.news(sending=len(ops), mono_ms=now.mono_ms),
        )
        body = request.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return parts.course.call("sync", "/v1/sync", {**body, "proto": request.proto})
