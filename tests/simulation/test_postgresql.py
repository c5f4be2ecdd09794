"""The same world over PostgreSQL: another dialect, other locks, the same nothing lost."""

import logging

import pytest

from tests.postgresql import Cluster, postgresql
from tests.simulation.postgresql import PostgresqlDatabase
from tests.simulation.world import run

__all__ = ["postgresql"]

STEPS = 600


@pytest.mark.postgresql
@pytest.mark.parametrize("seed", [3, 8])
def test_world_on_postgresql_comes_to_rest_with_every_invariant_held(
    postgresql: Cluster, seed: int
) -> None:
    logging.getLogger("server_sync").setLevel(logging.CRITICAL)

    world = run(seed, STEPS, database=lambda before: PostgresqlDatabase(postgresql, before))

    world.store.database.close()
