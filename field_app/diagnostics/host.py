"""What this machine tells an unprivileged program: files of the system, and programs it has."""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Protocol

from field_app.diagnostics.sockets import own_address, resolved

FILE_BYTES_MAX: Final = 262_144
ANSWER_CHARS_MAX: Final = 262_144
"""A routing table of a few hundred lines; more is nothing a customer's house has."""


class Host(Protocol):
    """The machine that a probe runs on; nothing here raises."""

    @property
    def system(self) -> str:
        """`linux`, `macos`, `windows`, `android` or `ios`."""

    def own_address(self) -> str | None:
        """Return the address this device would send from, or None when it has no way out."""

    def resolves(self, name: str, *, timeout_s: float) -> bool:
        """Tell whether this device itself finds an address for a name in time."""

    def read(self, path: str) -> str | None:
        """Return a file's text; None when it is not there or not ours to read."""

    def ask(self, *command: str, timeout_s: float = 3.0) -> str | None:
        """Return what a program writes, in the C locale; None without it or without an answer."""


class SystemHost:
    """The machine itself."""

    def __init__(self, system: str, environment: Mapping[str, str]) -> None:
        self.system = system
        # Programs are asked in one language; Windows has none to choose and is read by its numbers.
        self._environment = {**environment, "LC_ALL": "C", "LANG": "C"}

    def own_address(self) -> str | None:
        """Ask the routing table."""
        return own_address()

    def resolves(self, name: str, *, timeout_s: float) -> bool:
        """Ask as every program here does."""
        return resolved(name, timeout_s=timeout_s) is not None

    def read(self, path: str) -> str | None:
        """Read a file of the system."""
        try:
            with Path(path).open("rb") as file:
                return file.read(FILE_BYTES_MAX).decode("utf-8", "replace")
        except OSError:
            return None

    def ask(self, *command: str, timeout_s: float = 3.0) -> str | None:
        """Run a program of the system; what it wrote before its time was over counts."""
        try:
            done = subprocess.run(  # noqa: S603 - fixed programs, arguments that we checked
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
                timeout=timeout_s,
                env=self._environment,
            )
        except subprocess.TimeoutExpired as error:
            return _text(error.stdout)
        except OSError:  # not there, or a system that starts no programs (iOS)
            return None
        return _text(done.stdout)


def _text(written: bytes | None) -> str | None:
    return written[:ANSWER_CHARS_MAX].decode("utf-8", "replace") if written else None
