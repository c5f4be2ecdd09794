"""What the services ask of an ACS, whichever it is, and of a second source beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from field_core.canon import Body, Json
from server_sync.acs.tasks import Task

Document = Body
"""A device document in the shape of GenieACS: objects nest by path part, leaves hold `_value`."""


class Away(StrEnum):
    """Why a task was not done at once."""

    OFFLINE = "offline"
    """The device did not answer the request to connect."""
    PENDING = "pending"
    """It did, and had not finished when the ACS stopped waiting."""


@dataclass(frozen=True, slots=True)
class Performed:
    """The device's session ended. Nothing more: read what it was for by its leaf's `_timestamp`."""

    at: str
    """When the ACS took the task, by its own clock."""


@dataclass(frozen=True, slots=True)
class Deferred:
    """Not done, and taken back: the ACS holds nothing that would happen by surprise later."""

    at: str
    why: Away


@dataclass(frozen=True, slots=True)
class Faulted:
    """The device said no; `code` is CWMP's (TR-069, table 62), as 9001 or 9002."""

    at: str
    code: str


Outcome = Performed | Deferred | Faulted


class Acs(Protocol):
    """An auto-configuration server. Every method raises ProblemError `acs-unreachable`."""

    async def find(self, queries: Sequence[Mapping[str, Json]]) -> list[Document]:
        """Return id and last inform of the devices that any query finds."""

    async def read(self, device: str, paths: Sequence[str]) -> Document | None:
        """Return parts of a device's document, without anything secret; None when unknown."""

    async def perform(self, device: str, task: Task) -> Outcome:
        """Have a device do something now. Raises ProblemError `cpe-unknown`."""

    async def check(self) -> str:
        """Return what the ACS says of itself, for a person."""

    async def close(self) -> None:
        """Let go of the connections."""


class Bridge(Protocol):
    """A second source for deep TR-181 data (TP-Link XX230v, Deco mesh): the modem-bridge."""

    async def read(self, mac_address: str) -> Document | None:
        """Return a device's document as the ACS would, or None. Raises ProblemError."""

    async def close(self) -> None:
        """Let go of the connections."""
