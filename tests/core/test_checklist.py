"""Steps: which count, what can be done now, what is missing, which answers are accepted."""

import json

import pytest
from hypothesis import given

from field_core.canon import Body, Json
from field_core.checklist import (
    CONDITION_MAX,
    NUMBER_MAX,
    TEXT_MAX,
    Measured,
    answer_of,
    asked_signature,
    bounds,
    check_evidence,
    check_value,
    depends_on,
    is_applicable,
    is_failed,
    is_open,
    is_settled,
    is_to_confirm,
    measured,
    missing,
    photos_of,
    steps_of,
    waits_for,
)
from field_core.problems import Problem
from tests.core.strategies import BODIES, JSON

A: Body = {"id": "a", "step": "s1", "required": True}
B: Body = {"id": "b", "step": "s2", "required": True, "depends_on": "a"}
C: Body = {"id": "c", "step": "s3", "required": True, "depends_on": "b"}
LEVEL: Body = {
    "id": "r1",
    "step": "rx",
    "kind": "reading",
    "unit": "dBm",
    "required": True,
    "min_value": -27,
    "max_value": -8.5,
}
NEVER: Json = {"!": [True]}


def job(*steps: Body, **fields: Json) -> Body:
    return {"checklist": [*steps], **fields}


def when(rule: Json, **step: Json) -> Body:
    return {**B, "condition": json.dumps(rule), **step}


# --- order


def test_depends_on_then_ids_without_their_blanks() -> None:
    assert depends_on({"depends_on": " a, b ,,"}) == ("a", "b")
    assert depends_on({}) == ()
    assert depends_on({"depends_on": 3}) == ()


@pytest.mark.parametrize(
    ("step", "settled"),
    [({}, False), ({"done": False}, False), ({"done": True}, True), ({"skip_reason": "no"}, True)],
)
def test_is_settled_then_done_or_left_out_with_a_reason(step: Body, settled: bool) -> None:  # noqa: FBT001 - drawn by name
    assert is_settled(step) is settled


def test_is_open_then_everything_before_is_settled() -> None:
    assert is_open(A, job(A, B))
    assert not is_open(B, job(A, B))
    assert is_open(B, job({**A, "done": True}, B))
    assert is_open(B, job({**A, "skip_reason": "no power"}, B))


def test_is_open_then_a_step_that_is_not_there_holds_nothing_up() -> None:
    assert is_open(B, job(B))


def test_waits_for_then_the_steps_that_hold_it_up() -> None:
    both: Body = {"id": "d", "depends_on": "a,b,a"}

    assert waits_for(both, job(A, B, both)) == (A, B)


def test_step_that_does_not_count_hands_its_place_on() -> None:
    off = when(NEVER)

    assert waits_for(C, job(A, off, C)) == (A,)
    assert is_open(C, job({**A, "done": True}, off, C))


def test_steps_in_a_circle_are_not_followed_for_ever() -> None:
    one = {**when(NEVER), "id": "x", "depends_on": "y"}
    other = {**when(NEVER), "id": "y", "depends_on": "x"}
    last: Body = {"id": "z", "depends_on": "x"}

    assert is_open(last, job(one, other, last))


# --- conditions


@pytest.mark.parametrize(
    ("rule", "counts"),
    [
        ({"==": [{"var": "job_type"}, "Install"]}, True),
        ({"==": [{"var": "job_type"}, "Repair"]}, False),
        ({"some": [{"var": "equipment"}, {"==": [{"var": "action"}, "Remove"]}]}, False),
        ({"==": [{"var": "steps.s1"}, "Wall"]}, True),
        ({"<": [{"var": "steps.rx"}, -20]}, True),
        ({"var": "steps.nothing"}, False),
    ],
)
def test_condition_sees_the_job_and_the_answers(rule: Json, counts: bool) -> None:  # noqa: FBT001 - drawn by name
    step = when(rule)
    answered: Body = {**A, "value": "Wall", "done": True}
    level: Body = {**LEVEL, "value": "-24.1"}

    assert is_applicable(step, job(answered, level, step, job_type="Install")) is counts


