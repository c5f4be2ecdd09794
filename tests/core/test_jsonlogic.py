"""JSONLogic: the published cases, and no rule that fails otherwise than it says."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_core.canon import Json
from field_core.jsonlogic import JsonLogicError, apply, truth
from field_core.jsonlogic.run import DEPTH_MAX
from field_core.values import same
from tests.core.strategies import JSON

CASES = json.loads(
    (Path(__file__).parents[1] / "fixtures" / "jsonlogic_tests.json").read_text(encoding="utf-8")
)
"""Published by json-logic/compat-tables (Apache-2.0), with the classic table of jsonlogic.com by
Jeremy Wadhams (MIT); the file's first line says which revision.
"""
OPERATORS = [
    "var",
    "missing",
    "missing_some",
    "if",
    "?:",
    "and",
    "or",
    "!",
    "!!",
    "==",
    "===",
    "!=",
    "!==",
    "<",
    "<=",
    ">",
    ">=",
    "max",
    "min",
    "+",
    "-",
    "*",
    "/",
    "%",
    "map",
    "filter",
    "reduce",
    "all",
    "none",
    "some",
    "in",
    "cat",
    "substr",
    "merge",
    "log",
    "nonsense",
]

RULES = st.recursive(
    JSON,
    lambda inner: st.dictionaries(
        st.sampled_from(OPERATORS), inner | st.lists(inner, max_size=4), min_size=1, max_size=1
    ),
    max_leaves=12,
)


def published() -> list[dict[str, Any]]:
    return [case for case in CASES if not isinstance(case, str)]


def test_there_are_as_many_published_cases_as_their_file_says() -> None:
    assert len(published()) == 278


@pytest.mark.parametrize("case", published(), ids=lambda case: case["description"])
def test_published_case_has_the_published_result(case: dict[str, Any]) -> None:
    assert same(apply(case["rule"], case.get("data")), case["result"])


@given(RULES, JSON)
def test_any_rule_has_an_answer_or_says_that_it_has_none(rule: Json, data: Json) -> None:
    try:
        answer = apply(rule, data)
    except JsonLogicError:
        return
    assert same(apply(rule, data), answer)


@given(JSON, JSON)
def test_not_equal_is_the_opposite_of_equal(one: Json, other: Json) -> None:
    data = {"one": one, "other": other}
    both: Json = [{"var": "one"}, {"var": "other"}]

    for equal, unequal in (("==", "!="), ("===", "!==")):
        assert apply({equal: both}, data) is not apply({unequal: both}, data)


@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=8))
def test_numbers_are_reckoned_as_python_does(numbers: list[int]) -> None:
    data: Json = {"numbers": [*numbers]}
    each: Json = [{"var": f"numbers.{at}"} for at in range(len(numbers))]

    assert apply({"+": each}, data) == sum(numbers)
    assert apply({"max": each}, data) == max(numbers)
    assert apply({"min": each}, data) == min(numbers)


@given(st.lists(JSON, max_size=5))
def test_some_is_the_opposite_of_none_and_follows_from_filter(items: list[Json]) -> None:
    data: Json = {"items": items}
    rule: list[Json] = [{"var": "items"}, {"var": ""}]

    some = apply({"some": rule}, data)

    assert some is not apply({"none": rule}, data)
    assert some is truth(apply({"filter": rule}, data))


@pytest.mark.parametrize(
    "rule",
    [
        {"log": "x"},
        {"nonsense": []},
        {"+": ["x", 1]},
        {"+": []},
        {"+": [[1], 1]},
        {"/": [1, 0]},
        {"/": [1]},
        {"%": [1, 0]},
        {"%": [1]},
        {"*": [1e200, 1e200]},
        {"+": [1e308, 1e308]},
        {"max": []},
        {"substr": ["text", "x"]},
        {"substr": ["text", 0, "x"]},
        {"+": [10**400]},
    ],
)
def test_rule_that_makes_no_sense_has_no_answer(rule: Json) -> None:
    with pytest.raises(JsonLogicError):
        apply(rule, None)


def test_rule_that_nests_too_deep_has_no_answer() -> None:
    rule: Json = True
    for _ in range(DEPTH_MAX):
        rule = {"!": [rule]}

    with pytest.raises(JsonLogicError, match="deep"):
        apply(rule, None)


@pytest.mark.parametrize(
    "doubled",
    [
        {"merge": [{"var": "accumulator"}, {"var": "accumulator"}]},
        {"cat": [{"var": "accumulator"}, {"var": "accumulator"}]},
        [{"var": "accumulator"}, {"var": "accumulator"}],
    ],
)
def test_rule_that_doubles_what_it_holds_runs_out_of_means(doubled: Json) -> None:
    rule: Json = {"reduce": [{"var": ""}, doubled, "x"]}

    with pytest.raises(JsonLogicError, match="costs"):
        apply(rule, [*range(200)])


def test_data_nested_without_end_has_no_answer_rather_than_an_accident() -> None:
    data: Json = 1
    for _ in range(100_000):
        data = [data]

    with pytest.raises(JsonLogicError):
        apply({"===": [{"var": "0"}, {"var": "0"}]}, [data])


def test_rule_of_two_names_is_data() -> None:
    assert apply({"a": 1, "b": 2}, None) == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    ("rule", "answer"),
    [
        ({"==": [None, None]}, True),
        ({"==": [None, 0]}, False),
        ({"==": [[1], [1.0]]}, True),
        ({"==": [[1], 1]}, False),
        ({"==": ["a", "a"]}, True),
        ({"==": [True, 1]}, True),
        ({"==": ["x", 1]}, False),
        ({"==": ["", 0]}, True),
        ({"===": [True, 1]}, False),
        ({"<": ["a", "b"]}, True),
        ({"<=": ["b", "a"]}, False),
        ({">": ["x", 1]}, False),
        ({"!!": [{"a": 1, "b": 2}]}, True),
        ({"cat": [None, True, 2.5, 3.0, [1]]}, "true2.53[1]"),
        ({"%": [-7, 3]}, -1),
        ({"in": ["1", 5]}, False),
        ({"var": ["a", {"+": [1, 1]}]}, 2),
        ({"var": "a.b"}, None),
        ({"and": []}, None),
        ({"or": []}, None),
        ({"missing_some": [1, "a"]}, []),
    ],
)
def test_values_count_as_in_a_browser(rule: Json, answer: Json) -> None:
    assert same(apply(rule, {"a": None}), answer)
