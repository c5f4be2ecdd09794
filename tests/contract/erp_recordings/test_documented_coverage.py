"""The page about the embedded ERP says what the tests do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from tests.contract.erp_recordings.covered import ELSEWHERE, LEFT_OUT, LOOSE
from tests.contract.erp_recordings.recordings import all_recordings
from tests.contract.erp_recordings.test_replay import REPLAYED

PAGE: Final = Path(__file__).resolve().parents[3] / "docs" / "embedded-erp.md"
BETWEEN: Final = re.compile(r"<!-- recordings -->\n(.*)<!-- end of recordings -->", re.DOTALL)


def table() -> str:
    """The table of recordings as the page must hold it."""
    lines = ["| recording | group | how |", "|---|---|---|"]
    for name, found in sorted(all_recordings().items(), key=lambda item: (item[1].group, item[0])):
        lines.append(f"| {name} | {found.group} | {_how(name)} |")
    return "\n".join(lines) + "\n"


def _how(name: str) -> str:
    if name in LEFT_OUT:
        return f"not imitated: {LEFT_OUT[name]}"
    if name in ELSEWHERE:
        return f"`{ELSEWHERE[name]}.py`"
    loose = ", ".join(sorted(LOOSE.get(name, ())))
    return f"replayed; by type alone: {loose}" if loose else "replayed"


def test_page_lists_every_recording() -> None:
    match = BETWEEN.search(PAGE.read_text(encoding="utf-8"))
    assert match is not None
    assert match.group(1) == table(), "run python -m tests.contract.erp_recordings.write_table"


def test_every_recording_has_one_place() -> None:
    names = [*REPLAYED, *ELSEWHERE, *LEFT_OUT]
    assert sorted(names) == sorted(all_recordings())
    assert len(all_recordings()) == 137


def test_tests_named_for_a_recording_mention_it() -> None:
    folder = Path(__file__).parent
    for name, module in ELSEWHERE.items():
        assert name in (folder / f"{module}.py").read_text(encoding="utf-8")
