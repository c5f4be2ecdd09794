"""The parts of a job as their screens list them: photos, material, notes, time, the signature.

Rows only grow, so lists leave out what was taken out or replaced, and mark what was corrected.
"""

from collections.abc import Callable
from typing import Any

from field_app.ports import MaterialRow, NoteRow, PhotoRow, SignatureRow, TimeRow
from field_app.sync.acts.acting import rows_of
from field_app.sync.acts.signing import read_record
from field_app.sync.labels import maybe_text, text_of
from field_app.sync.replica import Replica
from field_core import signing
from field_core.canon import Body


def photos_of(replica: Replica, key: str) -> list[PhotoRow]:
    """Return a job's photos, oldest first, each with how far it has come."""
    held = replica.document(key)
    rows = rows_of(held.body, "photos") if held else []
    blobs = {
        sha256: (got, verified is not None, problem)
        for sha256, got, verified, problem in replica.db.conn.execute(
            "SELECT sha256, got, verified_ms, problem FROM blob WHERE key = ?", (key,)
        )
    }
    replaced = {row.get("replaces") for row in rows} - {None}
    return [_photo(row, blobs.get(text_of(row, "sha256")), replaced) for row in rows]


def _photo(row: Body, blob: tuple[int, bool, str | None] | None, replaced: set[Any]) -> PhotoRow:
    """A photo without a blob row came from elsewhere, or was received and cleaned up here."""
    size: Any = row.get("size") or 0
    latitude: Any = row.get("latitude")
    longitude: Any = row.get("longitude")
    sent, is_received, problem = blob or (int(size), True, None)
    return PhotoRow(
        id=text_of(row, "id"),
        sha256=text_of(row, "sha256"),
        size=int(size),
        sent=sent,
        is_received=is_received,
        is_here=blob is not None,
        problem=problem,
        caption=maybe_text(row, "caption"),
        kind=maybe_text(row, "kind"),
        step=maybe_text(row, "step"),
        taken_at=maybe_text(row, "taken_at"),
        latitude=latitude,
        longitude=longitude,
        is_replaced=row.get("id") in replaced,
    )


def materials_of(body: Body) -> list[MaterialRow]:
    """Return the material that was used."""
    rows: list[Any] = [r for r in rows_of(body, "materials") if not signing.is_taken_out(r)]
    return [
        MaterialRow(
            id=text_of(row, "id"),
            item=maybe_text(row, "item"),
            description=maybe_text(row, "description"),
            qty=float(row.get("qty") or 0),
            uom=maybe_text(row, "uom"),
        )
        for row in rows
    ]


def notes_of(body: Body) -> list[NoteRow]:
    """Return the notes, oldest first."""
    rows = rows_of(body, "notes")
    corrected = _corrected(rows)
    return [
        NoteRow(
            id=text_of(row, "id"),
            text=text_of(row, "text"),
            at=maybe_text(row, "at"),
            by=maybe_text(row, "by"),
            corrects=maybe_text(row, "corrects"),
            is_corrected=row.get("id") in corrected,
        )
        for row in rows
    ]


def times_of(body: Body) -> list[TimeRow]:
    """Return the time entries, oldest first."""
    rows = rows_of(body, "time_entries")
    corrected = _corrected(rows)
    return [
        TimeRow(
            id=text_of(row, "id"),
            activity=text_of(row, "activity"),
            started_at=text_of(row, "started_at"),
            ended_at=maybe_text(row, "ended_at"),
            by=maybe_text(row, "by"),
            corrects=maybe_text(row, "corrects"),
            is_corrected=row.get("id") in corrected,
        )
        for row in rows
    ]


def _corrected(rows: list[Body]) -> set[Any]:
    return {row.get("corrects") for row in rows} - {None}


def signature_of(
    body: Body, read: Callable[[str], bytes | None] | None = None
) -> SignatureRow | None:
    """Return a job's signature, and whether what was signed has changed since.

    read: returns the bytes of a blob kept here; with the record at hand, what changed is named.
    """
    if not signing.is_signed(body):
        return None
    return SignatureRow(
        sha256=text_of(body, "signature"),
        signed_by=text_of(body, "signed_by"),
        signed_at=maybe_text(body, "signed_at"),
        language=text_of(body, "signed_language") or "fr",
        device=maybe_text(body, "signed_device"),
        is_changed_since=signing.is_changed_since(body),
        changed=_changes(body, read) if read else (),
    )


def _changes(body: Body, read: Callable[[str], bytes | None]) -> tuple[str, ...]:
    name = maybe_text(body, "signed_record")
    content = read(name) if name else None
    if content is None:
        return ()
    try:
        summary: Any = read_record(content)["summary"]
    except ValueError:
        return ()
    return signing.changes_since(summary, body)
