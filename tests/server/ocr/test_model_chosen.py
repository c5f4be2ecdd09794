"""Which model reads labels: Gemini with a key, its stand-in where it may be, or none."""

from typing import Any

import pytest

from server_sync.compose.embedded import EMBEDDED_URL
from server_sync.compose.ocr import _model
from server_sync.settings import Settings


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({}, None),
        ({"demo": True, "erpnext_url": EMBEDDED_URL}, "gemini-bench"),
        ({"gemini_bench": True}, "gemini-bench"),
        ({"gemini_bench": True, "server_host": "0.0.0.0"}, None),  # noqa: S104  # that is the point
        ({"gemini_bench": True, "erpnext_url": "https://erp.example.com"}, None),
        ({"gemini_api_key": "key", "gemini_bench": True}, "gemini-2.5-flash"),
        ({"gemini_api_key": "key", "gemini_model": "gemini-3-flash"}, "gemini-3-flash"),
    ],
)
def test_model_is_the_one_that_is_set_up(settings: dict[str, Any], name: str | None) -> None:
    model = _model(Settings.model_validate(settings))

    assert (model.name if model else None) == name
