"""Measured transfers: leave for one visit, with a budget of bytes, of time and of visits.

A ticket is signed, short-lived and says nothing of who holds it, so that the transfer itself needs
neither session nor database. Each process keeps its own accounts: with several replicas an abuser
gets several budgets, each still small.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections import deque
from collections.abc import Callable
from typing import Final, NamedTuple

from field_core.problems import ProblemError

STREAMS: Final = 4
"""Enough to fill a line whose single flow is held back by its window (RFC 6349, 3.3)."""
SECONDS: Final = 6.0
"""Each way: one for the start, five for a steady rate."""
GRACE_S: Final = 3.0
TICKET_MS: Final = 60_000
VISIT_BYTES_MAX: Final = 4_000_000_000
"""2 Gbit/s both ways; a faster line is capped here, and what it had until then counts."""
VISITS_MAX: Final = 12
"""Visits of one account in an hour: before and after, at the jobs of a very full morning."""
VISITS_MS: Final = 3_600_000
STREAMS_OPEN_MAX: Final = 12
"""Three visits at once on one process; the office's line carries no more of them truly."""
BLOCK_BYTES: Final = 262_144
_ID_BYTES: Final = 9
_DIGITS_MAX: Final = 15


class Granted(NamedTuple):
    """Leave for one visit."""

    ticket: str
    bytes_max: int
    streams: int
    seconds: float


class Transfers:
    """Grants visits and counts what they move."""

    def __init__(
        self,
        secret: bytes,
        *,
        now_ms: Callable[[], int],
        entropy: Callable[[int], bytes],
        visits_max: int = VISITS_MAX,
        bytes_max: int = VISIT_BYTES_MAX,
    ) -> None:
        self._key = hmac.digest(secret, b"gigafibre transfers", hashlib.sha256)
        self._now_ms = now_ms
        self._entropy = entropy
        self._visits_max = visits_max
        self._bytes_max = bytes_max
        self._granted: dict[str, deque[int]] = {}
        self._left: dict[str, int] = {}
        self._open: dict[Stream, int] = {}
        self._block: bytes | None = None

    @property
    def block(self) -> bytes:
        """Bytes that no link compresses, made once."""
        if self._block is None:
            self._block = self._entropy(BLOCK_BYTES)
        return self._block

    @property
    def streams_open(self) -> int:
        """How many streams are open on this process."""
        return len(self._open)

    def grant(self, account: str) -> Granted:
        """Give leave for one visit; raises ProblemError `rate-limited`."""
        now_ms = self._now_ms()
        recent = self._granted.setdefault(account, deque())
        while recent and recent[0] <= now_ms - VISITS_MS:
            recent.popleft()
        if len(recent) >= self._visits_max:
            oldest_ms = recent[0] if recent else now_ms
            raise ProblemError("rate-limited", after_s=-(-(oldest_ms + VISITS_MS - now_ms) // 1000))
        recent.append(now_ms)
        said = f"{self._entropy(_ID_BYTES).hex()}.{now_ms + TICKET_MS}"
        return Granted(f"{said}.{self._mac(said)}", self._bytes_max, STREAMS, SECONDS)

    def open(self, ticket: str) -> "Stream":
        """Open one stream of a visit; raises ProblemError `not-found`, `busy`."""
        said, _, mac = ticket.rpartition(".")
        expires = said.partition(".")[2]
        if not hmac.compare_digest(mac.encode(), self._mac(said).encode()):
            raise ProblemError("not-found")
        if len(expires) > _DIGITS_MAX or int(expires) <= self._now_ms():
            raise ProblemError("not-found")
        self._forget()
        if self.streams_open >= STREAMS_OPEN_MAX:
            raise ProblemError("busy")
        self._left.setdefault(said, self._bytes_max)
        stream = Stream(self, said, self._now_ms() + round((SECONDS + GRACE_S) * 1000))
        self._open[stream] = stream.until_ms
        return stream

    def _mac(self, said: str) -> str:
        return urlsafe_b64encode(hmac.digest(self._key, said.encode(), "sha256")[:18]).decode()

    def _forget(self) -> None:
        """Drop what is over: budgets of tickets that are of no more use, streams left open."""
        now_ms = self._now_ms()
        for said in [s for s in self._left if int(s.partition(".")[2]) <= now_ms]:
            del self._left[said]
        for stream in [s for s, until_ms in self._open.items() if until_ms <= now_ms]:
            del self._open[stream]

    def take(self, stream: "Stream", count: int) -> bool:
        """Count bytes of a visit; False when its budget or its time is over."""
        left = self._left.get(stream.said, 0) - count
        self._left[stream.said] = left
        return left >= 0 and self._now_ms() < stream.until_ms

    def shut(self, stream: "Stream") -> None:
        """Count a stream out."""
        self._open.pop(stream, None)


class Stream:
    """One stream of a visit; `until_ms` is the server's time at which it ends."""

    def __init__(self, transfers: Transfers, said: str, until_ms: int) -> None:
        self._transfers = transfers
        self.said = said
        self.until_ms = until_ms

    def take(self, count: int) -> bool:
        """Count bytes; False when the stream must end."""
        return self._transfers.take(self, count)

    def close(self) -> None:
        """End the stream."""
        self._transfers.shut(self)