@pytest.mark.parametrize(
    "condition",
    [
        None,
        7,
        "",
        "  ",
        "no json",
        '{"nonsense": 1}',
        '{"+": ["x"]}',
        "[" * 3_000,
        json.dumps({"==": [1, 2, "x" * CONDITION_MAX]}),
    ],
)
def test_condition_that_cannot_be_evaluated_hides_no_work(condition: Json) -> None:
    step: Body = {**A, "condition": condition}

    assert is_applicable(step, job(step))


@given(JSON, BODIES)
def test_no_condition_and_no_job_make_it_fail(rule: Json, body: Body) -> None:
    step = when(rule)

    assert is_applicable(step, body) in (True, False)


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ({}, None),
        ({"done": True}, True),
        ({"value": "Wall", "done": True}, "Wall"),
        ({"kind": "reading", "value": "-24.1"}, -24.1),
        ({"kind": "number", "value": 7}, 7),
        ({"kind": "number", "value": "seven"}, "seven"),
        ({"kind": "number", "value": "nan"}, "nan"),
        ({"kind": "text", "value": "7"}, "7"),
    ],
)
def test_answer_then_as_it_was_asked_for(step: Body, answer: Json) -> None:
    assert answer_of(step) == answer


# --- missing


def test_missing_then_required_steps_that_count_and_are_not_settled() -> None:
    optional: Body = {"id": "c"}

    assert missing(job(A, {**B, "done": True}, optional, when(NEVER, id="d"))) == (A,)
    assert missing({"checklist": "none"}) == ()
    assert steps_of({}) == []


def test_reading_that_failed_is_missing_even_when_it_is_left_out() -> None:
    """T-12."""
    failed: Body = {**LEVEL, "value": -27.6, "done": False}

    assert missing(job(failed)) == (failed,)
    assert missing(job({**failed, "skip_reason": "later"})) != ()
    assert missing(job({**failed, "required": False})) == ()


@pytest.mark.parametrize(
    ("step", "failed"),
    [
        ({**LEVEL, "value": "-6.5"}, True),
        ({**LEVEL, "value": -24.1}, False),
        ({**LEVEL, "value": -6.5, "done": True}, False),
        ({**LEVEL}, False),
        ({**LEVEL, "value": "x"}, False),
        ({**LEVEL, "kind": "number", "value": 0}, False),
    ],
)
def test_is_failed_then_measured_out_of_bounds_and_not_done(step: Body, failed: bool) -> None:  # noqa: FBT001 - drawn by name
    assert is_failed(step) is failed


# --- answers


@pytest.mark.parametrize("value", [-27, -8.5, -20])
def test_check_value_within_the_limits_is_accepted(value: Json) -> None:
    """T-12: −24.1 dBm passes, and so do the limits themselves."""
    assert check_value(LEVEL, value) is None


@pytest.mark.parametrize(
    ("value", "wrong", "limit"),
    [(-27.6, "below", -27), (-6.5, "above", -8.5), (float("inf"), "above", -8.5)],
)
def test_check_value_past_a_limit_says_which(value: float, wrong: str, limit: float) -> None:
    """T-12."""
    details: Body = {"field": "rx", "wrong": wrong, "limit": limit, "unit": "dBm"}

    assert check_value(LEVEL, value) == Problem("invalid-value", details)


@pytest.mark.parametrize("value", ["-20", True, None, [], float("nan")])
def test_check_value_of_what_is_no_number_says_so(value: Json) -> None:
    details: dict[str, Json] = {"field": "rx", "wrong": "number", "example": -17.8}

    assert check_value(LEVEL, value) == Problem("invalid-value", details)


@pytest.mark.parametrize(
    ("bounds_", "example"),
    [({"min_value": 0}, 2.5), ({"max_value": -8}, -10.5), ({}, 12.5), ({"min_value": "x"}, 12.5)],
)
def test_example_of_a_number_is_one_the_step_would_take(bounds_: Body, example: float) -> None:
    problem = check_value({"id": "r1", "kind": "number", **bounds_}, "-20")

    assert problem
    assert problem.details["example"] == example


