"""The rule of scope, written down a second time, by plain reading of the server's documents."""

from collections.abc import Iterable
from typing import Any, Final

CATALOGUE: Final = (
    "Dispatch Tag",
    "Dispatch Technician",
    "Item",
    "Flow Template",
    "Equipment Identity",
)

Read = tuple[str, str, Any]
"""Key, doctype and body of a document."""


def oracle_scope(documents: Iterable[Read], technician: str) -> set[str]:
    """Return keys that a technician may hold.

    An offer that has run out may stay until the hour's upkeep.
    """
    docs = list(documents)
    by_name = {(d, b.get("name")): k for k, d, b in docs}
    mine: set[str] = set()
    for key, doctype, body in docs:
        if doctype in CATALOGUE or (
            doctype == "Sync Review" and body.get("technician") == technician
        ):
            mine.add(key)
        elif doctype == "Dispatch Job" and _is_theirs(body, technician):
            mine |= _job_scope(key, body, docs, by_name)
    return mine


def _is_theirs(job: Any, technician: str) -> bool:
    assigned = job.get("assigned_technician")
    return assigned == technician or (not assigned and bool(job.get("offered_until")))


def _job_scope(key: str, job: Any, docs: list[Read], by_name: Any) -> set[str]:
    place = by_name.get(("Service Location", job.get("service_location")))
    found = {key, place, by_name.get(("Customer", job.get("customer")))}
    for row in job.get("equipment") or ():
        found |= {row.get("equipment"), by_name.get(("Service Equipment", row.get("equipment")))}
    found |= {
        k
        for k, d, b in docs
        if d in ("Service Equipment", "Service Subscription")
        and b.get("service_location") == job.get("service_location")
    }
    return {k for k in found if k}
