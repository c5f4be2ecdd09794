"""A real server with one job, and a phone on which nobody is yet."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from field_app.compose.asking import MachineEntry
from tests.app.entry.hands import machine
from tests.app.serving import Office, serving


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with serving(tmp_path / "server") as office:
        office.add_people()
        office.job(1)
        yield office


@pytest.fixture
async def entry(tmp_path: Path) -> AsyncIterator[MachineEntry]:
    entry = MachineEntry(machine(tmp_path), version="1.2.3")
    yield entry
    await entry.close()
