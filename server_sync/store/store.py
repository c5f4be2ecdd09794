"""The store as the services see it: run a unit of work, read one view, hear of commits."""

import secrets  # noqa: TID251 - where an epoch comes from unless tests give their own
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple, TypeVar

from sqlalchemy import Connection, bindparam, insert, select, update

from server_sync.scope import ScopeRule
from server_sync.store.database import Database
from server_sync.store.feeding import LAST_NUMBER
from server_sync.store.migrating import migrate
from server_sync.store.schema import counter, meta
from server_sync.store.transaction import Derive, Transaction

T = TypeVar("T")
EPOCH_BYTES: Final = 5


class Store:
    """One database with the rule that decides who holds what in it."""

    def __init__(
        self,
        database: Database,
        *,
        rule: ScopeRule,
        now_ms: Callable[[], int],
        derive: Derive = lambda _: (),
        entropy: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self.database = database
        self.rule = rule
        self.now_ms = now_ms
        self._derive = derive
        self._entropy = entropy
        self._listeners: list[Callable[[], None]] = []

    def prepare(self) -> None:
        """Make what is missing: newer tables, the counter, the epoch. Safe to repeat.

        Raises ProblemError `database-newer`.
        """
        migrate(self.database, now_ms=self.now_ms())
        with self.database.read() as connection:  # most starts find everything, and write nothing
            here = connection.execute(_STANDING).one()
        if None not in (here.epoch, here.last):
            return

        def work(connection: Connection) -> None:
            if connection.execute(select(counter.c.value)).first() is None:
                connection.execute(insert(counter), {"name": "feed", "value": 0})
            if connection.execute(_EPOCH).first() is None:
                connection.execute(insert(meta), {"name": "epoch", "value": self._new_epoch()})

        self.database.run(work)

    def _new_epoch(self) -> str:
        return self._entropy(EPOCH_BYTES).hex()

    def renew_epoch(self) -> None:
        """Say that numbers given out before mean nothing any more: after a restore or rebuild."""
        with self.database.write() as connection:
            connection.execute(
                update(meta).where(meta.c.name == "epoch"), {"value": self._new_epoch()}
            )

    def setting(self, name: str, make: Callable[[], str]) -> str:
        """Return a value kept in the database, made on first use (a signing key, say)."""

        def kept(connection: Connection) -> str | None:
            return connection.execute(_SETTING, {"n": name}).scalar()

        def work(connection: Connection) -> str:
            found = kept(connection)
            if found is None:
                found = make()
                connection.execute(insert(meta), {"name": name, "value": found})
            return found

        with self.database.read() as connection:
            found = kept(connection)
        return self.database.run(work) if found is None else found

    def transact(self, work: Callable[[Transaction], T]) -> T:
        """Run a unit of work, publish what it staged, commit, and tell who listens."""

        def whole(connection: Connection) -> T:
            transaction = Transaction(
                connection,
                database=self.database,
                rule=self.rule,
                now_ms=self.now_ms(),
                derive=self._derive,
            )
            result = work(transaction)
            transaction.publish()
            return result

        result = self.database.run(whole)
        for listener in self._listeners:
            listener()
        return result

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view of the database."""
        with self.database.read() as connection:
            yield connection

    def check_writable(self) -> None:
        """Write nothing, as a writer would: raises what a write would raise now."""
        self.database.run(lambda connection: connection.execute(_NO_WRITE))

    def on_commit(self, listener: Callable[[], None]) -> None:
        """Have `listener` called after every commit of this process: a hint, never the source."""
        self._listeners.append(listener)


class Standing(NamedTuple):
    """Where the feed stands: its life, the newest number, and below which it has forgotten."""

    epoch: str
    last: int
    floor: int

    def has(self, seq: int) -> bool:
        """Tell whether news since a number can be told: nothing after it was forgotten."""
        return self.floor <= seq <= self.last


def standing(connection: Connection) -> Standing:
    """Return where the feed stands, in one statement: every exchange begins with it."""
    row = connection.execute(_STANDING).one()
    return Standing(str(row.epoch), int(row.last or 0), int(row.floor or 0))


def epoch(connection: Connection) -> str:
    """Return the epoch: cursors of another one mean nothing here."""
    return str(connection.execute(_EPOCH).scalar_one())


def floor(connection: Connection) -> int:
    """Return the number below which departures have been forgotten: older cursors start anew."""
    return int(connection.execute(_FLOOR).scalar() or 0)


def raise_floor(connection: Connection, to: int) -> None:
    """Forget departures up to a number; the floor never sinks within an epoch."""
    if connection.execute(_FLOOR).scalar() is None:
        connection.execute(insert(meta), {"name": "feed_floor", "value": str(to)})
    elif to > floor(connection):
        connection.execute(update(meta).where(meta.c.name == "feed_floor").values(value=str(to)))


_NO_WRITE = update(counter).where(counter.c.name == "").values(value=0)
_SETTING = select(meta.c.value).where(meta.c.name == bindparam("n"))
_FLOOR = select(meta.c.value).where(meta.c.name == "feed_floor")
_EPOCH = select(meta.c.value).where(meta.c.name == "epoch")
_STANDING = select(
    _EPOCH.scalar_subquery().label("epoch"),
    LAST_NUMBER.scalar_subquery().label("last"),
    _FLOOR.scalar_subquery().label("floor"),
)
