"""One value changed on two sides: which is kept, and that the other is never just gone."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from field_core.canon import Json
from field_core.fields import Policy
from field_core.operations import Verdict
from field_core.results import Loser
from field_core.values import Value, merge_value, same
from tests.core.strategies import CANONICAL, NUMBERS, TEXT

POLICIES = st.sampled_from(Policy)
KEEPS_BOTH = {Policy.MAX, Policy.MIN, Policy.UNION}


@given(POLICIES, CANONICAL, CANONICAL)
def test_current_is_what_it_was_then_the_new_value_is_taken(
    policy: Policy, was: Json, now: Json
) -> None:
    assert merge_value(policy, was, now, was, "f") == Value(now, Verdict.APPLIED)


@given(POLICIES, CANONICAL, CANONICAL)
def test_current_is_already_the_new_value_then_nothing_happens(
    policy: Policy, was: Json, now: Json
) -> None:
    assert merge_value(policy, was, now, now, "f") == Value(now, Verdict.APPLIED)


@given(st.sampled_from(sorted(set(Policy) - KEEPS_BOTH)), CANONICAL, CANONICAL, CANONICAL)
def test_both_changed_then_the_value_that_is_not_kept_is_recorded(
    policy: Policy, was: Json, now: Json, current: Json
) -> None:
    assume(not same(current, was) and not same(current, now))

    merged = merge_value(policy, was, now, current, "f")

    if policy is Policy.DEVICE:
        assert merged == Value(now, Verdict.MERGED, (Loser("f", was, now, current),))
    else:
        assert merged == Value(current, Verdict.SUPERSEDED, (Loser("f", was, current, now),))


@given(POLICIES, CANONICAL, CANONICAL, CANONICAL)
def test_merging_twice_changes_nothing_more(
    policy: Policy, was: Json, now: Json, current: Json
) -> None:
    once = merge_value(policy, was, now, current, "f").kept

    assert same(merge_value(policy, was, now, once, "f").kept, once)


@given(st.lists(TEXT, max_size=5) | st.lists(NUMBERS, max_size=5), st.data())
def test_max_and_min_then_order_of_arrival_does_not_matter(
    values: list[Json], data: st.DataObject
) -> None:
    other_order = data.draw(st.permutations(values))
    for policy in (Policy.MAX, Policy.MIN):
        kept = [_folded(policy, order) for order in (values, other_order)]

        assert kept[0] == kept[1]


def _folded(policy: Policy, values: list[Json]) -> Json:
    current: Json = None
    for value in values:
        current = merge_value(policy, "never", value, current, "f").kept
    return current


@pytest.mark.parametrize(
    ("policy", "now", "current", "kept"),
    [
        pytest.param(Policy.MAX, 3, 2.5, 3, id="whole and broken numbers compare"),
        pytest.param(Policy.MIN, 3, 2.5, 2.5, id="least"),
        pytest.param(Policy.MAX, None, 2, 2, id="emptied here, filled there"),
        pytest.param(Policy.MIN, 2, None, 2, id="filled here, emptied there"),
        pytest.param(Policy.UNION, [1, "b"], ["a", 1], ["a", 1, "b"], id="union"),
        pytest.param(Policy.UNION, [1], [True], [True, 1], id="a check mark is not one"),
        pytest.param(Policy.UNION, [1], None, [1], id="union with nothing"),
        pytest.param(Policy.MAX, True, False, True, id="check marks compare"),
    ],
)
def test_policies_that_keep_both_then_nothing_is_lost(
    policy: Policy, now: Json, current: Json, kept: Json
) -> None:
    assert merge_value(policy, "was", now, current, "f") == Value(kept, Verdict.MERGED)


@pytest.mark.parametrize(
    ("policy", "now", "current"),
    [
        pytest.param(Policy.MAX, "9", 10, id="text and number"),
        pytest.param(Policy.MIN, 1, True, id="number and check mark"),
        pytest.param(Policy.MAX, [1], [2], id="lists have no greatest"),
        pytest.param(Policy.UNION, "a", ["b"], id="not a list here"),
        pytest.param(Policy.UNION, ["a"], "", id="not a list there"),
    ],
)
def test_values_that_cannot_be_combined_then_current_stays_and_the_other_is_recorded(
    policy: Policy, now: Json, current: Json
) -> None:
    merged = merge_value(policy, "was", now, current, "f")

    assert merged == Value(current, Verdict.SUPERSEDED, (Loser("f", "was", current, now),))


@pytest.mark.parametrize(
    ("one", "other", "are_same"),
    [
        (1, 1.0, True),
        (1, True, False),
        ([1, {"a": 0}], [1.0, {"a": 0.0}], True),
        ([{"a": 1}], [{"a": True}], False),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ("1", 1, False),
        (None, False, False),
    ],
)
def test_same_compares_as_json_does(one: Json, other: Json, are_same: bool) -> None:  # noqa: FBT001 - drawn by name
    assert same(one, other) is are_same
