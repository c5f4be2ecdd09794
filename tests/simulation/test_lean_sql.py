"""Leaving SQLAlchemy's machinery out changes the pace of a world and nothing else."""

import pytest
from sqlalchemy import bindparam, insert, select

from server_sync.store.schema import meta
from tests.simulation.databases import SqliteDatabase
from tests.simulation.lean_sql import LeanDatabase
from tests.simulation.world import run


@pytest.mark.parametrize("seed", [2, 7])
def test_world_on_lean_sql_lives_the_life_it_has_on_sqlalchemy(seed: int) -> None:
    lean, whole = run(seed, 700), run(seed, 700, database=SqliteDatabase)

    assert lean.journal() == whole.journal()
    assert lean.link.calls == whole.link.calls
    assert lean.rng.random() == whole.rng.random()


def test_statement_made_from_another_one_has_a_plan_of_its_own() -> None:
    database = LeanDatabase(lambda: None)
    named = select(meta.c.name, meta.c.value).where(meta.c.name.in_(bindparam("v", expanding=True)))
    wanted = {"v": ["a", "b"]}

    with database.write() as connection:
        rows = [{"name": "a", "value": "1"}, {"name": "b", "value": "2"}]
        connection.execute(insert(meta), rows)
        every = [tuple(row) for row in connection.execute(named, wanted)]
        some = [tuple(row) for row in connection.execute(named.where(meta.c.value == "2"), wanted)]

    assert every == [("a", "1"), ("b", "2")]
    assert some == [("b", "2")]
