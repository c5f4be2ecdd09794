"""A house whose ACS is the stand-in over the recorded devices."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.acs.ward import Ward, ward_in


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    with ward_in(tmp_path) as made:
        yield made
