"""Commands that the documents name: each exists and knows the options it is shown with."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from tests.architecture.project import ROOT, tracked_files

SHELLS: Final = ("shell", "sh", "bash", "console")
PROGRAMS: Final = ("field-app", "server-sync")
HELP_TIMEOUT_S: Final = 60  # two busy cores may take a while to import a server


class Command(NamedTuple):
    """A command line as a document shows it."""

    document: str
    line: str

    def __str__(self) -> str:
        return f"{self.document}: {self.line}"


def documented_commands() -> Iterator[Command]:
    """Yield our own commands in the fenced shell blocks of every Markdown page."""
    for page in tracked_files():
        if page.suffix == ".md":
            text = page.read_text(encoding="utf-8")
            for fence, block in re.findall(
                r"^ *```(\w+)\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL
            ):
                if fence in SHELLS:
                    yield from _commands_in(block, page)


def _commands_in(block: str, page: Path) -> Iterator[Command]:
    document = page.relative_to(ROOT).as_posix()
    for line in block.replace("\\\n", " ").splitlines():
        bare = re.sub(r"^(\$ +)?(\w+=\S+ +)*", "", line.strip())
        if bare.startswith(("make ", "field-app ", "server-sync ", "python -m ")):
            yield Command(document, bare)


COMMANDS: Final = sorted(set(documented_commands()))


def test_documents_name_commands_at_all() -> None:
    assert {"make demo", "make test"} <= {command.line for command in COMMANDS}


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.line.startswith("make ")], ids=str)
def test_make_target_documented_exists(command: Command) -> None:
    words = [word for word in shlex.split(command.line, comments=True)[1:] if "=" not in word]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    assert [word for word in words if not re.search(rf"^{word}:", makefile, re.MULTILINE)] == []


@pytest.mark.parametrize(
    "command", [c for c in COMMANDS if not c.line.startswith("make ")], ids=str
)
def test_command_documented_explains_itself(command: Command) -> None:
    words = shlex.split(command.line, comments=True)
    argv, shown = _program(words)
    options = [word.partition("=")[0] for word in shown if word.startswith("--")]
    arguments = [word for word in shown if not word.startswith("-")]

    status, text = help_of((*argv, *_subcommands(argv, arguments)))

    assert status == 0, text
    assert [option for option in options if option not in text] == []


def _program(words: list[str]) -> tuple[tuple[str, ...], list[str]]:
    """Split a command into what starts the program and what it is given."""
    if words[0] in PROGRAMS:
        return (str(Path(sys.executable).parent / words[0]),), words[1:]
    return (sys.executable, "-m", words[2]), words[3:]


def _subcommands(argv: tuple[str, ...], arguments: list[str]) -> list[str]:
    """Return the leading arguments that are names of subcommands, by what the help lists."""
    taken: list[str] = []
    for argument in arguments:
        listed = re.search(r"\{([\w,-]+)\}", help_of((*argv, *taken))[1])
        if listed is None or argument not in listed.group(1).split(","):
            break
        taken.append(argument)
    return taken


@cache
def help_of(argv: tuple[str, ...]) -> tuple[int, str]:
    done = subprocess.run(
        [*argv, "--help"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=HELP_TIMEOUT_S,
    )
    return done.returncode, done.stdout + done.stderr
