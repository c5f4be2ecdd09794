from pathlib import Path

import pytest

from field_app.sync import view
from field_app.sync.acts import Acts
from field_app.sync.files import BlobFolder
from field_app.sync.replica import Replica
from tests.app.making import Clock, Ids, acts_on, change, enrolled, job, key, memory, reply


@pytest.fixture
def replica() -> Replica:
    """A replica with one job under way, a TV box at its location, and a device from elsewhere."""
    box = {
        "name": "EQP-03310",
        "equipment_type": "TV Box",
        "status": "Installed",
        "service_location": "LOC-00001",
        "serial_no": "TV-3310",
    }
    elsewhere = {
        "name": "EQP-05120",
        "equipment_type": "ONT",
        "status": "Installed",
        "service_location": "LOC-00871",
        "mac_address": "A42BB01C9F3B",
        "installed_on": "2025-11-03",
    }
    offer = job(2, assigned_technician=None, offered_until="2026-04-27T17:00:00.000000Z")
    replica = enrolled(memory())
    replica.apply(
        reply(
            [
                change(1, job(status="On Site")),
                change(2, offer),
                change(5, box, doctype="Service Equipment"),
                change(6, elsewhere, doctype="Service Equipment"),
            ]
        ),
        now_ms=0,
    )
    assert [here.rev for here in view.standing(replica.db, [key(1)])] == [1]
    return replica


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def folder(tmp_path: Path) -> BlobFolder:
    return BlobFolder(tmp_path / "blobs", free_bytes=lambda _: 1 << 40)


@pytest.fixture
def acts(replica: Replica, folder: BlobFolder, clock: Clock) -> Acts:
    return acts_on(replica, folder, clock, Ids())
