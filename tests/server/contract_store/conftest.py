"""The same tests over each database: in memory, in a file, and PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgresql import Cluster, postgresql
from tests.server.contract_store.making import Office, Phone

__all__ = ["postgresql"]

DATABASE = "contract"


@pytest.fixture(scope="session")
def _contract_database(postgresql: Cluster) -> None:
    office = Office(postgresql.create(DATABASE))
    office.close()


@pytest.fixture(params=["memory", "file", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind, by its URL."""
    match request.param:
        case "memory":
            return "sqlite://"
        case "file":
            return f"sqlite:///{tmp_path / 'server.db'}"
        case _:
            request.getfixturevalue("_contract_database")
            cluster: Cluster = request.getfixturevalue("postgresql")
            return cluster.empty(DATABASE)


@pytest.fixture
def office(url: str) -> Iterator[Office]:
    """An office on an empty store; afterwards feed and sums must be what the rule says."""
    made = Office(url)
    try:
        yield made
        made.check()
    finally:
        made.close()


@pytest.fixture
def phone(office: Office) -> Phone:
    """A technician's phone that holds all there is for it so far: nothing."""
    return office.phone()
