"""Flow Runs: one for every installation, pinned to the version it started on."""

import json
from collections.abc import Iterable

from field_core.canon import Json
from server_sync.demo.book import Book

_STATUS = {
    "Completed": "Done",
    "Incomplete": "Failed",
    "Cancelled": "Cancelled",
    "On Site": "Running",
    "Paused": "Running",
}


def add_runs(book: Book, jobs: Iterable[str]) -> None:
    """Add a run for each of the jobs that is an installation."""
    for name in jobs:
        job = book.get("Dispatch Job", name)
        if job["job_type"] == "Install":
            status = _STATUS.get(str(job["status"]), "Pending")
            state: dict[str, Json] = {"steps": len(_rows(job["checklist"]))}
            book.add(
                "Flow Run",
                {
                    "flow_template": job["flow_template"],
                    "flow_version": job["flow_version"],
                    "dispatch_job": name,
                    "status": status,
                    "state": json.dumps(state),
                    "started_at": job.get("started_at"),
                    "ended_at": job.get("completed_at"),
                },
            )


def _rows(table: Json) -> list[Json]:
    return table if isinstance(table, list) else []
