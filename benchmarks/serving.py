"""A server program of the bench as a process of its own, for as long as a block lasts."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
STOP_S: Final = 20


@dataclass(frozen=True, slots=True)
class Served:
    """A server that is ready: where, and its process."""

    url: str
    pid: int


@contextmanager
def serving(module: str, arguments: Sequence[str]) -> Iterator[Served]:
    """Run `python -m MODULE …` until the block ends; it prints `ready <port>` once it serves."""
    process = subprocess.Popen(  # noqa: S603 - our own programs
        [sys.executable, "-m", module, *arguments], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    try:
        assert process.stdout is not None, "it was piped"
        word, _, port = process.stdout.readline().partition(" ")
        assert word == "ready", f"{module} did not start"
        yield Served(f"http://127.0.0.1:{int(port)}", process.pid)
    finally:
        process.terminate()
        process.wait(STOP_S)
        assert process.stdout is not None, "it was piped"
        process.stdout.close()
