"""Preferences on disk: kept whole, and readable however damaged the file is."""

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_app.device.preferences import PreferenceFile
from field_app.ports import Preferences
from field_app.theme import Mode
from field_core.problems import ProblemError

CHOSEN = Preferences(
    language="en",
    mode=Mode.OUTDOOR,
    scale=2.0,
    is_wifi_only=True,
    lock_after_min=15,
    server="https://sync.example",
    email="marc@example.com",
)


def test_preferences_written_are_read_back(tmp_path: Path) -> None:
    file = PreferenceFile(tmp_path / "new" / "preferences.json")

    file.write(CHOSEN)

    assert file.read() == CHOSEN


def test_no_file_means_as_at_first(tmp_path: Path) -> None:
    assert PreferenceFile(tmp_path / "none.json").read() == Preferences()


@pytest.mark.parametrize("content", ["", "{", "[1]", "null", '"x"', "\x00\x00"])
def test_damaged_file_is_as_no_file(tmp_path: Path, content: str) -> None:
    path = tmp_path / "preferences.json"
    path.write_text(content, encoding="utf-8")

    assert PreferenceFile(path).read() == Preferences()


def test_file_that_is_no_text_is_as_no_file(tmp_path: Path) -> None:
    path = tmp_path / "preferences.json"
    path.write_bytes(b"\xff\xfe\x80")

    assert PreferenceFile(path).read() == Preferences()


def test_one_bad_value_leaves_the_others(tmp_path: Path) -> None:
    path = tmp_path / "preferences.json"
    held = {"language": "xx", "mode": "dark", "scale": 7, "lock_after_min": 60, "unknown": 1}
    path.write_text(json.dumps(held), encoding="utf-8")

    assert PreferenceFile(path).read() == Preferences(mode=Mode.DARK, lock_after_min=60)


@given(
    st.dictionaries(
        st.sampled_from(["language", "mode", "scale", "is_wifi_only"]),
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text()
        | st.lists(st.integers()),
    )
)
def test_whatever_the_file_says_preferences_are_drawable(held: dict[str, object]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "preferences.json"
        path.write_text(json.dumps(held), encoding="utf-8")

        read = PreferenceFile(path).read()

    assert read.mode in Mode
    assert read.scale in (1.0, 1.15, 1.3, 1.5, 2.0)
    assert read.language in (None, "fr", "en")


def test_folder_that_cannot_be_written_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")

    with pytest.raises(ProblemError) as caught:
        PreferenceFile(tmp_path / "file" / "preferences.json").write(CHOSEN)

    assert caught.value.problem.code == "disk-full"
