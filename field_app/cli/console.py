"""What a command is given: this machine, words, where to write, and how it may end."""

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, TextIO

from field_app.compose import Machine
from field_app.i18n import Words
from field_core.problems import Problem, Retry


class Exit(IntEnum):
    """How a command ended; documented in docs/field-app.md, relied on by scripts."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    REFUSED = 3
    SIGN_IN = 4
    NO_SERVER = 5
    UNSENT = 6
    ELSEWHERE = 7


_BY_CODE: Final = {
    "not-enrolled": Exit.SIGN_IN,
    "signed-out": Exit.SIGN_IN,
    "sign-in-wrong": Exit.SIGN_IN,
    "enrolment-code-wrong": Exit.SIGN_IN,
    "server-unreachable": Exit.NO_SERVER,
    "captive-portal": Exit.NO_SERVER,
    "unsent-work": Exit.UNSENT,
}


def exit_of(problem: Problem) -> Exit:
    """Return the exit code that a problem ends a command with."""
    if problem.code in _BY_CODE:
        return _BY_CODE[problem.code]
    return Exit.NO_SERVER if problem.kind.retry is Retry.LATER else Exit.REFUSED


@dataclass(frozen=True)
class Console:
    """One run of a command."""

    machine: Machine
    words: Words
    as_json: bool
    out: TextIO = sys.stdout
    err: TextIO = sys.stderr

    def say(self, text: str = "") -> None:
        """Write a line for people; scripts get JSON alone."""
        if not self.as_json:
            self.out.write(text + "\n")

    def tell(self, value: object) -> None:
        """Write the JSON of an answer, when that was asked for."""
        if self.as_json:
            self.out.write(json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n")

    def warn(self, text: str) -> None:
        """Write a line beside the answer."""
        self.err.write(text + "\n")

    def problem(self, problem: Problem) -> Exit:
        """Say what went wrong, in words or as the members of RFC 9457."""
        if self.as_json:
            self.tell(problem.as_json(self.words.language))
        else:
            self.warn(problem.sentence(self.words.language))
        return exit_of(problem)

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Write rows under their heads, each column as wide as its widest cell."""
        cells = [[str(cell) if cell is not None else "" for cell in row] for row in rows]
        if self.as_json or not cells:
            return
        widths = [max(map(len, column)) for column in zip(heads, *cells, strict=True)]
        for line in (heads, *cells):
            padded = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
            self.say("  ".join(padded).rstrip())
