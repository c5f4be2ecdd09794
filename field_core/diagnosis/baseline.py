"""The receive level at installation, which a later one is compared with: a fall says most."""

from collections.abc import Iterable, Iterator
from typing import Final

from field_core.canon import Body
from field_core.checklist import answer_of, steps_of
from field_core.status import JobStatus

DBM: Final = "dBm"


def baseline_rx_dbm(jobs: Iterable[Body]) -> float | None:
    """Return the level that the last completed installation among the jobs noted, in dBm."""
    installs = [
        job
        for job in jobs
        if job.get("job_type") == "Install" and job.get("status") == JobStatus.COMPLETED
    ]
    installs.sort(key=lambda job: str(job.get("scheduled_date") or ""), reverse=True)
    return next((level for job in installs for level in _levels(job)), None)


def _levels(job: Body) -> Iterator[float]:
    for step in steps_of(job):
        value = answer_of(step)
        is_level = step.get("kind") == "reading" and step.get("unit") == DBM and step.get("done")
        if is_level and isinstance(value, int | float) and not isinstance(value, bool):
            yield float(value)
