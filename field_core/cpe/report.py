"""What the server says of a device, as it crosses the wire: `cpe-report/1`.

Instants are ISO 8601 in UTC. A report without a snapshot says why there is none; a device that the
ACS never heard of is no failure, and one that is queued is no success (T-14).
"""

from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import Field, JsonValue

from field_core.cpe.blending import Block
from field_core.cpe.model import CpeSnapshot, Part
from field_core.cpe.verdict import Verdict


class Act(StrEnum):
    """What may be asked of a device."""

    REFRESH = "refresh"
    """Read it again, now."""
    REBOOT = "reboot"
    CHANNEL = "channel"
    """Put a band on a channel."""
    SSID = "ssid"
    """Rename a network."""
    PING = "ping"
    """Have the device itself ping a host: the line without the Wi-Fi."""


CHANGES: Final = frozenset({Act.REBOOT, Act.CHANNEL, Act.SSID})
"""What the customer notices: asked for twice, and given up soon when the device is away."""


class ActState(StrEnum):
    """How far an act has come."""

    RUNNING = "running"
    QUEUED = "queued"
    """The device could not be reached; done when it reports, if that is soon enough."""
    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"
    """The device did not report in time; nothing was done, and nothing will be."""
    CANCELLED = "cancelled"


UNDECIDED: Final = frozenset({ActState.RUNNING, ActState.QUEUED})


class CpeAct(Part):
    """One act that was asked for; `reason` is the code of a problem, `result` what it gave."""

    id: str
    act: Act
    state: ActState
    asked_at: str
    asked_by: str = ""
    until: str | None = None
    """Until when a queued act waits."""
    resolved_at: str | None = None
    reason: str | None = None
    details: dict[str, JsonValue] = Field(default_factory=dict)
    result: dict[str, JsonValue] = Field(default_factory=dict)


class BlockSource(Part):
    """Where a block of the snapshot comes from, and how old its freshest value is."""

    block: Block
    source: Literal["acs", "bridge"]
    age_s: int | None = None


class CpeReport(Part):
    """A device as the server knows it; `reason`, the code of a problem, says why it does not."""

    schema_: Literal["cpe-report/1"] = Field(default="cpe-report/1", alias="schema")
    equipment: str
    read_at: str
    reason: str | None = None
    matched_by: Literal["mac", "gpon-serial", "serial"] | None = None
    last_inform: str | None = None
    snapshot: CpeSnapshot | None = None
    verdicts: list[Verdict] = Field(default_factory=list)
    blocks: list[BlockSource] = Field(default_factory=list)
    acts: list[CpeAct] = Field(default_factory=list)
    olt_profile: str | None = None


class AskAct(Part):
    """A request to do something; its id makes a repeat the same request.

    `band` and `channel` for a channel, `band`, `was` and `ssid` for a name, `host` for a ping;
    `is_confirmed` for what the customer notices: a person was shown what will happen and agreed.
    """

    id: Annotated[str, Field(min_length=8, max_length=64, pattern="^[0-9A-Za-z-]+$")]
    act: Act
    is_confirmed: bool = False
    band: Annotated[str, Field(max_length=8)] | None = None
    channel: Annotated[int, Field(ge=0, le=233)] | None = None
    was: Annotated[str, Field(max_length=64)] | None = None
    ssid: Annotated[str, Field(max_length=64)] | None = None
    host: Annotated[str, Field(max_length=253)] | None = None


class CpeActs(Part):
    """The latest acts on a device, newest first."""

    acts: list[CpeAct]
