"""Which limits are in use: the built-in ones, or the operator's, as a device was told them.

The server sends the operator's entries as a document (`Diagnostic Limits`); whoever holds it judges
as the server does, also without a network. Entries that cannot be read are not used in part: an
app that is older than the server's table says so and judges by the built-in limits.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict

from field_core.canon import Body, Json, dump
from field_core.cpe.thresholds import DEFAULT, Thresholds, read_thresholds

VERSION_DIGITS: Final = 8


class Origin(StrEnum):
    """Whose limits were used."""

    BUILT_IN = "built-in"
    OPERATOR = "operator"
    UNREADABLE = "unreadable"
    """The built-in ones, though the operator has some: this program cannot read them."""


class LimitsUsed(BaseModel):
    """What a run says of the limits that it was judged by."""

    model_config = ConfigDict(frozen=True)
    origin: Origin = Origin.BUILT_IN
    version: str = ""
    """Of the operator's entries; empty where there are none."""


_OF_OURS: Final = LimitsUsed()


@dataclass(frozen=True, slots=True)
class InUse:
    """The limits to judge by, and what to say of them."""

    thresholds: Thresholds = DEFAULT
    used: LimitsUsed = _OF_OURS


BUILT_IN: Final = InUse()


def document_of(overrides: Mapping[str, Json]) -> Body:
    """Return an operator's entries as the body of a document. Raises ValueError for a wrong one."""
    read_thresholds(overrides)
    settings = dump(dict(overrides))
    return {"settings": settings, "version": _version(settings)}


def in_use(document: Body | None) -> InUse:
    """Return the limits that a held document asks for; without one the built-in ones."""
    settings = (document or {}).get("settings")
    if not isinstance(settings, str):
        return BUILT_IN
    version = _version(settings)
    try:
        thresholds = read_thresholds(_entries(settings))
    except ValueError:
        return InUse(used=LimitsUsed(origin=Origin.UNREADABLE, version=version))
    return InUse(thresholds, LimitsUsed(origin=Origin.OPERATOR, version=version))


def _entries(settings: str) -> dict[str, Json]:
    """Read entries; raises ValueError for what is no table of them."""
    entries = json.loads(settings)
    if not isinstance(entries, dict):
        raise ValueError("limits are a table")  # noqa: TRY004 - content, not a programmer's type
    return entries


def _version(settings: str) -> str:
    return hashlib.sha256(settings.encode()).hexdigest()[:VERSION_DIGITS]
