"""Devices that a technician does not hold and may still bring to a job, or have in their van.

A phone holds the equipment at its jobs' addresses. What comes out of a van, or from another
customer, it knows by the identity index alone; and yet it is that very device which is put in,
not a second one. So a technician may write where such a device stands, and nothing else of it:

* on a job that is theirs and whose own row says that the device is installed there, that it now
  stands at that job's location;
* of a device that stands nowhere and that nobody else carries, that they carry it, or do not.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Final, Protocol

from field_core.canon import Body
from field_core.operations import Operation, Set
from server_sync.scope import Asked, Known
from server_sync.store.documents import Doc

DOCTYPE: Final = "Service Equipment"
BROUGHT: Final = frozenset(
    {"service_location", "status", "installed_on", "held_by", "serial_aliases"}
)
"""What of a device changes when it is brought to an address."""
STOCKED: Final = frozenset({"held_by", "status"})
"""What changes when a van is counted."""
_IN_VANS: Final = ("In Stock", "To Return")
_JOB: Final = "Dispatch Job"


class Reader(Protocol):
    """What the rule asks of the store, inside the transaction that decides."""

    def pointing_at(self, *asked: Asked) -> Iterable[Known]:
        """Return the live documents that point where it is asked."""

    def staged(self, doctype: str) -> Iterable[Known]:
        """Return the live documents that this transaction has changed so far."""


def may_bring(
    operation: Operation, document: Doc, *, technician: str | None, reader: Reader
) -> bool:
    """Tell whether a technician may do this to a device that they do not hold."""
    if document.doctype != DOCTYPE or technician is None or not isinstance(operation, Set):
        return False
    body = document.body or {}
    if _is_stocked(operation, body, technician):
        return True
    jobs = _jobs_installing(document, reader)
    return any(_is_brought(operation, job, technician) for job in jobs)


def _is_stocked(operation: Set, body: Body, technician: str) -> bool:
    """A device on nobody's shelf or on their own, put into their van or taken out of it."""
    mine = (None, technician)
    is_loose = not body.get("service_location") and body.get("held_by") in mine
    return (
        is_loose
        and all(
            now in (mine if name == "held_by" else _IN_VANS)
            for name, (_, now) in operation.fields.items()
            if name in STOCKED
        )
        and operation.fields.keys() <= STOCKED
    )


def _is_brought(operation: Set, job: Body, technician: str) -> bool:
    if job.get("assigned_technician") != technician or not operation.fields.keys() <= BROUGHT:
        return False
    now = {name: edit[1] for name, edit in operation.fields.items()}
    return (
        now.get("service_location") == job.get("service_location") is not None
        and now.get("status", "Installed") == "Installed"
        and now.get("held_by") is None
    )


def _jobs_installing(document: Doc, reader: Reader) -> Iterator[Body]:
    """Yield every job with a row that says that the device is installed there, once."""
    names = [name for name in (document.erp_name, document.key) if name]
    jobs = {k.key: k for k in reader.pointing_at(Asked(_JOB, "equipment.equipment", names))}
    jobs |= {k.key: k for k in reader.staged(_JOB)}
    yield from (job.body for job in jobs.values() if _installs(job.body, names))


def _installs(job: Body, names: Collection[str]) -> bool:
    rows = job.get("equipment")
    return any(
        isinstance(row, dict) and row.get("equipment") in names and row.get("action") == "Install"
        for row in (rows if isinstance(rows, list) else ())
    )
