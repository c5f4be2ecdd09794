"""The house that tests of HTTP live in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.http.house import House, house_in
from tests.server.http.operator import Operator


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with house_in(tmp_path) as made:
        yield made


@pytest.fixture
def operator(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Operator:
    return Operator(tmp_path / "data", capsys, monkeypatch)
