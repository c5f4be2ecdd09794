"""What a customer signs: the text now, the text that was signed, and the signature itself."""

from collections.abc import Callable
from datetime import tzinfo

from field_app.ports import Statement, Summary
from field_app.sync.acts.signing import read_record
from field_app.sync.job_parts import signature_of
from field_app.sync.labels import label_of, linked, maybe_text, place_of, text_of
from field_app.sync.replica import Replica
from field_core.canon import Body
from field_core.instants import from_text
from field_core.signed_text import Named
from field_core.signed_text import text_of as signed_text_of
from field_core.signing import facts_of, fingerprint

ReadBlob = Callable[[str], bytes | None]
"""Returns the bytes of a blob by its hash; None when they are not on this device."""


def statement(
    replica: Replica, key: str, language: str | None, *, read: ReadBlob, zone: tzinfo
) -> Statement | None:
    """Return what a customer signs, in a language or in theirs; None when the job is gone."""
    held = replica.document(key)
    if held is None:
        return None
    job, customer = held.body, linked(replica, "Customer", held.body.get("customer")) or {}
    signed = signature_of(job, read)
    own = "en" if text_of(customer, "language").startswith("en") else "fr"
    spoken = language or (signed.language if signed else own)
    name = text_of(customer, "customer_name") or text_of(job, "customer")
    facts = facts_of(job, spoken)
    return Statement(
        text=signed_text_of(job, _named(replica, key, job, name, zone), spoken),
        summary=Summary(facts, fingerprint(facts)),
        customer=name,
        language=spoken,
        signed=signed,
        signed_sha256=text_of(job, "signed_text_sha256"),
        image=_image(replica, key, job) if signed else None,
        signed_text=_signed_text(job, read) if signed else None,
    )


def _named(replica: Replica, key: str, job: Body, customer: str, zone: tzinfo) -> Named:
    return Named(
        job=label_of(key, job.get("name")),
        customer=customer,
        address=place_of(linked(replica, "Service Location", job.get("service_location"))),
        day=text_of(job, "scheduled_date"),
        arrived=_moment(maybe_text(job, "started_at"), zone),
    )


def _moment(instant: str | None, zone: tzinfo) -> str:
    try:
        return f"{from_text(instant).astimezone(zone):%Y-%m-%d %H:%M}" if instant else ""
    except ValueError:
        return ""


def _image(replica: Replica, key: str, job: Body) -> str | None:
    """The field holds the image's hash, then the ERP's address of it; a row here knows both."""
    row = replica.db.conn.execute(
        "SELECT sha256 FROM blob WHERE key = ? AND role = 'signature' "
        "ORDER BY sha256 = ? DESC, made_ms DESC LIMIT 1",
        (key, job.get("signature")),
    ).fetchone()
    return str(row[0]) if row else None


def _signed_text(job: Body, read: ReadBlob) -> str | None:
    content = read(text_of(job, "signed_record"))
    try:
        return maybe_text(read_record(content), "text") if content else None
    except ValueError:
        return None
