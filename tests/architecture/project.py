"""The project as data: its folders, its declared requirements, its tracked files, its imports."""

import ast
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT: Final = Path(__file__).resolve().parents[2]
PACKAGES: Final = ("field_core", "field_codes", "field_app", "server_sync")


def pyproject() -> dict[str, Any]:
    """Return pyproject.toml as parsed: tables as dicts, values as TOML gives them."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)


def extra(name: str) -> list[str]:
    """Return the requirement lines of one extra."""
    lines: list[str] = pyproject()["project"]["optional-dependencies"][name]
    return lines


def requirement_names(lines: list[str]) -> set[str]:
    """Return the canonical names (PEP 503) that requirement lines ask for."""
    return {canonicalize_name(Requirement(line).name) for line in lines}


def tracked_files() -> list[Path]:
    """Return every file that is in the repository or on its way in (new, not ignored)."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - git is found on the PATH
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    paths = (ROOT / name for name in listing.stdout.split("\0") if name)
    return [path for path in paths if path.is_file()]


class Import(NamedTuple):
    """One import statement: the module it stands in, and the dotted name it asks for."""

    importer: str
    imported: str


def imports() -> Iterator[Import]:
    """Yield every import in our packages, those inside functions included."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            importer = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            for name in _imported_names(ast.parse(path.read_text(encoding="utf-8"))):
                yield Import(importer.removesuffix(".__init__"), name)


def _imported_names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
