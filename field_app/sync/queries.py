"""Reading the replica for people: jobs of a day, one job with all its parts, the outbox."""

import json
from collections.abc import Container, Iterable
from typing import Any, Final

from field_app.ports import (
    BlobRow,
    JobDetail,
    JobRow,
    OutboxRow,
    SendState,
    StepRow,
)
from field_app.sync.identities import identities, identity_by_mac, identity_by_serial
from field_app.sync.labels import label_of, linked, maybe_text, place_of, text_of
from field_app.sync.outbox import Entry
from field_app.sync.replica import Replica
from field_core import checklist, status
from field_core.canon import Body, Json
from field_core.operations import Verdict
from field_core.problems import CATALOGUE, ProblemError, Retry
from field_core.status import Actor, JobStatus

__all__ = [
    "blobs_of",
    "find",
    "found",
    "identities",
    "identity_by_mac",
    "identity_by_serial",
    "job",
    "jobs",
    "label_of",
    "moves_of",
    "outbox",
    "place_of",
    "reviews",
    "state_of",
    "steps_of",
    "what_of",
]

ROWS_MAX: Final = 500


def find(replica: Replica, doctype: str, typed: str) -> tuple[str, Body]:
    """Return a document by name, provisional label or key; raises ProblemError."""
    found = replica.named(doctype, typed) or replica.named(doctype, typed.upper())
    if found:
        return found[0], found[1].body
    if typed.upper().startswith("NEW-"):
        tail = typed[4:].lower()
        for key, body in replica.documents(doctype):
            if not body.get("name") and key.endswith(tail):
                return key, body
    raise ProblemError("unknown-document")


# --- jobs


def jobs(replica: Replica, day: str | None) -> list[JobRow]:
    """Return the jobs of a day in order of time, or every open one."""
    where, values = (
        ("scheduled_date = ?", (day,))
        if day
        else ("status NOT IN ('Completed', 'Incomplete', 'Cancelled')", ())
    )
    rows = replica.db.conn.execute(
        f"SELECT key, body FROM dispatch_job WHERE {where} "  # noqa: S608 - both texts are ours
        "ORDER BY scheduled_date, scheduled_time, name LIMIT ?",
        (*values, ROWS_MAX),
    ).fetchall()
    waiting = _unsent_by_key(replica)
    return [_row(replica, key, json.loads(body), waiting.get(key, 0)) for key, body in rows]


def _unsent_by_key(replica: Replica) -> dict[str, int]:
    return dict(
        replica.db.conn.execute(
            "SELECT key, count(*) FROM outbox WHERE verdict IS NULL GROUP BY key"
        ).fetchall()
    )


def _row(replica: Replica, key: str, body: Body, unsent: int) -> JobRow:
    return JobRow(
        key=key,
        label=label_of(key, body.get("name")),
        subject=text_of(body, "subject"),
        status=text_of(body, "status"),
        day=maybe_text(body, "scheduled_date"),
        time=(maybe_text(body, "scheduled_time") or "")[:5] or None,
        place=place_of(linked(replica, "Service Location", body.get("service_location"))),
        unsent=unsent,
    )


def job(replica: Replica, key: str) -> JobDetail | None:
    """Return one job with its steps, location, equipment, photos and what was done here."""
    held = replica.document(key)
    if held is None or held.doctype != "Dispatch Job":
        return None
    body = held.body
    waiting = _unsent_by_key(replica).get(key, 0)
    return JobDetail(
        row=_row(replica, key, body, waiting),
        body=body,
        steps=steps_of(body),
        moves=moves_of(body),
        location=linked(replica, "Service Location", body.get("service_location")),
        customer=linked(replica, "Customer", body.get("customer")),
        equipment_here=_equipment_at(replica, body.get("service_location")),
        blobs=blobs_of(replica, key),
        outbox=[row for row in outbox(replica) if row.key == key],
    )


def steps_of(body: Body) -> list[StepRow]:
    """Return a job's steps, numbered from 1."""
    missing = {str(row.get("id")) for row in checklist.missing(body)}
    return [_step(n, row, body, missing) for n, row in enumerate(checklist.steps_of(body), 1)]


