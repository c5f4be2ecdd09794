"""Fetching a snapshot: ranges asked for, bytes kept, frames taken in, the base swapped last."""

import hashlib
from collections.abc import Callable
from typing import Final, Protocol

from field_app.ports import Progress
from field_app.sync.download import Download
from field_app.sync.events import Arrived, Changed, Effect, FetchRange
from field_app.sync.replica import Replica
from field_core.device_time import Stamp
from field_core.snapshot_format import decode_frame
from field_core.wire import SnapshotOffer

REFUSALS_MAX: Final = 3
"""A snapshot that the server keeps refusing is given up and a new one asked for."""
NOTED_EVERY_BYTES: Final = 65_536
"""A killed app loses at most this much of what it had fetched."""


class SnapshotFile(Protocol):
    """Bytes of the snapshot under way; survives a kill, and is worth nothing to anybody else."""

    def write(self, offset: int, data: bytes) -> None:
        """Keep bytes at an offset."""

    def read(self, offset: int, size: int) -> bytes:
        """Return bytes that were kept."""

    def clear(self) -> None:
        """Forget everything."""


class SnapshotChannel:
    """The one download that may be under way."""

    def __init__(
        self,
        replica: Replica,
        file: SnapshotFile,
        decompress: Callable[[bytes], bytes],
        number: Callable[[str], int],
    ) -> None:
        self._replica = replica
        self._file = file
        self._decompress = decompress
        self._number = number
        self._not_before_ms = 0
        self._refusals = 0
        self._unnoted = 0
        text = replica.get("snapshot")
        self._download = Download.resume(text) if text else None

    @property
    def is_active(self) -> bool:
        """Whether a download is under way."""
        return self._download is not None

    @property
    def cursor(self) -> str | None:
        """Where the feed goes on after the snapshot under way."""
        return self._download.offer.cursor if self._download else None

    @property
    def progress(self) -> Progress | None:
        """How far the download has come, while there is one."""
        if self._download is None:
            return None
        parts, taken = self._download.offer.parts, self._download.frames_taken
        return Progress(
            documents=sum(part.documents for part in parts[:taken]),
            documents_total=sum(part.documents for part in parts),
            bytes=sum(span.got for span in self._download.spans),
            bytes_total=self._download.offer.size,
            is_first=self._replica.is_new,
        )

    def offer(self, offer: SnapshotOffer) -> None:
        """Start on an offered snapshot, unless it is the one already coming."""
        if self._download and self._download.offer.sha256 == offer.sha256:
            return
        self._file.clear()
        self._download = Download.begin(offer)
        self._replica.start_snapshot(self._download.progress())

    def start(self, now: Stamp, access: str | None) -> list[Effect]:
        """Ask for every span that nobody is fetching."""
        download = self._download
        if download is None or now.mono_ms < self._not_before_ms:
            return []
        touched = self._take_frames(download)  # what a kill kept from being taken in
        effects: list[Effect] = [Changed(frozenset(touched))] if touched else []
        asked = list(download.calls.values())
        for span in download.spans:
            if self._download and not span.is_done and span not in asked:
                call = self._number("range")
                download.calls[call] = span
                effects.append(FetchRange(call, download.offer.url, span.at, span.end, access))
        return effects

    def arrived(self, event: Arrived) -> set[str]:
        """Keep bytes; take in every frame that is complete; return keys that look new."""
        download = self._download
        if download is None or not download.arrived(event.call, event.offset, len(event.data)):
            return set()
        self._file.write(event.offset, event.data)
        self._note(download, len(event.data))
        if event.is_last:
            download.calls.pop(event.call, None)
        return self._take_frames(download)

    def _note(self, download: Download, size: int) -> None:
        self._unnoted += size
        if self._unnoted >= NOTED_EVERY_BYTES:
            self._unnoted = 0
            self._replica.remember(snapshot=download.progress())

    def _take_frames(self, download: Download) -> set[str]:
        touched: set[str] = set()
        while (frame := download.next_frame()) is not None:
            data = self._file.read(*frame)
            try:
                documents = list(decode_frame(self._decompress(data)))
            except ValueError:  # damaged on the way or on disk: this file is not to be trusted
                self._give_up()
                return touched
            download.frames_taken += 1
            self._replica.stage(documents, progress=download.progress(), is_last=download.is_taken)
            touched.update(document.key for document in documents)
        if download.is_taken:
            self._finish(download)
        return touched

    def _finish(self, download: Download) -> None:
        content = self._file.read(0, download.offer.size)
        if hashlib.sha256(content).hexdigest() != download.offer.sha256:
            self._give_up()
            return
        self._replica.swap(cursor=download.offer.cursor, seq=download.offer.seq)
        self._file.clear()
        self._download, self._refusals = None, 0

    def _give_up(self) -> None:
        self._file.clear()
        self._download = None
        self._replica.forget_cursor()

    # --- trouble

    def failed(self, call: int) -> None:
        """A range broke off; what arrived of it is kept."""
        if self._download:
            self._download.calls.pop(call, None)

    def refused(self, call: int, *, is_final: bool) -> None:
        """The server refused a range: for good, or now, which it may a few times."""
        self.failed(call)
        self._refusals += 1
        if is_final or self._refusals >= REFUSALS_MAX:
            self._refusals = 0
            self._give_up()

    def dropped(self) -> None:
        """No range is under way any more (the session ended); ask again later."""
        if self._download:
            self._download.calls.clear()

    def wait_until(self, mono_ms: int) -> None:
        """Ask for nothing before this time."""
        self._not_before_ms = mono_ms
