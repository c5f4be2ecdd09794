"""What travels between a device and the server: one exchange that pushes and pulls.

`POST /v1/sync` carries a `SyncRequest` up and a `SyncReply` down. `PROTO` versions this shape;
`SCHEMA` versions the operations, which carry the schema they were made under. Names are spelled
out: compression makes long names cheap, and a person reading a capture should understand it.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from field_core.canon import Body, storable
from field_core.device_time import Stamp
from field_core.operations import Verdict

PROTO: Final = 1
SCHEMA: Final = 1
SCHEMA_SUPPORTED_MIN: Final = -1
"""Operations made under SCHEMA - 2 or later are lifted; older ones are parked whole."""

OPS_PER_CALL_MAX: Final = 200
"""Bounds one transaction of the server to some tens of milliseconds."""
BODY_BYTES_MAX: Final = 4_000_000
"""A call of 200 operations with long notes is under 200 KB; this refuses absurd input early."""

Upcaster = Callable[[Body], Body]
UPCASTERS: Final[Mapping[int, Upcaster]] = {}
"""From a schema to the next one, as a change of the operation's JSON; empty while SCHEMA is 1."""


def upcast(
    operation: Body, *, to: int = SCHEMA, upcasters: Mapping[int, Upcaster] = UPCASTERS
) -> Body:
    """Lift an operation's JSON to schema `to`, one step at a time; missing steps change nothing.

    An operation of a newer schema is returned as it is: what it added is unknown here, not absent.
    """
    stated = operation.get("schema", 1)
    made = stated if isinstance(stated, int) else 1
    if made >= to and made == stated:
        return operation
    for schema in sorted(upcasters):
        if made <= schema < to:
            operation = upcasters[schema](operation)
    return {**operation, "schema": to}


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


HeadFact = int | str
"""One thing that a device says of itself."""


class SyncRequest(_Message):
    """What a device offers and what it has."""

    proto: int = PROTO
    schema_app: int = Field(default=SCHEMA, alias="schema")
    cursor: str | None = None
    """Opaque; None asks for everything."""
    ops: Annotated[list[Any], AfterValidator(storable)] = Field(
        default_factory=list, max_length=OPS_PER_CALL_MAX
    )
    """Operations as JSON; each is read on its own, so that a bad one spoils nothing."""
    now: Stamp
    digest: str | None = None
    """Sum over what the device holds at `cursor`, to be compared when nothing is new."""
    heads: dict[str, HeadFact] | None = None
    """For the office, when it changed: `unsent` and `blobs` that stay on the device after this
    call, `oldest_ms` since when (server time), `free_mb` of storage, `app` version."""


OP_TAIL: Final = 8
"""Characters of an operation's id that an outcome carries: 32 random bits."""


class Outcome(_Message):
    """What became of one operation, now or since last told."""

    n: int
    op: str = ""
    """The last characters of the operation's id: a copy of the device may have used this number
    for another operation, whose verdict this one must not take for its own."""
    verdict: Verdict
    seq: int = 0
    """The feed number of its effect; the device's base contains it from this cursor on."""
    problem: str | None = None
    details: dict[str, Any] | None = None
    office: Literal["waiting", "stored", "review", "closed"] | None = None
    """Where it stands on the way to ERPNext: `stored` once ERPNext has it, `closed` when a person
    decided against it."""


class Change(_Message):
    """A document as it now is, what changed in it, or that it left the device's scope."""

    key: str
    doctype: str | None = None
    rev: int = 0
    body: dict[str, Any] | None = None
    patch: dict[str, Any] | None = None
    """Changed fields since `rev - 1`; null removes a field. Sent only to who holds `rev - 1`."""
    gone: bool = False


class SnapshotPart(_Message):
    """One compressed frame of a snapshot."""

    size: int
    documents: int


class SnapshotOffer(_Message):
    """An immutable file that holds everything in scope at `cursor`; the jobs of the day first."""

    url: str
    sha256: str
    size: int
    cursor: str
    seq: int
    parts: list[SnapshotPart]


class SyncReply(_Message):
    """Verdicts, news, and where the device stands afterwards."""

    outcomes: list[Outcome] = Field(default_factory=list)
    changes: list[Change] = Field(default_factory=list)
    since: str | None = None
    """The cursor that `changes` start from; a device whose cursor differs ignores them."""
    cursor: str | None = None
    seq: int = 0
    more: bool = False
    digest: str | None = None
    """Sum over the device's scope at `cursor`; absent while more is to come."""
    last_n: int = 0
    now_ms: int = 0
    snapshot: SnapshotOffer | None = None
    order: Literal["drain", "wipe"] | None = None
    upgrade: bool = False
    """The app is too old to receive; what it sent was taken all the same."""


class SumsRequest(_Message):
    """Per doctype: how many documents the device holds, and their sum in 16 digits."""

    cursor: str
    sums: dict[str, tuple[int, str]]


class SumsReply(_Message):
    """For each doctype that differs: key → (rev, hash8) as the server has it."""

    cursor: str
    differing: dict[str, dict[str, tuple[int, str]]]


class FetchRequest(_Message):
    """Ask for documents by key; only those in the device's scope come back."""

    keys: list[str] = Field(max_length=500)


class FetchReply(_Message):
    """The documents asked for; those no longer in scope come back as gone."""

    changes: list[Change]
    seq: int
