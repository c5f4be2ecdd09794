"""Photos whose original is here and whose picture is not made yet, or cannot be."""

import json
from typing import Any

from field_app.ports import Capture
from field_app.sync.replica import Replica
from field_core.problems import CATALOGUE, Problem


def captures(replica: Replica, key: str | None = None) -> list[Capture]:
    """Return them, oldest first; of one job, or all."""
    rows = replica.db.conn.execute(
        "SELECT id, key, sha256, name, step, replaces, is_picked, at, problem, details, kind, crop "
        "FROM capture WHERE ?1 IS NULL OR key = ?1 ORDER BY id",
        (key,),
    )
    return [_capture(row) for row in rows]


def _capture(row: tuple[Any, ...]) -> Capture:
    capture_id, key, sha256, name, step, replaces, is_picked, at, code, details, kind, crop = row
    problem = Problem(code, json.loads(details)) if code in CATALOGUE else None
    whose = (capture_id, key, sha256, name, step, replaces)
    return Capture(*whose, bool(is_picked), at, problem, kind, crop)
