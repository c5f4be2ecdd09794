"""What a diagnostic run at a job is for: its type, the plan's speeds, the profile of its OLT."""

import json
from collections.abc import Iterator

from field_app.ports import Order
from field_app.sync.labels import linked, maybe_text
from field_app.sync.limits import limits_in_use
from field_app.sync.replica import Replica
from field_core.canon import Body, Json
from field_core.diagnosis import baseline_rx_dbm


def order_for(replica: Replica, job: Body, *, name: str, profile: str | None = None) -> Order:
    """Return the order of a run at a job; what this device does not hold stays unknown."""
    plan = linked(replica, "Service Subscription", job.get("service_subscription")) or {}
    item = linked(replica, "Item", plan.get("plan")) or {}
    return Order(
        job=name,
        profile=profile,
        job_type=maybe_text(job, "job_type"),
        plan_down_mbps=_speed(plan.get("download_speed") or item.get("download_speed")),
        plan_up_mbps=_speed(plan.get("upload_speed") or item.get("upload_speed")),
        olt_profile=maybe_text(item, "olt_profile"),
        baseline_rx_dbm=baseline_rx_dbm(_jobs_at(replica, job.get("service_location"))),
        limits=limits_in_use(replica),
    )


def _jobs_at(replica: Replica, location: Json) -> Iterator[Body]:
    """Yield the jobs of a location that this device holds."""
    rows = replica.db.conn.execute(
        "SELECT body FROM dispatch_job WHERE service_location = ?", (str(location or ""),)
    )
    yield from (json.loads(body) for (body,) in rows)


def _speed(value: Json) -> float | None:
    """Return a plan's speed in Mbit/s; 0 is what a television plan has."""
    return float(value) if isinstance(value, int | float) and value > 0 else None
