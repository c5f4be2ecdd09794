"""What became of what people did: a value that was taken stands, or it is told where it went."""

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from field_core.canon import canonical
from server_sync.sync.remerge import is_same, value_at

if TYPE_CHECKING:
    from tests.simulation.world import World

Edit = tuple[Any, Any]
"""A value as it was and as it became."""


class Traces:
    """Looks for what an operation left behind, once the world has come to rest."""

    def __init__(self, world: "World", docs: dict[str, Any], reviews: list[Any]) -> None:
        self._docs = docs
        self._office = world.office
        self._is_restored = world.restored > 0
        self._files = self._office.ask(
            "GET", '/api/resource/File?fields=["file_url"]&limit_page_length=0'
        )
        self._kept: dict[str, list[Any]] = defaultdict(list)
        for review in reviews:
            self._kept[review.get("document_key", "")].append(review)
        self._edits: dict[tuple[str, str], list[Edit]] = defaultdict(list)
        for entry in (*world.journal().values(), *world.excused().values()):
            operation = json.loads(entry["text"])
            for path, edit in edits_of(operation).items():
                self._edits[operation["key"], path].append(edit)

    def lost_by(self, operation: Any) -> str | None:
        """Return what an operation that was taken left no trace of, None when all is there."""
        row = self._docs.get(operation["key"])
        if row is None:
            return "its document"
        if row.body is None:  # the office deleted a job; nobody deletes equipment in this world
            return None if row.doctype == "Dispatch Job" else "its document"
        body = json.loads(row.body)
        if operation["kind"] == "transition":
            return self._lost_move(operation, body, row)
        if operation["kind"] == "attach" and not self._has_file(operation["sha256"]):
            return f"photo {operation['sha256'][:12]}"
        for path, (_, now) in edits_of(operation).items():
            if not self._is_told(operation["key"], path, now, body, row):
                return f"{path} = {now!r}, now {value_at(body, path)!r}"
        return None

    def _has_file(self, sha256: str) -> bool:
        """Whether the ERP has a photo's bytes: uploads are named by their hash."""
        return any(sha256 in row["file_url"] for row in self._files)

    def _is_told(self, key: str, path: str, now: Any, body: Any, row: Any) -> bool:
        """It stands, or somebody who saw it changed it, or it is kept in a review."""
        return (
            _same(now, value_at(body, path))
            or any(_same(now, was) for was, _ in self._edits[key, path])
            or any(
                review.get("field") == path and _same(now, _value(review.get("lost")))
                for review in self._kept[key]
            )
            or (row.erp_name, path.partition(".")[0]) in self._office.touched
            or (self._is_restored and str(now) in self._versions(row))
        )

    def _versions(self, row: Any) -> str:
        """Return what the ERP says a document was before.

        What a server wrote into reviews after its last backup is gone with it: the phone whose
        value lost had its answer before, and is not asked again. The ERP's own history is left.
        """
        rows = self._office.ask(
            "GET",
            '/api/resource/Version?fields=["data"]&limit_page_length=0'
            f"&filters={quote(json.dumps([['docname', '=', row.erp_name]]))}",
        )
        return "".join(version["data"] for version in rows or ())

    def _lost_move(self, operation: Any, body: Any, row: Any) -> str | None:
        """Two people may move a job to one state: the log holds the first, or a review does."""
        to = operation["to"]
        log = body.get("status_log") or []
        is_told = (
            any(m["id"] == operation["id"] or m["to_status"] == to for m in log)
            or any(
                review.get("field") == "status" and _value(review.get("lost")) == to
                for review in self._kept[operation["key"]]
            )
            or (row.erp_name, "status") in self._office.touched
        )
        return None if is_told else f"the move to {to}"


def edits_of(operation: Any) -> dict[str, Edit]:
    """Return the fields that an operation gives a value."""
    if operation["kind"] == "set":
        return {path: (was, now) for path, (was, now) in operation["fields"].items()}
    if operation["kind"] == "attach" and operation.get("field"):
        return {operation["field"]: (None, operation["sha256"])}
    return {}


def _value(text: str | None) -> Any:
    return json.loads(text) if text else None


def _same(ours: Any, theirs: Any) -> bool:
    return is_same(canonical(ours), theirs)
