"""Looking: jobs, one job, search, identities, reviews. All of it works offline."""

import argparse
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Final

from field_app.cli.console import Console, Exit
from field_app.compose import Account
from field_app.i18n import Words
from field_app.ports import BlobRow, JobDetail, OutboxRow, SendState, StepRow
from field_app.sync import queries
from field_core.canon import Json
from field_core.problems import CATALOGUE, Problem

SEARCH_MAX: Final = 50


@contextmanager
def opened(console: Console) -> Iterator[Account]:
    """Open the account in use for the length of a command."""
    account = console.machine.open()
    try:
        yield account
    finally:
        account.close()


def jobs(console: Console, args: argparse.Namespace) -> Exit:
    """List the jobs of a day."""
    words = console.words
    day = None if args.all else args.day or words.today(console.machine.clock.now_ms())
    with opened(console) as account:
        rows = queries.jobs(account.replica, day)
    console.tell([asdict(row) for row in rows])
    console.table(
        [words(f"head.{n}") for n in ("job", "day", "time", "state", "subject", "place", "unsent")],
        [
            (r.label, r.day, r.time, words.state(r.status), r.subject, r.place, r.unsent or "")
            for r in rows
        ],
    )
    if not rows:
        console.say(words("jobs.none", day=day or "—"))
    return Exit.DONE


def show(console: Console, args: argparse.Namespace) -> Exit:
    """Show everything about one job."""
    with opened(console) as account:
        key, _ = queries.find(account.replica, "Dispatch Job", args.job)
        detail = queries.job(account.replica, key)
    assert detail is not None, "a job that was just found"
    console.tell(asdict(detail))
    if not console.as_json:
        for line in job_lines(detail, console.words):
            console.say(line)
    return Exit.DONE


def job_lines(detail: JobDetail, words: Words) -> Iterator[str]:
    """Write a job for people."""
    row, body = detail.row, detail.body
    yield f"{row.label}  {row.subject}"
    yield f"  {words('head.state')}: {words.state(row.status)}   {row.day or ''} {row.time or ''}"
    yield f"  {words('head.place')}: {row.place or '—'} ({body.get('service_location') or '—'})"
    for name in (
        "customer",
        "job_type",
        "priority",
        "description",
        "access_notes",
        "closed_reason",
        "cancelled_by",
        "cancelled_at",
    ):
        if body.get(name):
            yield f"  {words(f'field.{name}')}: {_shown(body[name], words)}"
    yield f"  {words('head.key')}: {row.key}"
    yield f"{words('show.steps')}:"
    yield from (f"  {_step_line(step, words)}" for step in detail.steps)
    for table in ("equipment", "materials", "readings", "time_entries", "notes", "photos"):
        yield from _table_lines(table, body.get(table), words)
    for key, device in detail.equipment_here:
        name = queries.label_of(key, device.get("name"))
        facts = (device.get(n) for n in ("equipment_type", "model", "mac_address", "serial_no"))
        yield f"  {words('show.here')}: {name} " + " ".join(str(f) for f in facts if f)
    yield from (f"  {blob_line(blob, words)}" for blob in detail.blobs)
    for entry in detail.outbox:
        yield f"  {_entry_words(entry, words)}"


def _step_line(step: StepRow, words: Words) -> str:
    mark = "x" if step.is_done else "-" if step.skip_reason else " "
    state = "" if step.is_open or step.is_done else f" ({words('step.locked')})"
    required = "*" if step.is_required else " "
    value = "" if step.value is None else f" = {step.value} {step.unit or ''}".rstrip()
    reason = f" — {step.skip_reason}" if step.skip_reason else ""
    label = step.label(words.language)
    return f"[{mark}]{required}{step.number:>2} {label}{value}{reason}{state}  <{step.id}>"


def _table_lines(table: str, rows: Json, words: Words) -> Iterator[str]:
    """Write the rows of a table, without their ids and empty fields."""
    for row in rows if isinstance(rows, list) else []:
        held = row.items() if isinstance(row, dict) else ()
        facts = " · ".join(_shown(v, words) for n, v in held if n not in ("id", "sha256") and v)
        yield f"  {words(f'table.{table}')}: {facts}"


