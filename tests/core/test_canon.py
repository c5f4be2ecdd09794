"""Canonical JSON, its hash and the sums that two holders of the same documents compare."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_core.canon import (
    DEPTH_MAX,
    Body,
    Json,
    add64,
    canonical,
    canonical_body,
    digest,
    dump,
    hash8,
    negate64,
    put,
    storable,
    sum64,
)
from tests.core.strategies import BODIES, CANONICAL, JSON, NAMES, TEXT

SHARES = st.integers(0, 2**64 - 1)


def test_canonical_body_then_null_members_are_gone_at_every_depth_and_list_places_stay() -> None:
    body: Body = {"a": None, "b": [None, {"c": None, "d": 0}], "e": "", "f": False}

    assert canonical_body(body) == {"b": [None, {"d": 0}], "e": "", "f": False}


@given(JSON)
def test_canonical_twice_is_canonical(value: Json) -> None:
    assert canonical(canonical(value)) == canonical(value)


@given(st.dictionaries(NAMES, JSON), st.randoms(use_true_random=False))
def test_dump_then_order_of_members_does_not_matter(body: Body, chance: random.Random) -> None:
    names = list(body)
    chance.shuffle(names)

    assert dump({name: body[name] for name in names}) == dump(body)
    assert hash8({name: body[name] for name in names}) == hash8(body)


@given(JSON)
def test_dump_then_reading_it_gives_the_value_back(value: Json) -> None:
    assert json.loads(dump(value)) == value


def test_dump_spells_text_as_it_is_and_leaves_no_space() -> None:
    assert dump({"b": [1, 1.0, True], "a": "été"}) == '{"a":"été","b":[1,1.0,true]}'


def test_hash8_is_a_fixed_function_of_content() -> None:
    """As `b2sum -l 64` gives for the canonical text."""
    assert hash8({}) == "01e7b720ff566d53"
    assert hash8({"subject": "été", "done": True}) == "de3c671a331d59c6"


@given(BODIES, BODIES)
def test_hash8_differs_when_content_differs(one: Body, other: Body) -> None:
    assert (hash8(one) == hash8(other)) == (dump(one) == dump(other))


def test_sum64_depends_on_key_revision_and_hash() -> None:
    shares = {
        sum64("k", 1, "aa"),
        sum64("k", 2, "aa"),
        sum64("k", 1, "ab"),
        sum64("l", 1, "aa"),
    }

    assert len(shares) == 4
    assert all(0 <= share < 2**64 for share in shares)


@given(st.lists(SHARES), st.randoms(use_true_random=False))
def test_add64_then_order_does_not_matter(shares: list[int], chance: random.Random) -> None:
    shuffled = shares.copy()
    chance.shuffle(shuffled)

    assert add64(*shuffled) == add64(*shares)
    assert add64(add64(*shares[:2]), *shares[2:]) == add64(*shares)


@given(SHARES, SHARES)
def test_negate64_undoes_add64(total: int, share: int) -> None:
    assert add64(add64(total, share), negate64(share)) == total


@given(st.lists(SHARES))
def test_digest_is_16_digits_of_the_sum(sums: list[int]) -> None:
    assert len(digest(sums)) == 16
    assert int(digest(sums), 16) == add64(*sums)


def test_put_null_takes_the_member_out_and_null_twice_is_no_error() -> None:
    body: Body = {"a": 1}

    put(body, "b", 2)
    put(body, "a", None)
    put(body, "a", None)

    assert body == {"b": 2}


@given(CANONICAL)
def test_storable_then_ordinary_json_is_untouched(value: Json) -> None:
    assert dump(storable(value)) == dump(value)


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        pytest.param("a\ud800b", "a\ufffdb", id="half a surrogate pair"),
        pytest.param("\ud83d\ude00", "😀", id="two halves apart are joined"),
        pytest.param("a\0b", "a\ufffdb", id="NUL"),
        pytest.param(float("nan"), None, id="not a number"),
        pytest.param(float("-inf"), None, id="infinity"),
        pytest.param({"\udfff": [1, "\0"]}, {"\ufffd": [1, "\ufffd"]}, id="inside"),
        pytest.param(("a", 1), ["a", 1], id="a tuple is an array"),
    ],
)
def test_storable_then_what_no_store_holds_is_replaced(given_: Json, kept: Json) -> None:
    assert storable(given_) == kept


def test_storable_then_nesting_ends_at_the_limit() -> None:
    deep: Json = "bottom"
    for level in range(2 * DEPTH_MAX):
        deep = [deep] if level % 2 else {"in": deep}

    kept = storable(deep)

    assert dump(kept).count("[") + dump(kept).count("{") == DEPTH_MAX
    assert "null" in dump(kept)


@given(st.recursive(st.text() | st.floats() | TEXT, st.lists))
def test_storable_then_every_encoder_takes_it(value: Json) -> None:
    text = dump(storable(value))

    assert "\0" not in text
    assert json.loads(text.encode(), parse_constant=pytest.fail) == storable(value)
