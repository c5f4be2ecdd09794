import pytest

from tests.app.making import Device, job, stored


@pytest.fixture
def device() -> Device:
    """A device that holds one job and is at rest."""
    return Device().synced(stored(1, job()))
