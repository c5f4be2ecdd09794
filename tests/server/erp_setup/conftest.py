"""A bare site on a port, a receiver of webhooks, and someone at a terminal."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.erp_setup.site import (
    ADMIN,
    SECRET,
    Receiver,
    Site,
    receiver_on_a_port,
    site_on_a_port,
)
from tests.server.http.operator import Operator


@pytest.fixture
def bare() -> Iterator[Site]:
    with site_on_a_port() as site:
        yield site


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiver_on_a_port() as made:
        yield made


@pytest.fixture
def operator(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    bare: Site,
) -> Operator:
    made = Operator(tmp_path / "data", capsys, monkeypatch)
    made.environment |= {
        "ERPNEXT_URL": bare.url,
        "ERPNEXT_API_KEY": ADMIN.api_key,
        "ERPNEXT_API_SECRET": ADMIN.api_secret,
        "ERPNEXT_WEBHOOK_SECRET": SECRET,
    }
    return made
