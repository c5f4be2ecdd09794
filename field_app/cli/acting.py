"""Doing: every act of a technician, kept at once and sent at the next sync."""

import argparse
import mimetypes
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from field_app.cli.console import Console, Exit
from field_app.cli.reading import opened
from field_app.sync import queries
from field_app.sync.acts import Acts, NewEquipment, Photo, Signed, done
from field_app.sync.replica import Replica
from field_core.canon import Body, Json
from field_core.instants import from_text, to_text
from field_core.problems import ProblemError
from field_core.status import JobStatus

MOVES: Final[Mapping[str, JobStatus]] = {
    "accept": JobStatus.ACCEPTED,
    "travel": JobStatus.EN_ROUTE,
    "arrive": JobStatus.ON_SITE,
    "start": JobStatus.ON_SITE,
    "pause": JobStatus.PAUSED,
    "resume": JobStatus.ON_SITE,
    "complete": JobStatus.COMPLETED,
    "incomplete": JobStatus.INCOMPLETE,
    "reopen": JobStatus.ON_SITE,
}


def do(console: Console, args: argparse.Namespace) -> Exit:
    """Do one act on a job, and say what the job is now."""
    with opened(console) as account:
        key, body = queries.find(account.replica, "Dispatch Job", args.job)
        _warn_of_duplicate(console, account.replica, body, args)
        if args.act in MOVES:
            done(account.acts.move(key, MOVES[args.act], reason=args.reason))
        else:
            done(_ACTS[args.act](account.acts, account.replica, key, args))
        detail = queries.job(account.replica, key)
    assert detail is not None, "a job that was just worked on"
    row = detail.row
    console.tell({"key": key, "name": row.label, "status": row.status, "unsent": row.unsent})
    words = console.words
    console.say(words("do.saved", job=row.label, state=words.state(row.status)))
    return Exit.DONE


def _warn_of_duplicate(
    console: Console, replica: Replica, job: Body, args: argparse.Namespace
) -> None:
    """Say aloud that a device about to be put in is recorded somewhere else; it is not stopped."""
    typed = [text for name in ("mac", "serial", "gpon") if (text := getattr(args, name, None))]
    for text in typed:
        for row in queries.identities(replica, text):
            if row.location != job.get("service_location"):
                console.warn(
                    console.words(
                        "identity.recorded",
                        equipment=row.equipment,
                        location=row.location or "—",
                        place=row.place or "—",
                        since=row.since or "—",
                    )
                )


Act = Callable[[Acts, Replica, str, argparse.Namespace], object]


def _step(acts: Acts, replica: Replica, key: str, args: argparse.Namespace) -> object:
    row_id = _step_id(replica, key, args.step)
    return acts.do_step(key, row_id, _value(acts, key, row_id, args.value), note=args.note)


def _step_id(replica: Replica, key: str, typed: str) -> str:
    """Return the id of a step named by its number, its id or its code."""
    held = replica.document(key)
    for step in queries.steps_of(held.body) if held else ():
        if typed in (str(step.number), step.id, step.code):
            return step.id
    raise ProblemError("row-missing")


def _value(acts: Acts, key: str, row_id: str, typed: str | None) -> Json:
    """Read what was typed as the step wants it: a number, or text; a confirmation is just done."""
    kind = next(s.get("kind") for s in acts.steps(key) if str(s.get("id")) == row_id)
    if kind not in ("number", "reading") or typed is None:
        return typed
    try:
        return float(typed.replace(",", ".").replace("−", "-"))
    except ValueError:
        raise ProblemError("invalid-value", field=row_id) from None


def _skip(acts: Acts, replica: Replica, key: str, args: argparse.Namespace) -> object:
    return acts.skip_step(key, _step_id(replica, key, args.step), args.reason)


def _note(acts: Acts, _replica: Replica, key: str, args: argparse.Namespace) -> object:
    return acts.note(key, args.text)


def _photo(acts: Acts, replica: Replica, key: str, args: argparse.Namespace) -> object:
    step = _step_id(replica, key, args.step) if args.step else None
    return acts.photo(key, Photo(*_image(args.file), caption=args.caption, step=step))


def _sign(acts: Acts, _replica: Replica, key: str, args: argparse.Namespace) -> object:
    return acts.sign(key, Signed(*_image(args.file), args.by, args.signed_language))


def _image(path: str) -> tuple[bytes, str]:
    """Return a file's bytes and type; raises ProblemError `not-found`."""
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise ProblemError("not-found") from error
    return content, mimetypes.guess_type(path)[0] or "application/octet-stream"


def _reading(acts: Acts, _replica: Replica, key: str, args: argparse.Namespace) -> object:
    return acts.reading(key, args.quantity, args.value, args.unit)


def _material(acts: Acts, _replica: Replica, key: str, args: argparse.Namespace) -> object:
    return acts.material(
        key, item=args.item, description=args.description, qty=args.qty, uom=args.uom
    )


def _time(acts: Acts, _replica: Replica, key: str, args: argparse.Namespace) -> object:
    try:
        ends = [to_text(from_text(text)) for text in (args.started_at, args.ended_at)]
    except ValueError:
        raise ProblemError("invalid-value", field="started_at") from None
    return acts.time_entry(key, args.activity, *ends)


def _equipment_add(acts: Acts, _replica: Replica, key: str, args: argparse.Namespace) -> object:
    return acts.add_equipment(key, _new(args))


def _equipment_remove(acts: Acts, replica: Replica, key: str, args: argparse.Namespace) -> object:
    equipment, _ = queries.find(replica, "Service Equipment", args.equipment)
    return acts.remove_equipment(key, equipment, args.reason)


def _equipment_swap(acts: Acts, replica: Replica, key: str, args: argparse.Namespace) -> object:
    equipment, _ = queries.find(replica, "Service Equipment", args.equipment)
    return acts.swap_equipment(key, equipment, _new(args), args.reason)


def _new(args: argparse.Namespace) -> NewEquipment:
    return NewEquipment(args.type, args.mac, args.serial, args.gpon, args.model, args.item)


_ACTS: Final[Mapping[str, Act]] = {
    "step": _step,
    "skip": _skip,
    "note": _note,
    "photo": _photo,
    "sign": _sign,
    "reading": _reading,
    "material": _material,
    "time": _time,
    "equipment-add": _equipment_add,
    "equipment-remove": _equipment_remove,
    "equipment-swap": _equipment_swap,
}
