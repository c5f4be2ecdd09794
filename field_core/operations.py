"""Operations: the small facts a device records, each made once and sent until it has a verdict.

An operation names values as they were and as they are now, never a whole document, so that the
server can merge it with what the office did meanwhile.
"""

from enum import StrEnum
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from field_core.canon import Body, Json, storable
from field_core.device_time import Stamp

Jsonish = Any
"""JSON in a pydantic field; the recursive alias costs at validation and checks nothing more."""

COUNT_MAX: Final = 2**53
"""The largest number that every store and every JSON reader holds exactly."""

Path = Annotated[str, Field(pattern=r"^[^.]+(\..+\.[^.]+)?$")]
"""`field` or `table.row.field`; one spelling each, since rights are judged by it."""


class Verdict(StrEnum):
    """What became of an operation; stored, so that a repeat gets the same answer."""

    APPLIED = "applied"
    MERGED = "merged"
    SUPERSEDED = "superseded"
    PARKED = "parked"
    REJECTED = "rejected"

    @property
    def is_kept_for_review(self) -> bool:
        """Whether the operation changed nothing and waits for a person."""
        return self in (Verdict.PARKED, Verdict.REJECTED)


class Group(BaseModel):
    """Operations that count together or not at all; they follow each other in number."""

    model_config = ConfigDict(frozen=True)
    id: str
    size: int = Field(ge=1, le=50)


class _Operation(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow", populate_by_name=True)

    id: str = Field(min_length=8, max_length=64)
    n: int = Field(ge=1, le=COUNT_MAX)
    """Counts up by one on each device."""
    key: str = Field(min_length=8, max_length=64)
    rev: int = Field(default=0, ge=0, le=COUNT_MAX)
    """The revision of the document the person saw; 0 for one made on the device."""
    at: Stamp
    schema_made: int = Field(default=1, alias="schema")
    group: Group | None = None

    @model_validator(mode="before")
    @classmethod
    def _as_storable(cls, data: Json) -> Json:
        """Take nothing in that a store would refuse later, for ever (see `canon.storable`)."""
        return storable(data)


class Set(_Operation):
    """Give fields new values: `{path: [was, now]}`, a path being `field` or `table.row.field`."""

    kind: Literal["set"] = "set"
    fields: dict[Path, tuple[Jsonish, Jsonish]] = Field(min_length=1)
    yields_to: Path | None = None
    """Of a suggestion: the one of its fields that must be empty for any of it to be taken."""
    is_evidence: bool = False
    """Of a suggestion: told to the office and never taken, since the job was closed."""

    @model_validator(mode="after")
    def _yields_to_what_it_sets(self) -> "Set":
        if self.yields_to is not None and self.yields_to not in self.fields:
            raise ValueError("a suggestion yields to one of its own fields")
        return self


class Transition(_Operation):
    """Move a job in the status table."""

    kind: Literal["transition"] = "transition"
    from_status: str = Field(alias="from")
    to_status: str = Field(alias="to")
    reason: str | None = None
    by: str | None = None


class Append(_Operation):
    """Add a row to a table that only grows."""

    kind: Literal["append"] = "append"
    list_name: str = Field(alias="list", min_length=1)
    item_id: str = Field(min_length=1)
    item: dict[str, Jsonish]


class Attach(_Operation):
    """Refer to a blob: as a row of a table, or as the value of one field (a signature)."""

    kind: Literal["attach"] = "attach"
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(ge=1, le=COUNT_MAX)
    mime: str
    role: str = Field(min_length=1)
    list_name: str | None = Field(default=None, alias="list")
    item_id: str | None = None
    field: Path | None = None
    item: dict[str, Jsonish] = Field(default_factory=dict)


class Create(_Operation):
    """Make a document; its key is permanent, the ERP's name comes later."""

    kind: Literal["create"] = "create"
    doctype: str
    body: dict[str, Jsonish]


class Remove(_Operation):
    """Take a document away, with the reason."""

    kind: Literal["remove"] = "remove"
    reason: str = Field(min_length=1)


Operation = Annotated[
    Set | Transition | Append | Attach | Create | Remove, Field(discriminator="kind")
]
_ADAPTER: Final[TypeAdapter[Operation]] = TypeAdapter(Operation)


def parse(data: object) -> Operation:
    """Read one operation; raises pydantic's ValidationError when it is none."""
    return _ADAPTER.validate_python(data)


def to_json(operation: Operation) -> Body:
    """Write an operation as it travels and is stored: aliases, nothing that is a default."""
    kind = operation.kind
    return {"kind": kind, **operation.model_dump(mode="json", by_alias=True, exclude_defaults=True)}
