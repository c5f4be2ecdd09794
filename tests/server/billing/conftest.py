"""A fresh shop a test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.billing.browser import Browser
from tests.server.billing.shop import Shop, shop_in
from tests.server.http.conftest import operator
from tests.server.http.serving import served

__all__ = ["operator"]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with shop_in(tmp_path / "shop") as made:
        yield made


@pytest.fixture
def browser(shop: Shop) -> Iterator[Browser]:
    with served(shop.server.app) as base:
        yield Browser(base)
