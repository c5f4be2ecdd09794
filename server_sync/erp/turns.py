"""Whose turn it is to be polled: a doctype that changes is looked at often, a quiet one seldom.

Thirteen doctypes every twenty seconds are forty calls a minute to a site on which nothing happens.
Whose turn comes when stands in the database, so that several processes share the turns.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, text

from server_sync.erp import seen
from server_sync.erp.seen import Position

PREFIX: Final = "turn "
"""Of the rows in `erp_cursor` that hold turns: when the next is, and how long it stays lively."""
LIVELY_MS: Final = 600_000
"""Who changes one document often changes the next: ten minutes from the last news."""
LEASE_MS: Final = 120_000
"""A turn that was taken and not ended is free again then: its process is gone."""
SELDOM: Final = 15
"""Rounds between two looks at a doctype that is quiet."""
_ROUNDS: Final[Mapping[str, int]] = {
    "Dispatch Job": 1,
    **dict.fromkeys(("Dispatch Tag", "Flow Template", "Flow Run", "Item", "Service Contract"), 30),
}
"""3 + 7 / 5 + 5 / 10 calls a minute when a round is twenty seconds: 4.9."""
_LOCK: Final = 7_310_540
"""Any fixed number beside the store's: the advisory lock under which turns are taken."""


@dataclass(frozen=True, slots=True)
class Turns:
    """The rhythm of one site."""

    round_ms: int

    def take(self, connection: Connection, doctypes: Iterable[str], *, now_ms: int) -> list[str]:
        """Take the turns that are due; nobody else gets them for two minutes."""
        _lock(connection)
        due = [one for one in doctypes if _next(connection, one) <= now_ms]
        for doctype in due:
            self._set(connection, doctype, now_ms + LEASE_MS, _lively_until(connection, doctype))
        return due

    def end(
        self, connection: Connection, doctypes: Iterable[str], lively: Collection[str], now_ms: int
    ) -> None:
        """Set when the next turns are. lively: those of them that had news."""
        for doctype in doctypes:
            until = now_ms + LIVELY_MS if doctype in lively else _lively_until(connection, doctype)
            rounds = 1 if until > now_ms else _ROUNDS.get(doctype, SELDOM)
            self._set(connection, doctype, now_ms + rounds * self.round_ms, until)

    def give_back(
        self, connection: Connection, doctypes: Iterable[str], lively: Collection[str], now_ms: int
    ) -> None:
        """Have the next round take them again: the site went away in the middle."""
        self.end(connection, doctypes, lively, now_ms)
        for doctype in doctypes:
            until = _lively_until(connection, doctype)
            self._set(connection, doctype, now_ms + self.round_ms, until)

    @staticmethod
    def _set(connection: Connection, doctype: str, next_ms: int, lively_until_ms: int) -> None:
        seen.move(connection, PREFIX + doctype, Position(str(next_ms), str(lively_until_ms)))


def _next(connection: Connection, doctype: str) -> int:
    found = seen.position(connection, PREFIX + doctype)
    return int(found.modified) if found else 0


def _lively_until(connection: Connection, doctype: str) -> int:
    found = seen.position(connection, PREFIX + doctype)
    return int(found.name) if found else 0


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:k)"), {"k": _LOCK})
