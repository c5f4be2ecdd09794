"""A suggestion as an operation: it fills what is empty and never replaces a value (SC-03, T-09)."""

import pytest
from pydantic import ValidationError

from field_core.canon import Body, Json
from field_core.doctypes import spec_of
from field_core.merge import Loser, Result, apply
from field_core.operations import Set, Verdict, parse, to_json
from field_core.problems import Problem
from tests.core.making import JOB, KEY, NOON, job, op_id, stamp

PATH = "checklist.r1.value"
READ = "A4:2B:B0:1C:9F:3E"
TYPED = "A4:2B:B0:1C:9F:3B"


def suggestion(*, path: str = PATH, is_evidence: bool = False) -> Set:
    fields: dict[str, tuple[Json, Json]] = {path: (None, READ)}
    if path == PATH:
        fields["checklist.r1.source"] = (None, "ocr")
    return Set(
        id=op_id(1),
        n=1,
        key=KEY,
        at=stamp(),
        fields=fields,
        yields_to=path,
        is_evidence=is_evidence,
    )


def scanned(value: str | None, **more: Json) -> Body:
    row: Body = {"id": "r1", "kind": "scan", "source": "photo"}
    return job(checklist=[row if value is None else {**row, "value": value}], **more)


def suggest(body: Body, operation: Set | None = None) -> Result:
    return apply(operation or suggestion(), body, spec=JOB, when=NOON)


@pytest.mark.parametrize("empty", [None, ""])
def test_suggestion_fills_an_answer_that_is_empty_and_says_how_it_came(empty: str | None) -> None:
    result = suggest(scanned(empty))

    assert result.verdict is Verdict.APPLIED
    assert result.losers == ()
    assert result.body is not None
    assert result.body["checklist"] == [
        {"id": "r1", "kind": "scan", "value": READ, "source": "ocr"}
    ]


def test_suggestion_leaves_a_typed_answer_and_is_kept_beside_it() -> None:
    """T-09, and when another technician gave the answer meanwhile."""
    body = scanned(TYPED)

    assert suggest(body) == Result(body, Verdict.SUPERSEDED, (Loser(PATH, None, TYPED, READ),))


def test_suggestion_that_says_what_stands_there_changes_nothing() -> None:
    body = scanned(READ)

    assert suggest(body) == Result(body, Verdict.APPLIED)


@pytest.mark.parametrize("status", ["Completed", "Incomplete", "Cancelled"])
def test_suggestion_for_a_closed_job_is_evidence_alone(status: str) -> None:
    body = scanned(None, status=status)

    assert suggest(body) == Result(body, Verdict.SUPERSEDED, (Loser(PATH, None, None, READ),))


def test_suggestion_sent_as_evidence_is_not_taken_even_where_nothing_stands() -> None:
    device: Body = {"equipment_type": "ONT"}
    operation = suggestion(path="mac_address", is_evidence=True)
    equipment = spec_of("Service Equipment")

    assert apply(operation, device, spec=equipment, when=NOON) == Result(
        device, Verdict.SUPERSEDED, (Loser("mac_address", None, None, READ),)
    )


def test_suggestion_fills_a_device_that_lacks_the_mark() -> None:
    operation = suggestion(path="mac_address")
    result = apply(operation, {}, spec=spec_of("Service Equipment"), when=NOON)

    assert result == Result({"mac_address": READ}, Verdict.APPLIED)


def test_suggestion_for_a_step_that_is_gone_waits_for_a_person() -> None:
    body = job(checklist=[])

    assert suggest(body) == Result(
        body, Verdict.PARKED, problem=Problem("row-missing", {"field": PATH})
    )


def test_suggestion_yields_to_one_of_its_own_fields() -> None:
    with pytest.raises(ValidationError, match="its own fields"):
        parse({**to_json(suggestion()), "yields_to": "work_notes"})


def test_suggestion_travels_whole() -> None:
    assert parse(to_json(suggestion(is_evidence=True))) == suggestion(is_evidence=True)
