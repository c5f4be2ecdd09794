"""Whose account it is, and where its sync stands."""

from dataclasses import dataclass

from field_core.authorship import Author


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in here."""

    name: str
    email: str
    technician: str | None
    roles: frozenset[str]

    @property
    def author(self) -> Author:
        """Who they are, as they sign what they do."""
        return Author(self.technician, self.name, self.email)


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of a snapshot is here, for people who wait for it."""

    documents: int
    documents_total: int
    bytes: int
    bytes_total: int
    is_first: bool = False
    """Whether it is this device's first: what has come of it is shown and may be worked on."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The sync line: when the server was last heard, what is unsent, and what is wrong."""

    phase: str
    failure: str | None
    contact_ms: int | None
    unsent: int
    blobs_left: int
    progress: Progress | None = None
    """How far the snapshot under way has come."""
    failure_ms: int | None = None
    """When the last attempt failed, also before the app was started; see `failure`."""

    @property
    def is_elsewhere(self) -> bool:
        """Whether another program on this device does the sync; reading and editing work."""
        return self.phase == "elsewhere"
