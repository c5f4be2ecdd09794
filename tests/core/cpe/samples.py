"""The samples as values, and small documents made of paths."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from field_core.canon import Json
from field_core.cpe import CpeSnapshot, normalise

FOLDER: Final = Path(__file__).parents[2] / "fixtures" / "cpe"
CASES: Final = sorted(path.stem for path in (FOLDER / "devices").glob("*.json"))
TREES: Final = sorted(path.stem for path in (FOLDER / "real_trees").glob("*.json"))
WALKS: Final = ("ont_stick_dev", "router_dev")
NOW: Final = datetime(2026, 11, 20, 23, 21, tzinfo=UTC)
READ_AT: Final = "2026-11-20T23:20:00.000Z"


def read(kind: str, name: str) -> Any:  # noqa: ANN401 - a sample is JSON of any shape
    """Return one sample."""
    return json.loads((FOLDER / kind / f"{name}.json").read_text(encoding="utf-8"))


def make(
    paths: Mapping[str, Json], *, read_at: str | None = READ_AT, **own: Json
) -> dict[str, Any]:
    """Return a device document of parameters, with the ACS's own members by name (`_id=…`)."""
    document: dict[str, Any] = {"_lastInform": READ_AT, **own}
    for path, value in paths.items():
        here = document
        for part in path.split("."):
            here = here.setdefault(part, {})
        here |= {"_value": value, "_timestamp": read_at, "_object": False, "_type": "xsd:string"}
    return document


def snapshot(paths: Mapping[str, Json], **own: Json) -> CpeSnapshot:
    """Read a small document."""
    return normalise({**make(paths), **own}, now=NOW)


def igd(paths: Mapping[str, Json]) -> CpeSnapshot:
    """Read a small TR-098 document."""
    return snapshot({f"InternetGatewayDevice.{path}": value for path, value in paths.items()})


def tr181(paths: Mapping[str, Json]) -> CpeSnapshot:
    """Read a small TR-181 document."""
    return snapshot({f"Device.{path}": value for path, value in paths.items()})


def real_document(name: str) -> dict[str, Any]:
    """Return a real tree as the ACS would store it, numbers and truths as such."""
    tree = read("real_trees", name)
    return make({path: _typed(value, kind) for path, (value, kind) in tree.items()})


def _typed(value: str, kind: str) -> Json:
    if kind == "xsd:boolean" and value in {"true", "false"}:
        return value == "true"
    is_number = "int" in kind.casefold() and value.lstrip("-").isdigit()
    return int(value) if is_number else value


def walk(name: str) -> dict[str, tuple[str, str]]:
    """Return a walk `{oid: (tag, value)}`."""
    lines = (FOLDER / "snmp" / f"{name}.snmprec").read_text(encoding="utf-8").splitlines()
    parts = (line.split("|", 2) for line in lines)
    return {oid: (tag, value) for oid, tag, value in parts}
