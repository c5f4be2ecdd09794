"""Reviews as a person reads them: what was kept, what lost, whose each was, what was decided."""

import json
from collections.abc import Iterable, Sequence
from typing import Final

from field_app.ports import JobLink, ReviewLine, Section
from field_app.saying import Field, Part, Sentence
from field_app.sync.labels import label_of, linked, maybe_text, text_of
from field_app.sync.replica import Replica
from field_app.sync.said_rows import row_added
from field_app.sync.said_values import device_of, value_of
from field_app.sync.sentences import sentence_of
from field_core.canon import Body, Json
from field_core.doctypes import spec_of

LISTED_MAX: Final = 200
"""More reviews than this of one technician are an incident, not a list."""
_JOB: Final = "Dispatch Job"


def lines(
    replica: Replica, *, besides: Iterable[str] = (), about: Iterable[str] | None = None
) -> list[ReviewLine]:
    """Return reviews, open ones first; those of operations in `besides` are told elsewhere.

    about: only those of documents with these keys.
    """
    wanted = None if about is None else {*about}
    known = {*besides}
    rows = replica.db.conn.execute(
        "SELECT key, body FROM sync_review ORDER BY state != 'open', at DESC LIMIT ?",
        (LISTED_MAX,),
    )
    found = [(key, json.loads(body)) for key, body in rows]
    return [
        _line(replica, key, body)
        for key, body in found
        if (wanted is None or body.get("document_key") in wanted)
        and _operation(body).get("id") not in known
    ]


def line(replica: Replica, key: str) -> ReviewLine | None:
    """Return one review."""
    held = replica.document(key)
    if held is None or held.doctype != "Sync Review":
        return None
    return _line(replica, key, held.body)


def about(replica: Replica, key: str) -> str | None:
    """Return the key of the document that a review is about."""
    held = replica.document(key)
    return maybe_text(held.body, "document_key") if held else None


def of_operations(replica: Replica, ids: Sequence[str]) -> list[ReviewLine]:
    """Return the reviews that keep these operations whole."""
    rows = replica.db.conn.execute("SELECT key, body FROM sync_review WHERE operation IS NOT NULL")
    found = [(key, json.loads(body)) for key, body in rows]
    return [_line(replica, k, body) for k, body in found if _operation(body).get("id") in ids]


def _line(replica: Replica, key: str, body: Body) -> ReviewLine:
    is_open = body.get("state") == "open"
    return ReviewLine(
        id=key,
        section=Section.REVIEW if is_open else Section.OFFICE,
        sentence=_sentence(replica, body),
        reason=text_of(body, "reason"),
        job=_job(replica, body),
        is_open=is_open,
        at=text_of(body, "at"),
        by=name_of(replica, body.get("by")) or "",
        received_at=text_of(body, "received_at"),
        kept=_value(body, "kept"),
        lost=_value(body, "lost"),
        message=maybe_text(body, "message"),
        kept_by=name_of(replica, body.get("kept_by")),
        kept_at=maybe_text(body, "kept_at"),
        resolution=maybe_text(body, "resolution"),
        resolved_by=name_of(replica, body.get("resolved_by")),
        resolved_at=maybe_text(body, "resolved_at"),
    )


def _sentence(replica: Replica, body: Body) -> Sentence:
    if body.get("reason") == "late-work":
        return Sentence("review.late-work")
    doctype, document = text_of(body, "document_doctype"), _document(replica, body)
    operation = _operation(body)
    if operation:
        return sentence_of(operation, doctype, document)
    path = text_of(body, "field")
    named = Field(path.rpartition(".")[2] if spec_of(doctype).column(path) else "")
    if body.get("reason") == "ocr-disagreement":
        return Sentence("review.ocr", {"field": named})
    if doctype == _JOB or document is None:
        return Sentence("review.two-values", {"field": named})
    what = device_of(document) if doctype == "Service Equipment" else _doctype(doctype)
    return Sentence("review.two-values-of", {"field": named, "what": what})


def _doctype(doctype: str) -> Sentence:
    return Sentence(f"doctype.{doctype if spec_of(doctype).model else 'other'}")


def _operation(body: Body) -> Body:
    text = body.get("operation")
    found = json.loads(text) if isinstance(text, str) else {}
    return found if isinstance(found, dict) else {}


def _value(body: Body, name: str) -> Part | None:
    """Return a value that was kept or lost; a whole row is told as what it added."""
    if not body.get("field"):
        return None
    text = body.get(name)
    value: Json = json.loads(text) if isinstance(text, str) else None
    path = text_of(body, "field")
    if isinstance(value, dict):
        return row_added(path.partition(".")[0], value)
    return value_of(spec_of(text_of(body, "document_doctype")).column(path), value)


def _document(replica: Replica, body: Body) -> Body | None:
    held = replica.document(text_of(body, "document_key"))
    return held.body if held else None


def _job(replica: Replica, body: Body) -> JobLink | None:
    """Return the job: the document itself, or the one on which the device was worked at."""
    key = text_of(body, "document_key")
    if body.get("document_doctype") == _JOB:
        return link_of(replica, key, text_of(body, "document_name"))
    row = replica.db.conn.execute(
        "SELECT job.key FROM outbox made JOIN outbox job ON job.group_id = made.group_id "
        "WHERE made.key = ? AND job.doctype = ? LIMIT 1",
        (key, _JOB),
    ).fetchone()
    return link_of(replica, row[0], "") if row else None


def link_of(replica: Replica, key: str, name: str) -> JobLink:
    """Return the way to a job; one that has left this device is still called by its name."""
    held = replica.document(key)
    if held is None:
        return JobLink(None, name, "")
    return JobLink(key, label_of(key, held.body.get("name")), text_of(held.body, "subject"))


def name_of(replica: Replica, who: Json) -> str | None:
    """Return a technician's name; others are known by what they signed in with."""
    if not isinstance(who, str) or not who:
        return None
    person = linked(replica, "Dispatch Technician", who)
    return (text_of(person, "full_name") if person else "") or who
