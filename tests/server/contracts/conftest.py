"""A fresh shop with a contract, a test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.billing.shop import shop_in
from tests.server.contracts.signed import Signed, signed_in


@pytest.fixture
def signed(tmp_path: Path) -> Iterator[Signed]:
    with shop_in(tmp_path / "shop", stocked=False) as shop:
        yield signed_in(shop)
