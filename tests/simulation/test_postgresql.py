"""The same world over PostgreSQL: another dialect, other locks, the same nothing lost."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event

from tests.postgresql import Cluster, postgresql
from tests.simulation.databases import WorldDatabase
from tests.simulation.world import run

__all__ = ["postgresql"]

STEPS = 600
LIVE, KEPT = "world", "world_backup"


class PostgresqlDatabase(WorldDatabase):
    """A database of its own; a backup is a second one, made from the first as a template."""

    def __init__(self, cluster: Cluster, before: Callable[[], None]) -> None:
        self._cluster = cluster
        super().__init__(cluster.create(LIVE), before)
        self._opened: list[Any] = []
        event.listen(self.engine, "connect", lambda made, _: self._opened.append(made))

    def lose_open(self) -> None:
        """Drop every connection, those in use too: the server rolls back what was open."""
        for connection in self._opened:
            connection.close()
        self._opened.clear()
        self.engine.dispose()

    def copy(self) -> str:
        """Make a copy beside it."""
        self.engine.dispose()
        self._cluster.create(KEPT, like=LIVE)
        return KEPT

    def put_back(self, copy: str) -> None:
        """Make it again from the copy."""
        self.engine.dispose()
        self._cluster.create(LIVE, like=copy)


@pytest.mark.postgresql
@pytest.mark.parametrize("seed", [3, 8])
def test_world_on_postgresql_comes_to_rest_with_every_invariant_held(
    postgresql: Cluster, seed: int
) -> None:
    logging.getLogger("server_sync").setLevel(logging.CRITICAL)

    world = run(seed, STEPS, database=lambda before: PostgresqlDatabase(postgresql, before))

    world.store.database.close()
