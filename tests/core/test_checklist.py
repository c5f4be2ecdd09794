"""Steps: what can be done now, what is missing, which answers are accepted."""

import pytest

from field_core.canon import Body, Json
from field_core.checklist import check_value, depends_on, is_open, is_settled, missing
from field_core.problems import Problem

A: Body = {"id": "a", "required": True}
B: Body = {"id": "b", "required": True, "depends_on": "a"}


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
    assert is_open(A, [A, B])
    assert not is_open(B, [A, B])
    assert is_open(B, [{**A, "done": True}, B])
    assert is_open(B, [{**A, "skip_reason": "no power"}, B])


def test_is_open_then_a_step_that_is_not_there_holds_nothing_up() -> None:
    assert is_open(B, [B])


def test_missing_then_required_steps_that_are_not_settled() -> None:
    optional: Body = {"id": "c"}

    assert missing([A, {**B, "done": True}, optional]) == (A,)


NUMBER: Body = {"id": "r1", "step": "rx", "kind": "reading", "min_value": -27, "max_value": -8.5}


@pytest.mark.parametrize("value", [-27, -8.5, -20])
def test_check_value_within_the_limits_is_accepted(value: Json) -> None:
    assert check_value(NUMBER, value) is None


@pytest.mark.parametrize("value", [-27.1, -8, "-20", True, None, float("nan")])
def test_check_value_outside_the_limits_names_the_step(value: Json) -> None:
    assert check_value(NUMBER, value) == Problem("invalid-value", {"field": "rx"})


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan")])
def test_check_value_without_limits_then_still_a_number(value: float) -> None:
    step: Body = {"id": "r1", "kind": "number"}

    assert check_value(step, value) == Problem("invalid-value", {"field": "r1"})
    assert check_value(step, 10**9) is None


def test_check_value_then_one_of_the_choices() -> None:
    step: Body = {"id": "r1", "kind": "choice", "choices": "Wall\nCabinet"}

    assert check_value(step, "Wall") is None
    assert check_value(step, "Roof") == Problem("invalid-value", {"field": "r1"})


@pytest.mark.parametrize("step", [{"kind": "choice"}, {"kind": "text"}, {}])
def test_check_value_of_a_step_without_limits_accepts_anything(step: Body) -> None:
    assert check_value(step, "anything") is None
