"""What must not lie in the repository: package hosts, paths of one machine, built files."""

import re
from pathlib import Path
from typing import Final

from tests.architecture.project import ROOT, tracked_files

# Written in pieces, so that this file does not find itself.
FORBIDDEN: Final = {
    "the address of a package file or index": r"https?://[^ \"']+(/simp"
    r"le/?|\.wh"
    r"l|\.tgz|\.tar\.gz|\.de"
    r"b)",
    "a package index option": r"--(extra-)?index-" r"url|find-" r"links",
    "a package host": r"(pypi\.or"
    r"g|pythonhosted\.or"
    r"g|registry\.npmj"
    r"s|deb\.debian\.or"
    r"g)",
    "a path of one machine": r"(/wor" r"k/|/hom" r"e/[a-z]|/roo" r"t/|/User" r"s/)",
    "a leftover of a merge": r"^(<{7} |>{7} )",
}
PRODUCTS: Final = (".pyc", ".so", ".egg-info", ".db", ".sqlite3", ".log", ".coverage")
SIZE_BYTES_MAX: Final = 1_000_000  # everything larger is data that a generator should make


def text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def test_repository_names_no_package_host_and_no_path_of_a_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {what}"
        for path in tracked_files()
        for what, pattern in FORBIDDEN.items()
        if re.search(pattern, text_of(path), re.MULTILINE)
    ]

    assert found == []


def test_repository_holds_no_generated_file() -> None:
    assert [p.relative_to(ROOT) for p in tracked_files() if p.name.endswith(PRODUCTS)] == []


def test_repository_holds_no_large_file() -> None:
    assert [p.relative_to(ROOT) for p in tracked_files() if p.stat().st_size > SIZE_BYTES_MAX] == []


def test_package_folder_says_its_purpose() -> None:
    silent = [
        path.relative_to(ROOT)
        for path in tracked_files()
        if path.name == "__init__.py" and not text_of(path).lstrip().startswith('"""')
    ]

    assert silent == []
