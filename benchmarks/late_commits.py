"""Rows that a reader misses when transactions commit in another order than their numbers.

    python -m benchmarks.late_commits --url postgresql+psycopg://... --rows 100000

Several processes write through the real store while one reader chases the feed as devices do, by
`seq > cursor`. Each writer works for some milliseconds between taking its numbers and committing:
that is where a number of an uncommitted transaction would be passed by. Each writer feeds
audiences of its own, and the reader follows them all, as a device follows its own and everybody's.
`--unlocked` takes the numbering lock away, to show that the race is real and would be seen.
"""

import argparse
import json
import multiprocessing
import random
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from multiprocessing.process import BaseProcess
from typing import Any, Final, cast

from sqlalchemy import Connection, func, select

from benchmarks.sync_phases.dataset import ListedScope
from server_sync.store.database import Database
from server_sync.store.documents import Doc
from server_sync.store.feeding import last_number
from server_sync.store.schema import feed
from server_sync.store.store import Store
from server_sync.store.transaction import Transaction

WRITERS: Final = 4
ROWS_A_COMMIT: Final = 8
AUDIENCES_A_WRITER: Final = 16
"""Without the lock a number is given out twice; turns keep the two apart in an audience."""
WORK_MS: Final = 4.0
"""What a transaction of production does after its first number: outcomes, sums, the commit."""
READ_EVERY_S: Final = 0.002
STALLED_S: Final = 60.0
"""Writers that have not finished by then, after the last row that was seen, never will."""


class Unlocked(Database):
    """PostgreSQL numbered the way a plain sequence would: nobody waits for anybody."""

    def lock_numbering(self, connection: Connection) -> None:
        """Wait for nobody."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a race showed."""

    rows: int
    missed: int
    seconds: float
    rows_a_second: float
    reads: int


def store_on(database: Database) -> Store:
    """Return a store whose documents say themselves who holds them."""
    return Store(database, rule=ListedScope(), now_ms=lambda: 0)


def race(
    url: str,
    *,
    rows: int,
    writers: int = WRITERS,
    kind: type[Database] = Database,
    work_ms: float = WORK_MS,
) -> Figures:
    """Write `rows` rows from several processes, read them as a device does, count the missed."""
    database = kind(url)
    store = store_on(database)
    store.prepare()
    audiences = [_audience(n, turn) for n in range(writers) for turn in range(AUDIENCES_A_WRITER)]
    per_writer = -(-rows // (writers * ROWS_A_COMMIT))
    context = multiprocessing.get_context("spawn")
    begun = time.monotonic()
    processes = [
        context.Process(target=_write, args=(url, kind, number, per_writer, work_ms))
        for number in range(writers)
    ]
    for process in processes:
        process.start()
    try:
        seen, reads = _chase(database, audiences, processes)
    finally:
        for process in processes:
            process.join()
    seconds = time.monotonic() - begun
    assert all(process.exitcode == 0 for process in processes), "every writer got to its end"
    with database.read() as connection:
        written = connection.execute(select(func.count()).select_from(feed)).scalar_one()
    database.close()
    return Figures(written, written - len(seen), round(seconds, 2), round(written / seconds), reads)


def _audience(number: int, turn: int) -> str:
    return f"DT-{number}-{turn % AUDIENCES_A_WRITER}"


# --- writers


def _write(url: str, kind: type[Database], number: int, commits: int, work_ms: float) -> None:
    database = kind(url)
    store = store_on(database)
    draw = random.Random(number)
    for commit in range(commits):
        keys = [f"{number}-{commit}-{i}" for i in range(ROWS_A_COMMIT)]
        store.transact(_unit(keys, _audience(number, commit), draw.uniform(0, 2 * work_ms) / 1000))
    database.close()


def _unit(keys: Iterable[str], audience: str, pause_s: float) -> Callable[[Transaction], None]:
    def work(transaction: Transaction) -> None:
        for key in keys:
            transaction.put(Doc(key, "Thing").with_body({"scope": [audience]}))
        _slow_down(transaction, pause_s)

    return work


def _slow_down(transaction: Transaction, seconds: float) -> None:
    """Have the transaction take its time between its last number and its commit."""
    finish = transaction.publish

    def publish() -> None:
        finish()
        time.sleep(seconds)

    cast("Any", transaction).publish = publish


# --- the reader


def _chase(
    database: Database, audiences: list[str], writers: Sequence[BaseProcess]
) -> tuple[set[str], int]:
    """Read like a device until the writers have ended and nothing more comes."""
    seen: set[str] = set()
    cursor, reads, moved = 0, 0, time.monotonic()
    while True:
        is_over = not any(writer.is_alive() for writer in writers)
        found, cursor = _read(database, audiences, cursor)
        fresh = set(found) - seen  # without the lock the last number may be lower than a row's
        seen |= fresh
        reads += 1
        moved = time.monotonic() if fresh else moved
        if is_over and not fresh:
            return seen, reads
        assert time.monotonic() - moved < STALLED_S, "the writers stand still"
        time.sleep(READ_EVERY_S)


def _read(database: Database, audiences: list[str], cursor: int) -> tuple[list[str], int]:
    with database.read() as connection:
        keys = (
            connection.execute(
                select(feed.c.key).where(feed.c.audience.in_(audiences), feed.c.seq > cursor)
            )
            .scalars()
            .all()
        )
        return list(keys), last_number(connection)


def main() -> None:
    """Run one race and print its figures as one JSON line; fail when rows were missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--url", required=True, help="an empty database (SQLAlchemy URL)")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--writers", type=int, default=WRITERS)
    parser.add_argument("--work-ms", type=float, default=WORK_MS)
    parser.add_argument("--unlocked", action="store_true", help="without the numbering lock")
    chosen = parser.parse_args()
    figures = race(
        chosen.url,
        rows=chosen.rows,
        writers=chosen.writers,
        work_ms=chosen.work_ms,
        kind=Unlocked if chosen.unlocked else Database,
    )
    print(json.dumps(asdict(figures)))
    sys.exit(bool(figures.missed) and not chosen.unlocked)


if __name__ == "__main__":
    main()
