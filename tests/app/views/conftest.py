"""Tests press faster than any thumb."""

import pytest

from field_app.views.widgets import buttons


@pytest.fixture(autouse=True)
def _quick_thumbs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buttons, "SECOND_TAP_S", 0)
