"""Two server processes with one database: no document is written by both."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import insert

from server_sync.erp import outbox
from server_sync.store.database import Database
from server_sync.store.migrating import migrate
from server_sync.store.schema import erp_out
from tests.postgresql import Cluster, postgresql
from tests.server.erp.world import World

__all__ = ["postgresql"]

DOCUMENTS = 120
DATABASE = "writeback"


@pytest.fixture(params=["file", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "file":
        return f"sqlite:///{tmp_path / 'server.db'}"
    cluster: Cluster = request.getfixturevalue("postgresql")
    return cluster.create(DATABASE)


@pytest.fixture
def databases(url: str) -> Iterator[tuple[Database, Database]]:
    first, second = Database(url), Database(url)
    migrate(first, now_ms=0)
    with first.write() as connection:
        connection.execute(
            insert(erp_out),
            [
                {
                    "key": f"key-{n % DOCUMENTS}",
                    "device": "D1",
                    "n": n,
                    "op_id": f"op-{n}",
                    "operation": "{}",
                    "at": "",
                    "state": "waiting",
                    "tries": 0,
                    "next_ms": 0,
                    "claimed_ms": 0,
                }
                for n in range(3 * DOCUMENTS)
            ],
        )
    yield first, second
    first.close()
    second.close()


def test_claims_of_two_processes_share_no_document(databases: tuple[Database, Database]) -> None:
    def claim_all(database: Database) -> list[str]:
        mine: list[str] = []
        while part := database.run(lambda c: outbox.claim(c, now_ms=1_000, limit=3)):
            mine += [key for key, was_tried in part if not was_tried]
        return mine

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(claim_all, databases)
    assert sorted(first + second) == sorted({f"key-{n}" for n in range(DOCUMENTS)})


def test_work_that_comes_for_a_claimed_document_waits_for_its_writer(
    databases: tuple[Database, Database],
) -> None:
    first, second = databases
    (claimed,) = first.run(lambda c: outbox.claim(c, now_ms=1_000, limit=1))
    assert claimed == ("key-0", False)
    with second.write() as connection:
        connection.execute(
            insert(erp_out),
            {
                "key": "key-0",
                "device": "D1",
                "n": 9_999,
                "op_id": "late",
                "operation": "{}",
                "at": "",
                "state": "waiting",
                "tries": 0,
                "next_ms": 0,
                "claimed_ms": 0,
            },
        )
    keys = second.run(lambda c: outbox.claim(c, now_ms=1_000, limit=500))
    assert "key-0" not in dict(keys)
    late = 1_000 + outbox.LEASE_MS
    assert second.run(lambda c: outbox.claim(c, now_ms=late, limit=1)) == [("key-0", True)]


def test_lease_that_ran_out_is_renewed_until_another_process_takes_the_document(
    databases: tuple[Database, Database],
) -> None:
    first, second = databases
    first.run(lambda c: outbox.claim(c, now_ms=1_000, limit=1))
    until, late = 1_000 + outbox.LEASE_MS, 1_001 + outbox.LEASE_MS
    assert first.run(lambda c: outbox.renew(c, "key-0", until_ms=until, now_ms=late))

    later = late + outbox.LEASE_MS
    second.run(lambda c: outbox.claim(c, now_ms=later, limit=1))
    until = late + outbox.LEASE_MS
    assert not first.run(lambda c: outbox.renew(c, "key-0", until_ms=until, now_ms=later + 1))


def test_who_lost_a_document_gives_nothing_of_it_back(
    databases: tuple[Database, Database],
) -> None:
    """Or a third one could claim what the second one is writing."""
    first, second = databases
    first.run(lambda c: outbox.claim(c, now_ms=1_000, limit=1))
    late = 1_000 + outbox.LEASE_MS
    second.run(lambda c: outbox.claim(c, now_ms=late, limit=1))
    ids = [row.id for row in first.run(lambda c: outbox.rows_of(c, ["key-0"]))]

    first.run(
        lambda c: outbox.postpone(c, ids, until_ms=late, next_ms=0, error="lost", failed=True)
    )

    assert "key-0" not in dict(first.run(lambda c: outbox.claim(c, now_ms=late, limit=500)))


async def test_whole_round_works_on_each_database(url: str) -> None:
    world = World(database=url)
    name = await world.job(notes=[{"text": "Sonner"}])
    await world.service.import_all()
    world.wait(seconds=1)
    key = world.doc("Dispatch Job", name).key
    world.push_set(key, work_notes="Fait")
    world.push(key, "append", list="notes", item_id=world.new_id(), item={"text": "Deux fois"})
    await world.service.write_back()
    await world.service.sweep()
    shown = await world.shown("Dispatch Job", name)
    assert (shown["work_notes"], [row["text"] for row in shown["notes"]]) == (
        "Fait",
        ["Sonner", "Deux fois"],
    )
    health = world.service.health()
    assert (health.circuit, health.waiting, health.oldest_at, health.problem) == (
        "closed",
        0,
        None,
        None,
    )
    await world.service.close()
    world.store.database.close()
