"""Data sets of documents of any shape, by technician, as `make_field_dataset` writes them."""

import hashlib
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from field_core.canon import Body, Json, canonical_body
from field_core.links import Link
from server_sync.scope import Known, Reader

_NAMESPACE: Final = uuid.UUID("b0f3c1de-5a51-5f0e-9d2c-6a7b8c9d0e1f")


def key_of(doctype: str, name: str) -> str:
    """Return the key of a document of the data set."""
    return str(uuid.uuid5(_NAMESPACE, f"{doctype}|{name}"))


def rows(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of one file of the data set."""
    with (folder / name).open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def body_of(document: dict[str, Any]) -> Body:
    """Return a document's body: all of it but the doctype, rows with text ids."""
    return canonical_body({n: _with_text_ids(v) for n, v in document.items() if n != "doctype"})


def _with_text_ids(value: Json) -> Json:
    """Write the ids of rows as text."""
    if not isinstance(value, list):
        return value
    return [{**v, "id": str(v["id"])} if isinstance(v, dict) and "id" in v else v for v in value]


@dataclass(frozen=True)
class ListedScope:
    """Whoever a document's `scope` lists holds it; nothing carries anything along."""

    def links(self, doctype: str, body: Body) -> Iterator[Link]:
        """No links matter here."""
        del doctype, body
        return iter(())

    def signature(self, doctype: str, body: Body) -> object:
        """Return what decides: the list itself."""
        del doctype
        return str(body.get("scope"))

    def is_root(self, doctype: str) -> bool:
        """Every document stands for itself."""
        del doctype
        return True

    def audiences(self, root: Known, reader: Reader) -> frozenset[str]:
        """Return the technicians listed."""
        del reader
        listed = root.body.get("scope")
        return frozenset(map(str, listed)) if isinstance(listed, list) else frozenset()

    def reach(self, root: Known, reader: Reader) -> set[str]:
        """Only itself."""
        del reader
        return {root.key}

    def roots_near(self, changed: Known, reader: Reader) -> Iterator[Known]:
        """None."""
        del changed, reader
        return iter(())


def drafts(edit: dict[str, Any], job: Body) -> Iterator[dict[str, Any]]:
    """Turn one line of edits.jsonl into drafts of operations on the job as it is shown."""
    key, change = key_of(edit["doctype"], edit["name"]), edit["set"]
    fields: dict[str, list[Any]] = {}
    for path, value in change.items():
        if path == "status":
            yield {
                "kind": "transition",
                "key": key,
                "from": str(job.get("status")),
                "to": _next_status(job, value),
                "reason": _REASON,
            }
        elif path.endswith("+"):
            item = {n: v for n, v in value.items() if n != "id"}
            yield {
                "kind": "append",
                "key": key,
                "list": path[:-1],
                "item_id": value["id"],
                "item": item,
            }
        else:
            table, index, field = path.split(".")
            was = _was(job, table, int(index), field)
            if was != value:
                fields[f"{table}.{int(index) + 1}.{field}"] = [was, value]
    if fields:
        yield {"kind": "set", "key": key, "fields": fields}


_REASON: Final = "bench"
_CYCLE: Final = ("On Site", "Paused", "Completed")


def _next_status(job: Body, wanted: str) -> str:
    """Return the status to move to: an edit that would change nothing moves one further."""
    if job.get("status") != wanted:
        return wanted
    return _CYCLE[(_CYCLE.index(wanted) + 1) % len(_CYCLE)]


def _was(job: Body, table: str, index: int, field: str) -> Json:
    steps: Any = job.get(table)
    was: Json = steps[index].get(field) if isinstance(steps, list) else None
    return was


def again(edit: dict[str, Any], number: int) -> dict[str, Any]:
    """Return another edit of the same shape and size: new rows, other values, the same job."""
    return {**edit, "set": {p: _another(v, number) for p, v in edit["set"].items()}}


def _another(value: Json, number: int) -> Json:
    if isinstance(value, dict):
        return {n: _other_text(n, v, number) for n, v in value.items()}
    return round(value + number, 2) if isinstance(value, float) else value


def _other_text(name: str, value: Json, number: int) -> Json:
    """Make identifiers and hashes anew, and turn the words of a note around."""
    if not isinstance(value, str):
        return value
    if name in ("id", "sha256"):
        return hashlib.sha256(f"{value}/{number}".encode()).hexdigest()[: len(value)]
    return " ".join(reversed(value.split(" "))) if name == "text" else value
