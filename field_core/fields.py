"""What is known about a field besides its type: who owns it and how two edits of it merge.

Each replicated doctype is one pydantic model; every field carries a `Column`. Replica views, wire
checks, the ERP set-up and the embedded ERP are derived from these, so a fact stands in one place.
"""

# ruff: noqa: ANN401 - a declaration stands where pydantic wants the default of any field type

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo


class Kind(StrEnum):
    """Frappe's field types that our doctypes use."""

    DATA = "Data"
    TEXT = "Text"
    INT = "Int"
    FLOAT = "Float"
    CURRENCY = "Currency"
    CHECK = "Check"
    SELECT = "Select"
    DATE = "Date"
    TIME = "Time"
    DATETIME = "Datetime"
    LINK = "Link"
    TABLE = "Table"
    ATTACH = "Attach"
    JSON = "JSON"


class Owner(StrEnum):
    """Whose word a field is."""

    OFFICE = "office"
    TECHNICIAN = "technician"
    SHARED = "shared"
    SERVER = "server"


class Policy(StrEnum):
    """What happens when the value changed on both sides since the device read it."""

    SERVER = "server"
    DEVICE = "device"
    MAX = "max"
    MIN = "min"
    UNION = "union"
    REVIEW = "review"


POLICY_BY_OWNER: Mapping[Owner, Policy] = {
    Owner.OFFICE: Policy.SERVER,
    Owner.TECHNICIAN: Policy.DEVICE,
    Owner.SHARED: Policy.REVIEW,
    Owner.SERVER: Policy.SERVER,
}


@dataclass(frozen=True, slots=True)
class Column:
    """One field: Frappe type, link target or choices, owner, merge policy, and its uses."""

    kind: Kind
    options: str = ""
    owner: Owner = Owner.OFFICE
    merge: Policy | None = None
    required: bool = False
    unique: bool = False
    indexed: bool = False
    """The ERP keeps an index of it, as the office's lists are filtered by it."""
    searched: bool = False
    local: bool = False
    """Held by our server and devices only; ERPNext has no such field."""

    @property
    def policy(self) -> Policy:
        """The merge policy: the one named, else the one that follows from the owner."""
        return self.merge or POLICY_BY_OWNER[self.owner]


class Document(BaseModel):
    """Base of every doctype and child table; unknown fields are kept and returned untouched."""

    model_config = ConfigDict(extra="allow", frozen=True)


class Row(Document):
    """Base of every child table: a row is found by `id`, which never changes."""

    id: str = Field(json_schema_extra={"column": Column(Kind.DATA, owner=Owner.SERVER)})  # type: ignore[dict-item]  # pydantic types this as JSON; we only read it back


def office(kind: Kind, options: str = "", **uses: Any) -> Any:
    """Declare a field that the office owns."""
    return declare(Column(kind, options, Owner.OFFICE, **uses))


def technician(kind: Kind, options: str = "", **uses: Any) -> Any:
    """Declare a field that the technician owns."""
    return declare(Column(kind, options, Owner.TECHNICIAN, **uses))


def shared(kind: Kind, options: str = "", **uses: Any) -> Any:
    """Declare a field that both may write; a clash is put before a person."""
    return declare(Column(kind, options, Owner.SHARED, **uses))


def server(kind: Kind, options: str = "", **uses: Any) -> Any:
    """Declare a field that only the server computes."""
    return declare(Column(kind, options, Owner.SERVER, **uses))


def table(row: type[Row], owner: Owner = Owner.OFFICE, **uses: Any) -> Any:
    """Declare a child table of `row`."""
    column = Column(Kind.TABLE, row.__name__, owner, **uses)
    return Field(default=(), json_schema_extra={"column": column})  # type: ignore[dict-item]  # see Row


def declare(column: Column) -> Any:
    """Attach a column to a model field; optional unless the column is required."""
    default: Any = ... if column.required else None
    return Field(default=default, json_schema_extra={"column": column})  # type: ignore[dict-item]  # see Row


def column_of(info: FieldInfo) -> Column:
    """Return the column that a model field was declared with."""
    extra = info.json_schema_extra
    assert isinstance(extra, dict), "every field of a doctype is declared with a Column"
    column: Any = extra["column"]
    assert isinstance(column, Column), "every field of a doctype is declared with a Column"
    return column
