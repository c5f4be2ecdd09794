"""Differences between what is here and what the server says should be: found, named, mended."""

from typing import Final

from field_app.sync.course import Course
from field_app.sync.events import Effect
from field_app.sync.replica import Replica
from field_core.device_time import Stamp
from field_core.wire import SumsReply, SyncReply

MEND_AGAIN_MS: Final = 30_000
"""A difference that mending did not settle is looked at again later and later: a defect somewhere
must not keep a phone talking all day."""
MEND_AGAIN_DOUBLINGS: Final = 7


class Mending:
    """Compares sums when everything is in; a difference is a defect, mended and counted."""

    def __init__(self, replica: Replica, course: Course) -> None:
        self._replica = replica
        self._course = course
        self._mends = 0
        self._not_before_ms = 0

    def check(self, reply: SyncReply, now: Stamp) -> list[Effect]:
        """Ask for sums when the reply's digest is not ours."""
        here = reply.digest and reply.cursor == self._replica.cursor
        if not here or self._replica.wanted(1):
            return []
        if self._replica.digest() == reply.digest:
            self._mends = 0
            return []
        if self._mends and now.mono_ms < self._not_before_ms:
            return []
        asked = {"cursor": self._replica.cursor, "sums": self._replica.sums()}
        return [self._course.call("sums", "/v1/sync/sums", asked)]

    def took(self, reply: SumsReply, now: Stamp) -> None:
        """Want every document again on which we and the server differ."""
        wait_ms = MEND_AGAIN_MS << min(self._mends, MEND_AGAIN_DOUBLINGS)
        self._not_before_ms = now.mono_ms + wait_ms
        self._mends += 1
        keys = [
            key
            for doctype, held in reply.differing.items()
            for key in self._replica.differing(doctype, held)
        ]
        if keys:
            self._replica.mend(keys)
