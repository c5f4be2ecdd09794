"""Sending photos and signatures: named by sha256, in pieces, resumed where the server says.

tus 1.0. The state shown comes from the server's answers alone; the original is deleted only after
the server has verified the hash, and a week later. Signatures go first, then labels that
somebody waits to have read, then what is oldest.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from field_app.sync.backoff import Backoff
from field_app.sync.events import BlobPiece, Call, Effect, FailureKind, Replied
from field_app.sync.replica import Replica
from field_core.device_time import Stamp

PIECE_MIN: Final = 32 * 1024
PIECE_WANTED_MS: Final = 3_000
"""A piece takes two to four seconds: long enough to be worth a request, short enough to lose."""
NEVER_MS: Final = 1 << 60
_NOT_FOUND, _BAD = 404, 400


@dataclass(slots=True)
class Sending:
    """The blob under way."""

    sha256: str
    size: int
    mime: str
    call: int
    asked: str
    began_ms: int
    piece: int = 0


class BlobChannel:
    """One blob at a time, beside the exchange of operations."""

    def __init__(
        self, replica: Replica, backoff: Backoff, number: Callable[[str], int], piece_max: int
    ) -> None:
        self._replica = replica
        self._backoff = backoff
        self._number = number
        self._piece_max = piece_max
        self._piece = min(128 * 1024, piece_max)
        self._sending: Sending | None = None
        self._pending: tuple[Sending, str, int] | None = None
        self.due_ms = NEVER_MS
        self._paused_until_ms = 0

    def start(self, now: Stamp, access: str | None) -> list[Effect]:
        """Ask the server how far it has the next blob."""
        if self._pending:
            return self._follow_up(self._pending, now, access)
        if not self.may_start(now):
            return []
        row = self._next()
        if row is None:
            self.due_ms = NEVER_MS
            return []
        sha256, size, mime = row
        call = self._number("blob")
        self._sending = Sending(sha256, size, mime, call, "head", now.mono_ms)
        return [Call(call, "HEAD", f"/v1/blobs/{sha256}", access=access)]

    def _next(self) -> tuple[str, int, str] | None:
        row: tuple[str, int, str] | None = self._replica.db.conn.execute(
            "SELECT sha256, size, mime FROM blob WHERE verified_ms IS NULL AND problem IS NULL "
            "ORDER BY role != 'signature', role != 'ocr', made_ms LIMIT 1"
        ).fetchone()
        return row

    def replied(self, event: Replied, now: Stamp) -> set[str]:
        """Take an answer about the blob under way; return keys whose photos changed state."""
        sending = self._sending
        if sending is None or sending.call != event.call:
            return set()
        self._sending = None
        self._adapt(sending, now)
        if event.status == _NOT_FOUND and sending.asked == "head":
            self._later(sending, "create", now)
            return set()
        if event.status >= _BAD:
            return self._refused(sending, event, now)
        self._backoff.succeeded()
        offset = int(event.headers.get("upload-offset", 0))
        if offset >= sending.size and sending.asked != "create":
            return self._verified(sending, now)
        self._note(sending.sha256, offset)
        self._later(sending, "patch", now, offset=offset)
        return set()

    def _later(self, sending: Sending, asked: str, now: Stamp, *, offset: int = 0) -> None:
        """Queue the next request of the same blob."""
        self._pending = (sending, asked, offset)
        self.due_ms = now.mono_ms

    def _follow_up(
        self, pending: tuple[Sending, str, int], now: Stamp, access: str | None
    ) -> list[Effect]:
        """Return the next request of the blob under way."""
        sending, asked, offset = pending
        self._pending = None
        call = self._number("blob")
        size = min(self._piece, sending.size - offset)
        self._sending = Sending(
            sending.sha256,
            sending.size,
            sending.mime,
            call,
            asked,
            now.mono_ms,
            size if asked == "patch" else 0,
        )
        if asked == "create":
            return [Call(call, "POST", "/v1/blobs", access=access, headers=_creation(sending))]
        return [
            Call(
                call,
                "PATCH",
                f"/v1/blobs/{sending.sha256}",
                access=access,
                headers={
                    "Tus-Resumable": "1.0.0",
                    "Upload-Offset": str(offset),
                    "Content-Type": "application/offset+octet-stream",
                },
                blob=BlobPiece(sending.sha256, offset, size),
            )
        ]

    def _adapt(self, sending: Sending, now: Stamp) -> None:
        """Make pieces as large as a few seconds of this link carry."""
        if sending.piece:
            took = max(now.mono_ms - sending.began_ms, 1)
            fitting = sending.piece * PIECE_WANTED_MS // took
            self._piece = max(PIECE_MIN, min(fitting, self._piece * 2, self._piece_max))

    def _refused(self, sending: Sending, event: Replied, now: Stamp) -> set[str]:
        """The wrong offset or hash starts over; a refusal for good is shown and stops."""
        code = event.body.get("code") if isinstance(event.body, dict) else None
        if code in ("blob-type", "too-large", "not-allowed", "bad-request"):
            return self._stopped(sending.sha256, code, now)
        self.failed(now)
        return set()

    def _stopped(self, sha256: str, code: str, now: Stamp) -> set[str]:
        """Note why a blob cannot go, and turn to the next one."""
        with self._replica.db.atomic():
            self._replica.db.conn.execute(
                "UPDATE blob SET problem = ? WHERE sha256 = ?", (code, sha256)
            )
        self.due_ms = now.mono_ms
        return self._keys(sha256)

    def _verified(self, sending: Sending, now: Stamp) -> set[str]:
        with self._replica.db.atomic():
            self._replica.db.conn.execute(
                "UPDATE blob SET got = size, verified_ms = ? WHERE sha256 = ?",
                (now.wall_ms, sending.sha256),
            )
        self.due_ms = now.mono_ms
        return self._keys(sending.sha256)

    def _note(self, sha256: str, offset: int) -> None:
        with self._replica.db.atomic():
            self._replica.db.conn.execute(
                "UPDATE blob SET got = ? WHERE sha256 = ?", (offset, sha256)
            )

    def _keys(self, sha256: str) -> set[str]:
        rows = self._replica.db.conn.execute("SELECT key FROM blob WHERE sha256 = ?", (sha256,))
        return {row[0] for row in rows}

    def broke_off(self, kind: FailureKind, now: Stamp) -> set[str]:
        """Take a call that got no answer; return keys whose photos changed state."""
        sending = self._sending
        if kind is FailureKind.MISSING and sending:
            self._sending = None
            return self._stopped(sending.sha256, "blob-missing", now)
        self.failed(now)
        return set()

    def may_start(self, now: Stamp) -> bool:
        """Whether a call would be made now if there were something to send."""
        return bool(self._pending) or not (self._sending or now.mono_ms < self._paused_until_ms)

    @property
    def is_waiting(self) -> bool:
        """Whether the last attempt failed and no call is under way."""
        return self._backoff.failures > 0 and self._sending is None

    def failed(self, now: Stamp) -> None:
        """No answer: ask again later how far the server is."""
        self._sending = self._pending = None
        self._piece = max(PIECE_MIN, self._piece // 2)
        self._paused_until_ms = self.due_ms = now.mono_ms + self._backoff.failed()

    def dropped(self) -> None:
        """The session ended under way."""
        self._sending = self._pending = None

    def hurry(self, now: Stamp) -> None:
        """A network came up."""
        self._backoff.succeeded()
        self._paused_until_ms = self.due_ms = now.mono_ms


def _creation(sending: Sending) -> dict[str, str]:
    metadata = {"sha256": sending.sha256, "filetype": sending.mime}
    encoded = ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in metadata.items())
    return {
        "Tus-Resumable": "1.0.0",
        "Upload-Length": str(sending.size),
        "Upload-Metadata": encoded,
    }
