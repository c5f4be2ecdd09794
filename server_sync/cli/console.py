"""What a person at a terminal sees and types: tables, JSON, a password."""

import getpass
import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from server_sync.accounts.passwords import PASSWORD_CHARACTERS_MIN
from server_sync.cli.command import UsageError


def show(rows: Sequence[Mapping[str, Any]], *, as_json: bool) -> int:
    """Print rows as a table with the first row's columns, or as JSON; return exit code 0."""
    if as_json:
        print(json.dumps([*rows], indent=1, ensure_ascii=False))
        return 0
    columns = [*rows[0]] if rows else []
    table = [columns, *([_cell(row[name]) for name in columns] for row in rows)]
    widths = [max(len(line[i]) for line in table) for i in range(len(columns))]
    for line in table:
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        )
    return 0


def _cell(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return ",".join(map(str, value))
    return "" if value is None else str(value)


def read_password(*, from_stdin: bool) -> str:
    """Ask for a password, or read it from the first line of standard input."""
    password = sys.stdin.readline().rstrip("\n") if from_stdin else getpass.getpass()
    if len(password) < PASSWORD_CHARACTERS_MIN:
        message = f"a password has {PASSWORD_CHARACTERS_MIN} characters or more"
        raise UsageError(message)
    return password


def agrees(question: str) -> bool:
    """Ask before something is changed; where nobody can answer, that is a wrong usage."""
    if not sys.stdin.isatty():
        raise UsageError("nobody is there to answer: pass --yes, or --dry-run to look first")
    return input(f"{question} [y/N] ").strip().lower() in {"y", "yes", "o", "oui"}
