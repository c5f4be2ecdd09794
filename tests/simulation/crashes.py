"""Connections that die between two statements, as a killed process or a dead battery would."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Crash(BaseException):
    """The process is gone; what was committed stays, what was open is lost."""


class Fuse:
    """Counts statements and raises at the chosen one."""

    def __init__(self) -> None:
        self.left: int | None = None

    def burn(self) -> None:
        """Note one statement."""
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                self.left = None
                raise Crash


class ServerCrash(Exception):
    """The server process is gone.

    An ordinary exception, because SQLAlchemy throws a connection away on any other kind, and the
    connection is this world's disk. The fuse stays blown, so whatever catches it gets no further.
    """


class ServerGone(BaseException):
    """The process that waited for an answer died meanwhile: nothing of it may go on."""


class ServerFuse(Fuse):
    """A fuse that, once blown, lets nothing through until the next process starts."""

    def __init__(self) -> None:
        super().__init__()
        self.is_blown = False

    def burn(self) -> None:
        """Note one statement."""
        if self.is_blown:
            raise ServerCrash
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                self.is_blown = True
                raise ServerCrash

    def blow(self) -> None:
        """Let nothing through from now on."""
        self.is_blown = True

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Burn nothing meanwhile: the world looks, not the program."""
        kept = self.left, self.is_blown
        self.renew()
        try:
            yield
        finally:
            self.left, self.is_blown = kept

    def renew(self) -> None:
        """Put in a new one."""
        self.left, self.is_blown = None, False


class MortalConnection(sqlite3.Connection):
    """A connection with a fuse."""

    fuse: Fuse

    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        """Burn, then run."""
        self.fuse.burn()
        return super().execute(*arguments)

    def peek(self, *arguments: Any) -> sqlite3.Cursor:
        """Look without burning: the world's own look, not the program's."""
        return super().execute(*arguments)

    def executemany(self, *arguments: Any) -> sqlite3.Cursor:
        """Burn, then run."""
        self.fuse.burn()
        return super().executemany(*arguments)


def open_mortal(fuse: Fuse) -> MortalConnection:
    """Open a private in-memory database that dies by its fuse."""
    connection = sqlite3.connect(
        ":memory:", factory=MortalConnection, check_same_thread=False, cached_statements=1_000
    )
    connection.fuse = fuse
    return connection
