"""PostgreSQL with several server processes at once: what only concurrency can break."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Connection, select

from benchmarks.late_commits import Unlocked, race
from server_sync.store.database import Database
from server_sync.store.schema import meta
from server_sync.store.transaction import Transaction
from tests.postgresql import Cluster
from tests.server.contract_store.conftest import DATABASE
from tests.server.contract_store.making import OTHER, TECHNICIAN, Office, Phone, key_of, take

pytestmark = pytest.mark.postgresql
WAIT_S = 20
"""A meeting that has not happened by then never will."""
ROWS = 2_048


@pytest.fixture
def url(postgresql: Cluster, _contract_database: None) -> str:
    return postgresql.empty(DATABASE)


@pytest.fixture
def servers(url: str) -> Iterator[tuple[Office, Office]]:
    """Two server processes, as far as the database can tell."""
    first, second = Office(url), Office(url, entropy=1000)
    try:
        yield first, second
        first.check()
    finally:
        first.close()
        second.close()


def both(*works: Callable[[], Any]) -> list[Any]:
    """Run works at the same time; return their results, or raise what one of them raised."""
    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result(WAIT_S) for future in [pool.submit(work) for work in works]]


class Meeting:
    """Has the first attempts of two transactions wait for each other; later ones go through."""

    def __init__(self) -> None:
        self._barrier = threading.Barrier(2, timeout=WAIT_S)
        self._met: set[str] = set()

    def wait(self, who: str) -> None:
        """Wait until the other one is here too."""
        if who not in self._met:
            self._met.add(who)
            self._barrier.wait()


# --- deadlocks


def test_two_transactions_that_take_documents_in_opposite_order_both_succeed(
    servers: tuple[Office, Office],
) -> None:
    first, second = servers
    keys = [first.job("DJ-00001"), first.job("DJ-00002")]
    meeting = Meeting()

    def touch(office: Office, order: list[str], who: str) -> int:
        tries = []

        def work(transaction: Transaction) -> None:
            tries.append(1)
            for key in order:
                have = transaction.get(key)
                if key == order[0]:
                    meeting.wait(who)
                assert have is not None, "both jobs are there"
                transaction.put(have.with_body({**(have.body or {}), f"by_{who}": True}))

        office.store.transact(work)
        return len(tries)

    tries = both(lambda: touch(first, keys, "a"), lambda: touch(second, keys[::-1], "b"))
    assert sorted(tries) == [1, 2]
    for key in keys:
        assert {"by_a", "by_b"} <= first.body(key).keys()


def test_pushes_that_name_the_same_documents_in_opposite_order_wait_for_each_other(
    servers: tuple[Office, Office],
) -> None:
    first, second = servers
    keys = [first.job(f"DJ-{i:05}") for i in range(10)]
    mine, theirs = first.dispatcher(), first.dispatcher()
    theirs.office = second

    def push(phone: Phone, order: list[str]) -> int:
        ops = [phone.edit(key, "description", None, phone.caller.device) for key in order]
        return phone.send(*ops).last_n

    assert both(lambda: push(mine, keys), lambda: push(theirs, keys[::-1])) == [10, 10]


# --- the same new thing from two sides


def test_document_that_is_new_to_two_processes_at_once_is_made_once(
    servers: tuple[Office, Office],
) -> None:
    first, second = servers
    key, meeting = key_of("Item", "A"), Meeting()

    def take_in(office: Office, who: str) -> None:
        def work(transaction: Transaction) -> None:
            transaction.get(key)
            meeting.wait(who)
            take(transaction, "Item", "A", key, item_code="A")

        office.store.transact(work)

    both(lambda: take_in(first, "a"), lambda: take_in(second, "b"))
    found = first.doc(key)
    assert found is not None
    assert found.rev == 1


def test_servers_that_start_together_on_an_empty_database_agree_on_the_epoch(
    postgresql: Cluster,
) -> None:
    url = postgresql.create("starting")
    barrier = threading.Barrier(3, timeout=WAIT_S)

    def start(entropy: int) -> str:
        database = Database(url)
        with database.engine.connect():
            barrier.wait()
        office = Office(url, database=database, entropy=entropy)
        try:
            with office.store.read() as connection:
                return str(
                    connection.execute(
                        select(meta.c.value).where(meta.c.name == "epoch")
                    ).scalar_one()
                )
        finally:
            office.close()

    assert len(set(both(*(lambda n=n: start(n) for n in (0, 100, 200))))) == 1


# --- half of the world each


class Paused(Database):
    """Stops before the numbering lock until the other transaction stands there too."""

    meeting: Meeting | None = None
    who = ""

    def lock_numbering(self, connection: Connection) -> None:
        """Meet, then queue for the lock."""
        if self.meeting:
            self.meeting.wait(self.who)
        super().lock_numbering(connection)


@pytest.fixture
def paused(url: str) -> Iterator[tuple[Office, Office]]:
    """Two servers whose next transactions decide at the same time, each blind to the other."""
    offices = tuple(Office(url, database=Paused(url), entropy=n * 1000) for n in (0, 1))
    first, second = offices
    try:
        yield first, second
        _meet(offices, None)
        first.check()
    finally:
        first.close()
        second.close()


def _meet(offices: tuple[Office, ...], meeting: Meeting | None) -> None:
    for office, who in zip(offices, "ab", strict=True):
        assert isinstance(office.database, Paused), "these offices can be stopped"
        office.database.meeting, office.database.who = meeting, who


def test_place_stays_when_one_job_comes_to_it_while_the_other_leaves(
    paused: tuple[Office, Office],
) -> None:
    first, second = paused
    place = first.erp("Service Location", "LOC-1", city="Laval")
    coming = first.job("DJ-00001", technician=None, service_location="LOC-1")
    leaving = first.job("DJ-00002", service_location="LOC-1")
    phone = first.phone()
    phone.pull()
    _meet(paused, Meeting())
    both(
        lambda: first.change(coming, assigned_technician=TECHNICIAN),
        lambda: second.change(leaving, assigned_technician=OTHER),
    )
    _meet(paused, None)
    phone.pull()
    assert phone.held() == {place, coming}


def test_place_leaves_when_both_its_jobs_leave_at_once(paused: tuple[Office, Office]) -> None:
    first, second = paused
    first.erp("Service Location", "LOC-1", city="Laval")
    jobs = [first.job(f"DJ-0000{n}", service_location="LOC-1") for n in (1, 2)]
    phone = first.phone()
    phone.pull()
    _meet(paused, Meeting())
    both(
        lambda: first.change(jobs[0], assigned_technician=OTHER),
        lambda: second.change(jobs[1], assigned_technician=OTHER),
    )
    _meet(paused, None)
    phone.pull()
    assert phone.held() == set()


def test_parent_and_child_that_arrive_at_once_find_each_other(
    paused: tuple[Office, Office],
) -> None:
    first, second = paused
    phone = first.phone()
    phone.pull()
    place = key_of("Service Location", "LOC-1")
    _meet(paused, Meeting())

    def take_job(transaction: Transaction) -> None:
        assert transaction.get(place) is None  # asked for, and remembered as absent
        take(
            transaction,
            "Dispatch Job",
            "DJ-00001",
            key_of("Dispatch Job", "DJ-00001"),
            subject="x",
            assigned_technician=TECHNICIAN,
            service_location=place,
        )

    both(
        lambda: first.store.transact(take_job),
        lambda: second.erp("Service Location", "LOC-1", city="Laval"),
    )
    _meet(paused, None)
    phone.pull()
    assert phone.held() == {place, key_of("Dispatch Job", "DJ-00001")}


# --- numbers and commits


def test_reader_misses_no_row_of_several_writing_processes(url: str) -> None:
    figures = race(url, rows=ROWS)
    assert (figures.rows, figures.missed) == (ROWS, 0)


def test_reader_misses_rows_without_the_numbering_lock(url: str) -> None:
    assert race(url, rows=ROWS, kind=Unlocked).missed > 0
