"""A clerk at a desk without a server: what it would say is written down beforehand."""

from pathlib import Path

import pytest

from field_app.ports import Person
from field_app.state.workspace import Workspace
from tests.app.at_work import LocalAccount, workspace

JULIE = Person("Julie C.", "julie@example.com", None, frozenset({"billing"}))


@pytest.fixture
def account(tmp_path: Path) -> LocalAccount:
    made = LocalAccount(tmp_path / "blobs")
    made.person = JULIE
    return made


@pytest.fixture
def desk(account: LocalAccount) -> Workspace:
    return workspace(account, "/clients")