def _shown(value: object, words: Words) -> str:
    """Write a value; an instant as day and time here."""
    text = str(value)
    return words.moment(text) if _INSTANT.fullmatch(text) else text


_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")


def what_of(row: OutboxRow, words: Words) -> str:
    """Say what was done, in words where there are some: fields keep their own names."""
    known = (f"{place}.{row.what}" for place in ("status", "table", "role", "doctype"))
    what = next((words(key) for key in known if words.has(key)), row.what)
    return f"{words(f'kind.{row.kind}')} : {what}" if what else words(f"kind.{row.kind}")


def blob_line(blob: BlobRow, words: Words) -> str:
    """Say of a file what it is and how far it has come."""
    if blob.problem:
        code = blob.problem if blob.problem in CATALOGUE else "blob-missing"
        state = Problem(code).sentence(words.language)
    elif blob.is_received:
        state = words("blob.received")
    elif blob.sent:
        state = words("blob.sending", sent=words.size(blob.sent), size=words.size(blob.size))
    else:
        state = words("blob.here")
    return f"{words(f'role.{blob.role}')} {blob.sha256[:8]} {words.size(blob.size)}: {state}"


def search(console: Console, args: argparse.Namespace) -> Exit:
    """Find documents by the words they hold."""
    with opened(console) as account:
        rows = list(queries.found(account.replica, " ".join(args.words), SEARCH_MAX))
    names = ("doctype", "name", "title", "key")
    console.tell([dict(zip(names, row, strict=True)) for row in rows])
    console.table(
        [console.words(f"head.{n}") for n in ("kind", "name", "title")], [row[:3] for row in rows]
    )
    if not rows:
        console.say(console.words("search.none"))
    return Exit.DONE


def identity(console: Console, args: argparse.Namespace) -> Exit:
    """Say where a device is recorded and since when: the alarm that works offline."""
    words = console.words
    with opened(console) as account:
        rows = queries.identities(account.replica, args.identity)
    console.tell([asdict(row) for row in rows])
    for row in rows:
        console.say(
            words(
                "identity.recorded",
                equipment=row.equipment,
                location=row.location or "—",
                place=row.place or "—",
                since=row.since or "—",
            )
        )
    if not rows:
        console.say(words("identity.unknown", identity=args.identity))
    return Exit.DONE


def blocked(row: OutboxRow, words: Words) -> str:
    """Say what keeps an operation from reaching the office, if anything does."""
    if row.problem and row.problem in CATALOGUE:
        return Problem(row.problem, row.details).sentence(words.language)
    return words("blocks.contact") if row.state is SendState.ON_DEVICE else ""


def _entry_words(row: OutboxRow, words: Words) -> str:
    reason = blocked(row, words)
    tail = f" ({reason})" if reason else ""
    return f"{what_of(row, words)} — {words(f'send.{row.state}')}{tail}"


def reviews(console: Console, _args: argparse.Namespace) -> Exit:
    """List what waits for a person to decide."""
    words = console.words
    with opened(console) as account:
        rows = queries.reviews(account.replica)
    console.tell([{"key": key, **body} for key, body in rows])
    console.table(
        [words(f"head.{n}") for n in ("job", "reason", "field", "kept", "lost", "by")],
        [
            (
                b.get("document_name") or b.get("document_key"),
                _reason(b.get("reason"), words),
                b.get("field"),
                b.get("kept"),
                b.get("lost"),
                b.get("by"),
            )
            for _, b in rows
        ],
    )
    if not rows:
        console.say(words("reviews.none"))
    return Exit.DONE


def _reason(code: object, words: Words) -> str:
    if isinstance(code, str) and code in CATALOGUE:
        return Problem(code).sentence(words.language)
    return words("review.ocr-disagreement" if code == "ocr-disagreement" else "review.conflict")
