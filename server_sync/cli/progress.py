"""A progress bar over itself on a terminal; a line now and then where nobody looks."""

import sys
from typing import Final, TextIO

WIDTH: Final = 30
LINES: Final = 10
"""How often a log that is no terminal hears of it."""
WORDS_MAX: Final = 60


class Bar:
    """Shows how much of some work is done."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stderr
        self._told = -1
        self._is_drawn = False

    def __call__(self, done: int, total: int, what: str = "") -> None:
        """Show that so much is done; total 0 is all of nothing."""
        share = done / total if total else 1.0
        if self._out.isatty():
            filled = round(WIDTH * share)
            bar = f"{'#' * filled}{'.' * (WIDTH - filled)}"
            line = f"[{bar}] {share:4.0%}  {done} of {total}  {what[:WORDS_MAX]}"
            self._out.write(f"\r{line}\x1b[K")
            self._out.flush()
            self._is_drawn = True
        elif (tenth := int(share * LINES)) > self._told:
            self._told = tenth
            print(f"{done} of {total}", file=self._out)

    def end(self) -> None:
        """Leave the bar standing and go on below it."""
        if self._is_drawn:
            print(file=self._out)
            self._is_drawn = False
