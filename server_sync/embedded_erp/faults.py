"""Trouble on demand: what a real site does now and then, made to happen by a test.

The app asks `Faults` at four points: when a request arrives, before a write runs, after it
committed, and when a webhook is about to be queued. Every fault is used up by the request it hits.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto

from server_sync.embedded_erp.calls import Request


class Fault(Enum):
    """What can go wrong with one request."""

    HTML_500_BEFORE = auto()
    """500 HTML, nothing stored."""
    LOCKED = auto()
    """500 SerializationFailure (PostgreSQL, HTML) or QueryDeadlockError (MariaDB), rolled back."""
    HTML_500_AFTER_COMMIT = auto()
    """500 HTML although everything was stored."""
    CONNECTION_LOST_AFTER_COMMIT = auto()
    """Stored, then the connection breaks: no answer at all."""
    UNIQUE_AS_HTML_500 = auto()
    """A unique violation answered as 500 HTML (PostgreSQL with a cold user cache)."""


class ConnectionLost(ConnectionError):
    """Raised out of the ASGI app: the client sees a broken connection."""


Matches = Callable[[Request], bool]


def any_request(_request: Request) -> bool:
    """Match everything."""
    return True


def any_write(request: Request) -> bool:
    """Match requests that may store something."""
    return request.method != "GET"


@dataclass
class HeldCommit:
    """A write stamped when it arrived, invisible until `release` is called."""

    released: asyncio.Event = field(default_factory=asyncio.Event)

    def release(self) -> None:
        """Let the write commit now, with its old stamp."""
        self.released.set()


@dataclass
class _Planned:
    fault: Fault
    matches: Matches


@dataclass
class Faults:
    """The switches and the queue of single faults, in the order they were planned."""

    outage: bool = False
    """503 SessionStopped to everything (maintenance)."""
    retry_after_s: int | None = None
    """429 TooManyRequestsError to everything, with this Retry-After."""
    drop_webhooks: bool = False
    """Committed changes queue no webhook."""
    on_change_breaks: set[str] = field(default_factory=set)
    """Doctypes whose inserts and submits answer 500 HTML after the commit (rec:..._but_stored)."""
    pending: Fault | None = None
    """The fault of the request being worked on; set by the app."""
    _planned: deque[_Planned] = field(default_factory=deque)
    _holds: deque[tuple[Matches, HeldCommit]] = field(default_factory=deque)

    def plan(self, fault: Fault, matches: Matches = any_write, *, times: int = 1) -> None:
        """Let `fault` hit the next `times` requests that `matches` accepts."""
        self._planned.extend(_Planned(fault, matches) for _ in range(times))

    def hold_next_commit(self, matches: Matches = any_write) -> HeldCommit:
        """Stamp the next matching write on arrival; store and answer it only once released."""
        held = HeldCommit()
        self._holds.append((matches, held))
        return held

    def take(self, request: Request) -> Fault | None:
        """The fault planned for `request`, used up."""
        for planned in self._planned:
            if planned.matches(request):
                self._planned.remove(planned)
                return planned.fault
        return None

    def take_hold(self, request: Request) -> HeldCommit | None:
        """The hold planned for `request`, used up."""
        for entry in self._holds:
            if entry[0](request):
                self._holds.remove(entry)
                return entry[1]
        return None
