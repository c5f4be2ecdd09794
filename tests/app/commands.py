"""`field-app` run in this process, under settings of a test's own."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from field_app.cli import main

Cli = Callable[..., int]


def commands(folder: Path, monkeypatch: pytest.MonkeyPatch, server: str) -> Cli:
    """Return what runs a command and gives its exit code; data lie in a folder of the test."""
    for name, value in {
        "DATA_DIR": str(folder / "app"),
        "SECRETS": "file",
        "SERVER": server,
        "TIME_ZONE": "UTC",
    }.items():
        monkeypatch.setenv(f"GIGAFIELD_{name}", value)

    def run(*words: str, stdin: str = "") -> int:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        try:
            return int(main([*words]))
        except SystemExit as end:
            return int(end.code or 0)

    return run
