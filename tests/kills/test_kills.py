"""Fifty kills in every test run; a thousand by `python -m tests.kills`."""

from pathlib import Path

import pytest

from tests.kills.parent import Parent

KILLS = 50


@pytest.mark.timeout(600)
def test_fifty_kills_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    """T-03, T-20: what a person saw saved is at the server once, and both files are sound."""
    result = Parent(tmp_path, seed=20).run(KILLS)

    assert result.is_clean, result
