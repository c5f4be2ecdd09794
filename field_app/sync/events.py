"""What happens to the engine, and what it asks for: plain values, no behaviour."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class FailureKind(StrEnum):
    """How a call failed without an answer of our server."""

    UNREACHABLE = "unreachable"
    STALLED = "stalled"
    CAPTIVE = "captive"
    UNREADABLE = "unreadable"
    CLOCK = "clock"
    """The server's certificate is not good today: as a rule today is wrong on this device."""
    MISSING = "missing"
    """The bytes that should go up are no longer on this device."""


# --- events


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed; due work may start."""


@dataclass(frozen=True, slots=True)
class Edited:
    """Something was recorded here."""


@dataclass(frozen=True, slots=True)
class Hinted:
    """The server let it be known that there is news; or a person asked to sync now."""


@dataclass(frozen=True, slots=True)
class Online:
    """A network came up: waiting out a backoff makes no sense any more."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session was obtained (sign-in, enrolment code)."""

    session: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Revoked:
    """The server lets nobody in here any more: it ordered this device to be erased."""


@dataclass(frozen=True, slots=True)
class Replied:
    """Our server answered: JSON as a value (a Problem when `status` is 400 or more)."""

    call: int
    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Arrived:
    """Bytes of a snapshot range, at an absolute offset of the file."""

    call: int
    offset: int
    data: bytes
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """No answer of our server came."""

    call: int
    kind: FailureKind


Event = Tick | Edited | Hinted | Online | SignedIn | Revoked | Replied | Arrived | Failed

# --- effects


@dataclass(frozen=True, slots=True)
class Call:
    """Send a request and report with `Replied` or `Failed`; `access` is the bearer token."""

    call: int
    method: str
    path: str
    json: Any = None
    access: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    blob: "BlobPiece | None" = None


@dataclass(frozen=True, slots=True)
class BlobPiece:
    """Bytes of a blob that go up as a request body; read by who performs the call."""

    sha256: str
    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class FetchRange:
    """Get bytes `start` to `end` (exclusive) of a snapshot; report with `Arrived` as they come."""

    call: int
    path: str
    start: int
    end: int
    access: str | None = None


@dataclass(frozen=True, slots=True)
class KeepSession:
    """Put the session in the secret store (None: forget it)."""

    session: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Changed:
    """Documents may look different now; screens that show them read again."""

    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class Erase:
    """The server ordered a wipe, or a drain has ended: erase files and secrets."""


Effect = Call | FetchRange | KeepSession | Changed | Erase
