"""Whose turn it is to be polled: a doctype that changes is looked at often, a quiet one seldom.

Thirteen doctypes every twenty seconds are forty calls a minute to a site on which nothing happens.
Whose turn comes when stands in the database, so that several processes share the turns.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

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


class Turn(NamedTuple):
    """When a doctype is looked at next, and how long it stays lively."""

    next_ms: int = 0
    lively_until_ms: int = 0


@dataclass(frozen=True, slots=True)
class Turns:
    """The rhythm of one site."""

    round_ms: int

    def take(self, connection: Connection, doctypes: Iterable[str], *, now_ms: int) -> list[str]:
        """Take the turns that are due; nobody else gets them for two minutes."""
        _lock(connection)
        turns = _turns(connection, doctypes)
        due = {doctype: turn for doctype, turn in turns.items() if turn.next_ms <= now_ms}
        for doctype, turn in due.items():
            _set(connection, doctype, turn._replace(next_ms=now_ms + LEASE_MS))
        return list(due)

    def end(
        self, connection: Connection, doctypes: Iterable[str], lively: Collection[str], now_ms: int
    ) -> None:
        """Set when the next turns are. lively: those of them that had news."""
        for doctype, turn in _turns(connection, doctypes).items():
            until = _lively_until(doctype, turn, lively, now_ms)
            rounds = 1 if until > now_ms else _ROUNDS.get(doctype, SELDOM)
            _set(connection, doctype, Turn(now_ms + rounds * self.round_ms, until))

    def give_back(
        self, connection: Connection, doctypes: Iterable[str], lively: Collection[str], now_ms: int
    ) -> None:
        """Have the next round take them again: the site went away in the middle."""
        for doctype, turn in _turns(connection, doctypes).items():
            until = _lively_until(doctype, turn, lively, now_ms)
            _set(connection, doctype, Turn(now_ms + self.round_ms, until))


def _lively_until(doctype: str, turn: Turn, lively: Collection[str], now_ms: int) -> int:
    return now_ms + LIVELY_MS if doctype in lively else turn.lively_until_ms


def _turns(connection: Connection, doctypes: Iterable[str]) -> dict[str, Turn]:
    """Return the turns of these doctypes, in their order; one that nobody had yet is due."""
    wanted = {doctype: PREFIX + doctype for doctype in doctypes}
    found = seen.positions(connection, wanted.values())
    return {
        doctype: Turn(int(at.modified), int(at.name)) if (at := found.get(place)) else Turn()
        for doctype, place in wanted.items()
    }


def _set(connection: Connection, doctype: str, turn: Turn) -> None:
    seen.move(connection, PREFIX + doctype, Position(*map(str, turn)))


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:k)"), {"k": _LOCK})
