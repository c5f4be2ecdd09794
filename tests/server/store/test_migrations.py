"""Databases of older versions: each becomes what a new one is, with everything that was in it."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Connection, text

from field_core.problems import Problem, ProblemError
from server_sync.store import database as database_module
from server_sync.store.checking import findings
from server_sync.store.database import Database
from server_sync.store.migrating import NEWEST, migrate, names_after, version
from server_sync.store.migrations import MIGRATIONS
from server_sync.store.schema import metadata
from tests.postgresql import Cluster, postgresql
from tests.server.http.house import JOB, house_in
from tests.server.store.olden import restore, rows_of, shape_of

__all__ = ["postgresql"]

NOW_MS = 1_790_000_000_000
OLDER = range(1, NEWEST)
NAMES = [step.__name__.removeprefix("m") for step in MIGRATIONS]


@pytest.fixture(params=["file", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind, by its URL."""
    if request.param == "file":
        return f"sqlite:///{tmp_path / 'server.db'}"
    cluster: Cluster = request.getfixturevalue("postgresql")
    return cluster.create("migrations")


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    made = Database(url)
    yield made
    made.close()


def versions(database: Database) -> list[tuple[int, str]]:
    with database.read() as connection:
        rows = connection.execute(text("SELECT number, name FROM schema_version ORDER BY number"))
        return [(row.number, row.name) for row in rows]


def test_migrations_are_numbered_in_their_order() -> None:
    assert [int(name[:3]) for name in NAMES] == [*range(1, NEWEST + 1)]


def test_new_database_is_what_the_program_works_with(database: Database) -> None:
    assert migrate(database, now_ms=NOW_MS) == NAMES

    with database.read() as connection:
        made = dict(shape_of(connection))
    made.pop("schema_version")
    with database.write() as connection:
        for name in [*made, "schema_version"]:
            connection.execute(text(f'DROP TABLE "{name}"'))
        metadata.create_all(connection)
    with database.read() as connection:
        assert made == shape_of(connection)


@pytest.mark.parametrize("older", OLDER)
def test_older_database_becomes_what_a_new_one_is(database: Database, url: str, older: int) -> None:
    restore(url, older)
    migrate(database, now_ms=NOW_MS)
    with database.read() as connection:
        became = shape_of(connection)

    with database.write() as connection:
        for name in became:
            connection.execute(text(f'DROP TABLE "{name}"'))
    migrate(database, now_ms=NOW_MS)
    with database.read() as connection:
        assert became == shape_of(connection)


@pytest.mark.parametrize("older", OLDER)
def test_older_database_keeps_all_it_held(database: Database, url: str, older: int) -> None:
    restore(url, older)
    with database.read() as connection:
        before = dict(rows_of(connection))
    before.pop("schema_version", None)  # it gains a row for each migration

    migrate(database, now_ms=NOW_MS)

    with database.read() as connection:
        after = rows_of(connection)
    assert {name: len(after[name]) for name in before} == {n: len(r) for n, r in before.items()}
    assert before == {
        name: [
            {column: now[column] for column in old}
            for now, old in zip(after[name], rows, strict=True)
        ]
        for name, rows in before.items()
    }


def test_heads_of_version_1_are_dated_by_the_last_contact(database: Database, url: str) -> None:
    restore(url, 1)

    migrate(database, now_ms=NOW_MS)

    with database.read() as connection:
        rows = connection.execute(
            text("SELECT account, heads, heads_ms, seen_ms FROM device ORDER BY account")
        ).all()
    assert [(r.account, r.heads is None, r.heads_ms, r.seen_ms) for r in rows] == [
        ("marc@example.test", False, 1_789_999_200_000, 1_789_999_200_000),
        ("sophie@example.test", True, 0, 1_789_999_500_000),
    ]


@pytest.mark.parametrize("older", OLDER)
async def test_server_on_an_older_database_goes_on_where_that_one_stood(
    url: str, older: int, tmp_path: Path
) -> None:
    restore(url, older)

    with house_in(tmp_path / "house", database_url=url) as house:
        house.clock.forward(minutes=30)
        marc = await house.sign_in()
        reply = await marc.sync(
            marc.operation("append", list="notes", item_id="note-2", item={"text": "Plus tard"})
        )
        devices = house.server.accounts.devices()

        assert reply["outcomes"][0]["verdict"] == "applied"
        assert [note["id"] for note in house.body(JOB)["notes"]] == ["note-1", "note-2"]
        assert len(devices) == 3
        assert list(findings(house.server.store.database)) == []


def test_migrating_again_does_nothing(database: Database) -> None:
    migrate(database, now_ms=NOW_MS)

    assert migrate(database, now_ms=NOW_MS + 1) == []


def test_database_of_a_newer_version_is_refused_and_left_alone(database: Database) -> None:
    migrate(database, now_ms=NOW_MS)
    with database.write() as connection:
        connection.execute(
            text("INSERT INTO schema_version VALUES (:n, 'from the future', 0)"), {"n": NEWEST + 1}
        )
    with database.read() as connection:
        before = rows_of(connection)

    with pytest.raises(ProblemError) as refused:
        migrate(database, now_ms=NOW_MS)

    assert refused.value.problem == Problem(
        "database-newer", {"version": NEWEST + 1, "known": NEWEST}
    )
    with database.read() as connection:
        assert rows_of(connection) == before


def test_migration_that_fails_leaves_the_database_as_it_was(database: Database, url: str) -> None:
    restore(url, 1)
    with database.read() as connection:
        before = (shape_of(connection), rows_of(connection))

    def m003_broken(connection: Connection) -> None:
        connection.execute(text("ALTER TABLE device ADD COLUMN half BIGINT"))
        raise RuntimeError("power gone")

    with pytest.raises(RuntimeError, match="power gone"):
        migrate(database, now_ms=NOW_MS, migrations=[*MIGRATIONS, m003_broken])

    with database.read() as connection:
        assert (shape_of(connection), rows_of(connection)) == before
        assert version(connection) == 0


def test_servers_that_start_at_once_migrate_once(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # A server that waits for another one's slow migration outlasts the usual wait for a writer.
    monkeypatch.setattr(database_module, "SQLITE_BUSY_MS", 40)
    restore(url, 1)
    ran: list[str] = []
    servers = [Database(url) for _ in range(4)]
    together = Barrier(len(servers), timeout=20)

    def m003_slow(connection: Connection) -> None:
        ran.append("slow")
        connection.execute(text("ALTER TABLE device ADD COLUMN slow BIGINT"))
        time.sleep(0.4)

    def start(server: Database) -> list[str]:
        together.wait()
        return migrate(server, now_ms=NOW_MS, migrations=[*MIGRATIONS, m003_slow])

    with ThreadPoolExecutor(len(servers)) as pool:
        done = list(pool.map(start, servers))

    assert sorted(done) == [[], [], [], [*NAMES, "003_slow"]]
    assert ran == ["slow"]
    assert versions(servers[0]) == [*enumerate([*NAMES, "003_slow"], start=1)]
    for server in servers:
        server.close()


def test_names_of_what_is_missing_begin_after_the_version() -> None:
    assert (names_after(0), names_after(1), names_after(NEWEST)) == (NAMES, NAMES[1:], [])
