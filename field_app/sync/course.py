"""The course of one run: calls under way, when the next one is due, what went wrong last.

The two halves of the engine meet here: `due` starts calls and notes them, `answers` ends them.
"""

from typing import Final, NamedTuple

from field_app.sync.auth import Auth
from field_app.sync.backoff import Backoff
from field_app.sync.events import Call
from field_app.sync.replica import Replica
from field_app.sync.status import Phase
from field_core.device_time import Stamp
from field_core.operations import Jsonish

OPS_PER_CALL: Final = 100


class UnderWay(NamedTuple):
    """A call that awaits its answer, and the token it was made with."""

    kind: str
    access: str | None


class Course:
    """Where the exchange stands between two events; what outlives a run is in the replica."""

    def __init__(self, replica: Replica, auth: Auth, backoff: Backoff) -> None:
        self._replica = replica
        self._auth = auth
        self.backoff = backoff
        self._next_call = 0
        self._under_way: dict[int, UnderWay] = {}
        self.phase = Phase.IDLE if auth.access else Phase.SIGNED_OUT
        self.due_ms = 0
        self.wants_more = False
        self.exchanges = self.failures = 0
        self.ops_per_call = OPS_PER_CALL
        failed_ms = replica.get("failure_ms")
        self.failure = replica.get("failure")
        self.failure_ms = int(failed_ms) if failed_ms else None

    # --- calls

    def number(self, kind: str) -> int:
        """Return the number of a call that is about to be made."""
        self._next_call += 1
        self._under_way[self._next_call] = UnderWay(kind, self._auth.access)
        return self._next_call

    def call(self, kind: str, path: str, json: Jsonish, *, has_access: bool = True) -> Call:
        """Return a call under the session's token, or one that stands without it."""
        access = self._auth.access if has_access else None
        return Call(self.number(kind), "POST", path, json, access=access)

    def is_under_way(self, *kinds: str) -> bool:
        """Tell whether a call of one of these kinds awaits its answer."""
        return any(call.kind in kinds for call in self._under_way.values())

    def awaits(self, call: int) -> bool:
        """Tell whether an answer to this call is still of interest."""
        return call in self._under_way

    def ended(self, call: int) -> UnderWay | None:
        """Note that a call has its answer; None for one that was given up on."""
        return self._under_way.pop(call, None)

    # --- when

    def hurry(self, now: Stamp, *, force: bool) -> bool:
        """Be due now; while calls fail, only a person, a hint or a new network cuts the wait."""
        if not force and self.backoff.failures:
            return False
        self.due_ms = now.mono_ms
        self.wants_more = True
        return True

    # --- how it went

    def failed(self, code: str, now: Stamp, *, at_least_ms: int = 0) -> None:
        """Note a failure, for good: a restart must not hide why nothing was sent. Then wait."""
        self.said(code, now)
        self.failures += 1
        self.due_ms = now.mono_ms + max(self.backoff.failed(), at_least_ms)

    def said(self, code: str, now: Stamp) -> None:
        """Note what stands in the way."""
        self.failure, self.failure_ms = code, now.wall_ms
        self._replica.remember(failure=code, failure_ms=str(now.wall_ms))

    def succeeded(self) -> dict[str, None]:
        """Note a success: what had failed is over. Return what is to be forgotten with it."""
        self.backoff.succeeded()
        self.failure = self.failure_ms = None
        return {"failure": None, "failure_ms": None}
