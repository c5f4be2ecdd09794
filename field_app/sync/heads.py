"""What the office is told of this device: what stays unsent on it, since when, and its free space.

Told when it has changed enough to matter, so that an idle exchange costs nothing for it.
"""

from collections.abc import Callable, Mapping
from typing import Final

from field_app.sync.replica import Replica
from field_core.wire import HeadFact

FREE_SHARE_MIN: Final = 0.2
"""Free space is told again when it moved by a fifth: a phone writes logs all day."""
TELL_AGAIN_MS: Final = 6 * 3_600_000
"""A server that came back from a backup has forgotten what it was told."""

Facts = Mapping[str, HeadFact]
Gauge = Callable[[], Facts]
"""What the machine says of itself: `free_mb`, `app`."""


def nothing_known() -> Facts:
    """Say nothing of the machine."""
    return {}


class Heads:
    """Remembers what the office knows, within one run."""

    def __init__(self, replica: Replica, gauge: Gauge) -> None:
        self._replica = replica
        self._gauge = gauge
        self._known: Facts | None = None
        self._known_ms = 0
        self._offered: Facts | None = None

    def news(self, *, sending: int, mono_ms: int) -> dict[str, HeadFact] | None:
        """Return what the office does not know yet, or None when that is nothing.

        sending: how many operations, the oldest ones, go up in the same call.
        """
        facts = {**self._gauge(), **self._unsent(sending)}
        is_old = mono_ms - self._known_ms >= TELL_AGAIN_MS
        if self._known is not None and not is_old and not _matters(self._known, facts):
            self._offered = None
            return None
        self._offered = facts
        return facts

    def _unsent(self, sending: int) -> dict[str, HeadFact]:
        """Say what will still lie here after the call."""
        unsent = self._replica.unsent()
        staying = max(0, unsent.operations - sending)
        oldest_ms = self._replica.outbox.oldest_pending_ms(after=sending) if staying else None
        since = [ms for ms in (oldest_ms, unsent.blobs_since_ms) if ms]
        if not since:
            return {"unsent": staying, "blobs": unsent.blobs}
        skew_ms = int(self._replica.get("skew_ms") or 0)
        return {"unsent": staying, "blobs": unsent.blobs, "oldest_ms": min(since) - skew_ms}

    def were_told(self, mono_ms: int) -> None:
        """The exchange was answered: the office knows now."""
        if self._offered is not None:
            self._known, self._known_ms, self._offered = self._offered, mono_ms, None


def _matters(known: Facts, facts: Facts) -> bool:
    """Tell whether something changed that somebody would act on."""
    if any(known.get(name) != facts.get(name) for name in ("unsent", "blobs", "app")):
        return True
    before, now = known.get("free_mb"), facts.get("free_mb")
    if not isinstance(before, int) or not isinstance(now, int):
        return before != now
    return abs(now - before) > FREE_SHARE_MIN * before