def test_check_value_without_limits_then_still_a_number_that_somebody_may_have_measured() -> None:
    step: Body = {"id": "r1", "kind": "number"}

    assert check_value(step, NUMBER_MAX) is None
    assert bounds(step) == (-NUMBER_MAX, NUMBER_MAX)
    problem = check_value(step, 10**400)
    assert problem
    assert problem.details["wrong"] == "above"


def test_check_value_then_one_of_the_choices() -> None:
    step: Body = {"id": "r1", "kind": "choice", "choices": "Wall\nCabinet"}

    assert check_value(step, "Wall") is None
    problem = Problem("invalid-value", {"field": "r1", "wrong": "choices"})
    assert check_value(step, "Roof") == problem


def test_check_value_of_a_text_then_as_long_as_the_erp_keeps() -> None:
    details: Body = {"field": "t", "wrong": "long", "limit": TEXT_MAX}

    assert check_value({"id": "t", "kind": "text"}, "x" * TEXT_MAX) is None
    problem = check_value({"id": "t", "kind": "text"}, "x" * (TEXT_MAX + 1))
    assert problem == Problem("invalid-value", details)


@pytest.mark.parametrize("step", [{"kind": "choice"}, {"kind": "text"}, {}])
def test_check_value_of_a_step_without_limits_accepts_anything(step: Body) -> None:
    assert check_value(step, "anything") is None


@given(JSON, JSON, JSON)
def test_answer_is_accepted_exactly_when_it_is_a_number_within(
    low: Json, high: Json, value: Json
) -> None:
    step: Body = {"id": "n", "kind": "number", "min_value": low, "max_value": high}
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    least, most = bounds(step)

    is_within = is_number and least <= value <= most  # type: ignore[operator]  # it is a number
    assert (check_value(step, value) is None) == is_within
    if is_number:
        found = measured(step, float(value))  # type: ignore[arg-type]  # same
        assert (found is Measured.WITHIN) == (least <= float(value) <= most)  # type: ignore[arg-type]  # same


# --- evidence


def test_photo_step_then_done_only_with_a_photo_of_it() -> None:
    step: Body = {"id": "p", "step": "s2", "kind": "photo", "label_fr": "Photo"}
    problem = Problem("photo-needed", {"step": "Photo"})

    assert check_evidence(step, job(step, photos=[])) == problem
    assert check_evidence(step, job(step, photos=[{"id": "1", "step": "other"}])) == problem
    assert check_evidence(step, job(step, photos=[{"id": "1", "step": "p"}])) is None
    assert check_evidence(step, job(step, photos=[{"id": "1", "step": "s2"}])) is None


def test_photos_then_without_those_that_were_taken_again() -> None:
    first: Body = {"id": "1", "step": "p"}
    second: Body = {"id": "2", "step": "p", "replaces": "1"}

    assert photos_of({"id": "p"}, job(photos=[first, second])) == [second]


def test_signature_step_then_done_only_with_a_signature() -> None:
    step: Body = {"id": "g", "step": "s9", "kind": "signature"}

    assert check_evidence(step, job(step)) == Problem("signature-needed", {"step": "s9"})
    assert check_evidence(step, job(step, signature="ab" * 32)) is None
    assert check_evidence({"kind": "confirm"}, job()) is None


def test_asked_signature_then_the_open_step_that_only_lacks_it() -> None:
    before: Body = {**A, "done": True}
    step: Body = {"id": "g", "kind": "signature", "depends_on": "a"}

    assert asked_signature(job(before, step)) == step
    assert asked_signature(job(A, step)) is None
    assert asked_signature(job(before, {**step, "done": True})) is None
    assert asked_signature(job(before, {**step, "condition": json.dumps(NEVER)})) is None
    assert asked_signature(job(before)) is None


def test_identity_on_a_photo_is_to_confirm_until_somebody_read_it() -> None:
    """T-07."""
    by_photo: Body = {"source": "photo", "done": True}

    assert is_to_confirm(by_photo)
    assert not is_to_confirm({**by_photo, "value": "A4:2B:B0:1C:9F:3E"})
    assert not is_to_confirm({"source": "photo"})
    assert not is_to_confirm({"source": "barcode", "done": True})
