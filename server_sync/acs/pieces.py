"""The piece of equipment that is asked about: its identity, its OLT profile, what it once read.

Who may ask: the office for any, a technician for what a job of theirs has at its address.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select

from field_core.canon import Body
from field_core.capabilities import Capability
from field_core.diagnosis import baseline_rx_dbm
from field_core.problems import ProblemError
from server_sync.store.documents import Doc, load, load_many, load_named, load_pointing_at
from server_sync.store.schema import scope_ref
from server_sync.sync.caller import Caller


@dataclass(frozen=True, slots=True)
class Piece:
    """One Service Equipment with what its verdicts depend on."""

    key: str
    body: Body
    olt_profile: str | None
    baseline_rx_dbm: float | None


def piece_for(connection: Connection, key: str, caller: Caller) -> Piece:
    """Return a piece that the caller may ask about; raises ProblemError `unknown-document`.

    key: its key, or its name in the ERP, which is what the office's pages know.
    """
    document = load(connection, key) or load_named(connection, "Service Equipment", key)
    if document is None or document.body is None or document.doctype != "Service Equipment":
        raise ProblemError("unknown-document")
    if not _may_ask(connection, document.key, caller):
        raise ProblemError("unknown-document")
    return piece_of(connection, document)


def piece_of(connection: Connection, document: Doc) -> Piece:
    """Return a piece with its OLT profile and the level at its installation."""
    body = document.body or {}
    location = body.get("service_location")
    names = _names(connection, location) if isinstance(location, str) else []
    return Piece(
        document.key,
        body,
        _olt_profile(connection, names),
        baseline_rx_dbm(
            job.body or {}
            for job in load_pointing_at(connection, "Dispatch Job", "service_location", names)
        ),
    )


def _may_ask(connection: Connection, key: str, caller: Caller) -> bool:
    """Tell whether the caller may; an unknown piece and a foreign one get the same answer."""
    if Capability.SEE_ALL_OPEN_JOBS in caller.held:
        return True
    if caller.technician is None:
        return False
    refs = select(scope_ref.c.root).where(
        scope_ref.c.audience == caller.audience, scope_ref.c.key == key
    )
    roots = load_many(connection, connection.execute(refs).scalars().all())
    return any(_is_theirs(root, caller.technician) for root in roots)


def _is_theirs(root: Doc, technician: str) -> bool:
    """Tell a job of theirs from an offer, which anybody who qualifies may see."""
    job = root.body or {}
    return root.doctype == "Dispatch Job" and job.get("assigned_technician") == technician


def _names(connection: Connection, location: str) -> list[str]:
    """Links hold a location's name, or its key while it has none."""
    found = load_named(connection, "Service Location", location) or load(connection, location)
    return [name for name in (found.erp_name, found.key) if name] if found else [location]


def _olt_profile(connection: Connection, location: Iterable[str]) -> str | None:
    """Return the profile of the plan that is active at a location."""
    held = load_pointing_at(connection, "Service Subscription", "service_location", location)
    for subscription in held:
        body = subscription.body or {}
        plan = body.get("plan")
        item = load_named(connection, "Item", plan) if isinstance(plan, str) else None
        profile = (item.body or {}).get("olt_profile") if item else None
        if body.get("status") == "Active" and isinstance(profile, str) and profile:
            return profile
    return None
