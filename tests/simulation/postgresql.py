"""The database of a world on PostgreSQL; a backup is a second one, made from the first."""

import os
from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from tests.postgresql import Cluster
from tests.simulation.databases import WorldDatabase


class PostgresqlDatabase(WorldDatabase):
    """A database of its own; a process has one world at a time."""

    def __init__(self, cluster: Cluster, before: Callable[[], None]) -> None:
        self._cluster = cluster
        self._live, self._kept = f"world_{os.getpid()}", f"world_{os.getpid()}_backup"
        super().__init__(cluster.create(self._live), before)
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
        self._cluster.create(self._kept, like=self._live)
        return self._kept

    def put_back(self, copy: str) -> None:
        """Make it again from the copy."""
        self.engine.dispose()
        self._cluster.create(self._live, like=copy)