def _step(number: int, row: Body, job: Body, missing: Container[str]) -> StepRow:
    named = text_of(row, "step") or str(row.get("id"))
    waits_for = tuple(str(before.get("id")) for before in checklist.waits_for(row, job))
    return StepRow(
        number=number,
        id=str(row.get("id")),
        code=text_of(row, "step"),
        kind=text_of(row, "kind") or "confirm",
        label_fr=text_of(row, "label_fr") or text_of(row, "label_en") or named,
        label_en=text_of(row, "label_en") or text_of(row, "label_fr") or named,
        is_required=bool(row.get("required")),
        is_open=not waits_for,
        is_done=bool(row.get("done")),
        value=None if row.get("value") is None else checklist.answer_of(row),
        unit=maybe_text(row, "unit"),
        skip_reason=maybe_text(row, "skip_reason"),
        done_at=maybe_text(row, "done_at"),
        note=maybe_text(row, "note"),
        low=_bound(row, "min_value"),
        high=_bound(row, "max_value"),
        choices=tuple(text_of(row, "choices").splitlines()),
        waits_for=waits_for,
        photos=len(checklist.photos_of(row, job)),
        is_applicable=checklist.is_applicable(row, job),
        is_missing=str(row.get("id")) in missing,
        is_failed=checklist.is_failed(row),
        source=maybe_text(row, "source"),
        identity=maybe_text(row, "identity"),
        is_to_confirm=checklist.is_to_confirm(row),
        has_evidence=checklist.check_evidence(row, job) is None,
    )


def _bound(row: Body, name: str) -> float | None:
    bound = row.get(name)
    return bound if isinstance(bound, (int, float)) else None


def moves_of(body: Body) -> list[JobStatus]:
    """Return the states that a technician may move a job to."""
    current = status.parse(body.get("status"))
    if current is None:
        return []
    return [
        to
        for (start, to), move in status.TRANSITIONS.items()
        if start is current and move.actor is not Actor.OFFICE
    ]


def _equipment_at(replica: Replica, location: Json) -> list[tuple[str, Body]]:
    if not isinstance(location, str):
        return []
    rows = replica.db.conn.execute(
        "SELECT key, body FROM service_equipment WHERE service_location = ? ORDER BY name",
        (location,),
    )
    return [(key, json.loads(text)) for key, text in rows]


def blobs_of(replica: Replica, key: str | None = None) -> list[BlobRow]:
    """Return photos and signatures that are on this device, of one document or all."""
    rows = replica.db.conn.execute(
        "SELECT sha256, role, size, got, verified_ms, problem FROM blob "
        "WHERE ?1 IS NULL OR key = ?1 ORDER BY made_ms",
        (key,),
    )
    return [
        BlobRow(sha, role, size, got, verified is not None, problem)
        for sha, role, size, got, verified, problem in rows
    ]


# --- the outbox


def outbox(replica: Replica, limit: int = ROWS_MAX) -> list[OutboxRow]:
    """Return what was done here, newest first, each with where it stands."""
    return [_outbox_row(replica, entry) for entry in replica.outbox.entries(limit)]


def _outbox_row(replica: Replica, entry: Entry) -> OutboxRow:
    held = replica.document(entry.key)
    name = held.body.get("name") if held else None
    return OutboxRow(
        id=entry.id,
        key=entry.key,
        document=label_of(entry.key, name),
        kind=entry.kind,
        what=what_of(entry.operation, entry.doctype),
        at=entry.at,
        made_ms=entry.made_ms,
        state=state_of(entry),
        problem=entry.problem,
        details=entry.details or {},
    )


def state_of(entry: Entry) -> SendState:
    """Say where an operation stands, from the server's own words alone."""
    if entry.verdict is None:
        return SendState.ON_DEVICE
    if entry.office == "closed":
        return SendState.CLOSED
    if Verdict(entry.verdict).is_kept_for_review or entry.office == "review":
        return SendState.NEEDS_YOU if _is_for_person(entry.problem) else SendState.NEEDS_REVIEW
    return SendState.IN_OFFICE if entry.office == "stored" else SendState.RECEIVED


def _is_for_person(code: str | None) -> bool:
    kind = CATALOGUE.get(code or "")
    return kind is not None and kind.retry is Retry.AFTER_USER_ACTS


def what_of(operation: Body, doctype: str) -> str:
    """Name what an operation touched: a field, a table, a state."""
    match operation.get("kind"):
        case "transition":
            return str(operation.get("to"))
        case "append":
            return str(operation.get("list"))
        case "attach":
            return str(operation.get("role"))
        case "set":
            fields: Any = operation.get("fields")
            return ", ".join(sorted({path.rpartition(".")[2] for path in fields}))
        case "create":
            return doctype
        case _:
            return ""


# --- the rest


def reviews(replica: Replica) -> list[tuple[str, Body]]:
    """Return open reviews, oldest first."""
    rows = replica.db.conn.execute(
        "SELECT key, body FROM sync_review WHERE state = 'open' ORDER BY at LIMIT ?", (ROWS_MAX,)
    )
    return [(key, json.loads(text)) for key, text in rows]


def found(replica: Replica, text: str, limit: int) -> Iterable[tuple[str, str, str, str]]:
    """Yield `(doctype, label, title, key)` of what a search finds."""
    for key, doctype, body in replica.search(text, limit):
        titles = (
            "subject",
            "customer_name",
            "location_name",
            "civic_address",
            "model",
            "mac_address",
            "serial_no",
            "title",
        )
        title = next((str(body[name]) for name in titles if body.get(name)), "")
        yield doctype, label_of(key, body.get("name")), title, key
