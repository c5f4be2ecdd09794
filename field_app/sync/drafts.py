"""What is being written and not saved yet: it outlives the screen, a kill and a restart (T-03).

A draft stays on its device and is nobody's word: it is kept beside the documents, not in them.
"""

import json
from collections.abc import Callable
from typing import Final

from field_app.sync.replica import Replica

KEPT_MS: Final = 30 * 24 * 3_600_000
"""A draft that nobody came back to for a month is let go of, or they would pile up for ever."""
TEXT_MAX: Final = 20_000
"""Far above any field's own limit."""

_PREFIX: Final = "draft:"


class Drafts:
    """The drafts of one account; belongs to the thread of its replica."""

    def __init__(self, replica: Replica, *, now_ms: Callable[[], int]) -> None:
        self._replica = replica
        self._now_ms = now_ms

    def get(self, key: str, about: str) -> str | None:
        """Return what was being written about something of a document."""
        held = self._replica.get(_name(key, about))
        return str(json.loads(held)["text"]) if held else None

    def keep(self, key: str, about: str, text: str | None) -> None:
        """Keep a draft in the place of the one before; None lets go of it."""
        now_ms = self._now_ms()
        value = json.dumps({"at": now_ms, "text": text[:TEXT_MAX]}) if text is not None else None
        with self._replica.db.atomic():
            self._replica.remember(**{_name(key, about): value})
            self._replica.db.conn.execute(
                "DELETE FROM meta WHERE name >= ?1 AND name < ?1 || '~' "
                "AND json_extract(value, '$.at') < ?2",
                (_PREFIX, now_ms - KEPT_MS),
            )


def _name(key: str, about: str) -> str:
    return f"{_PREFIX}{key}/{about}"
