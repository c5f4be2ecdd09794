"""The recordings as values."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from server_sync.embedded_erp.settings import Flavour

FOLDER: Final = Path(__file__).resolve().parents[2] / "fixtures" / "erpnext_recordings"
Json = Any
"""A JSON value of a recording."""


@dataclass(frozen=True)
class Recording:
    """One recorded exchange."""

    name: str
    group: str
    database: str
    actor: str
    request: dict[str, Json]
    response: dict[str, Json]

    @property
    def flavour(self) -> Flavour:
        return "postgres" if self.database.startswith("PostgreSQL") else "mariadb"

    @property
    def body(self) -> Json:
        return self.response["body"]

    @property
    def document(self) -> dict[str, Json]:
        """The document in the answer, whatever it is wrapped in."""
        body = self.body
        if "docs" in body:
            return dict(body["docs"][0])
        return dict(body["data"] if "data" in body else body["message"])


@cache
def all_recordings() -> dict[str, Recording]:
    index = json.loads((FOLDER / "index.json").read_text(encoding="utf-8"))
    return {found.name: found for found in map(_read, index["recordings"])}


def recording(name: str) -> Recording:
    return all_recordings()[name]


def _read(entry: dict[str, Json]) -> Recording:
    stored = json.loads((FOLDER / entry["file"]).read_text(encoding="utf-8"))
    return Recording(
        name=entry["file"].removesuffix(".json"),
        group=stored["group"],
        database=stored["database"],
        actor=stored["actor"],
        request=stored["request"],
        response=stored["response"],
    )
