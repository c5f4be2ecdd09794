"""Operations as they travel: written and read back whole, and nothing poisonous let in."""

import json
from typing import Any

import pytest
from hypothesis import given
from pydantic import ValidationError

from field_core.canon import DEPTH_MAX, Body, dump
from field_core.operations import Operation, Set, Verdict, parse, to_json
from tests.core.making import KEY, OP_ID, edit, moving, photo
from tests.core.strategies import OPERATIONS


def raw(**members: object) -> dict[str, Any]:
    return {
        "kind": "set",
        "id": OP_ID,
        "n": 1,
        "key": KEY,
        "at": [1, 2, "boot-1"],
        "fields": {"subject": ["a", "b"]},
        **members,
    }


@given(OPERATIONS)
def test_parse_gives_back_what_to_json_wrote(operation: Operation) -> None:
    assert parse(json.loads(dump(to_json(operation)))) == operation


def test_to_json_then_short_names_and_no_defaults() -> None:
    assert to_json(moving("Paused")) == {
        "kind": "transition",
        "id": "0197a000-0000-7000-8000-000000000001",
        "n": 1,
        "key": KEY,
        "at": [1_777_000_000_000, 5_000, "boot-1"],
        "from": "On Site",
        "to": "Paused",
        "by": "DT-00007",
    }


def test_parse_then_members_of_a_newer_app_are_kept() -> None:
    assert to_json(parse(raw(mood="good")))["mood"] == "good"


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"kind": "explode"}, id="unknown kind"),
        pytest.param({"n": 0}, id="numbers start at one"),
        pytest.param({"n": 2**60}, id="number no store holds"),
        pytest.param({"rev": -1}, id="revision below zero"),
        pytest.param({"at": [10**30, 0, "b"]}, id="time no store holds"),
        pytest.param({"fields": {}}, id="nothing set"),
        pytest.param({"fields": {"status.": ["a", "b"]}}, id="second spelling of a field"),
        pytest.param({"fields": {"checklist.value": ["a", "b"]}}, id="path without a row"),
        pytest.param({"fields": {"": ["a", "b"]}}, id="path of nothing"),
        pytest.param({"fields": {"a": ["b"]}}, id="no new value"),
        pytest.param({"group": {"id": "g", "size": 51}}, id="group too large"),
    ],
)
def test_parse_then_what_is_no_operation_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        parse(raw(**changes))


@pytest.mark.parametrize("data", [None, 5, "set", [], {}])
def test_parse_of_another_shape_is_refused(data: object) -> None:
    with pytest.raises(ValidationError):
        parse(data)


def test_parse_then_text_that_would_break_a_store_is_repaired() -> None:
    poisoned = raw(fields={"subject": [float("nan"), "half \ud83d"]}, note="\0")

    operation = parse(poisoned)

    assert isinstance(operation, Set)
    assert operation.fields == {"subject": (None, "half \ufffd")}
    assert dump(to_json(operation)).encode()


def test_parse_then_deep_nesting_is_cut_rather_than_exhausting_the_stack() -> None:
    deep: Body = {}
    for _ in range(10 * DEPTH_MAX):
        deep = {"in": deep}

    operation = parse(raw(fields={"subject": [None, deep]}))

    assert len(dump(to_json(operation))) < 1_000


def test_an_operation_made_on_the_device_is_repaired_as_well() -> None:
    assert edit({"subject": (None, "a\0")}).fields == {"subject": (None, "a\ufffd")}


def test_operations_do_not_change() -> None:
    with pytest.raises(ValidationError):
        photo().size = 5  # type: ignore[misc]  # that is the point


def test_verdict_then_parked_and_rejected_wait_for_a_person() -> None:
    waiting = {verdict for verdict in Verdict if verdict.is_kept_for_review}

    assert waiting == {Verdict.PARKED, Verdict.REJECTED}
