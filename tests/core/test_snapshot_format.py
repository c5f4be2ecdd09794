"""Documents as columns and back."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_core.canon import Body, dump
from field_core.snapshot_format import Stored, decode_frame, encode_frame
from tests.core.strategies import JSON, TEXT, UUIDS

DOCUMENTS = st.lists(
    st.builds(
        Stored,
        key=UUIDS,
        doctype=TEXT,
        rev=st.integers(0, 2**53),
        body=st.dictionaries(st.sampled_from(["a", "b", ""]) | TEXT, JSON, max_size=4),
    ),
    max_size=8,
)


def exactly(documents: list[Stored]) -> list[str]:
    """Spell documents out: to Python 1, 1.0 and true would be the same."""
    return sorted(dump([d.key, d.doctype, d.rev, d.body]) for d in documents)


@given(DOCUMENTS)
def test_decode_frame_gives_back_what_encode_frame_wrote(documents: list[Stored]) -> None:
    assert exactly(list(decode_frame(encode_frame(documents)))) == exactly(documents)


def test_encode_frame_then_documents_with_the_same_fields_stand_side_by_side() -> None:
    bodies: list[Body] = [{"b": 1, "a": "x"}, {"a": "y", "b": 2}, {"a": "z"}]
    frame = encode_frame(Stored(f"k{i}", "Item", i, body) for i, body in enumerate(bodies))

    assert json.loads(frame) == [
        {
            "doctype": "Item",
            "fields": ["a", "b"],
            "keys": ["k0", "k1"],
            "revs": [0, 1],
            "columns": [["x", "y"], [1, 2]],
        },
        {"doctype": "Item", "fields": ["a"], "keys": ["k2"], "revs": [2], "columns": [["z"]]},
    ]


def test_encode_frame_then_the_order_of_first_appearance_is_kept() -> None:
    documents = [Stored("k1", "B", 1, {"a": 1}), Stored("k2", "A", 1, {"a": 1})]

    assert list(decode_frame(encode_frame(documents))) == documents


def group(**changes: Any) -> bytes:  # noqa: ANN401 - any wrong thing
    whole = {"doctype": "Item", "fields": ["a"], "keys": ["k"], "revs": [1], "columns": [[1]]}
    return json.dumps([{**whole, **changes}]).encode()


@pytest.mark.parametrize(
    "frame",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"[{", id="cut short"),
        pytest.param(b"\xff\xfe\xfd", id="no text"),
        pytest.param(b"5", id="a number"),
        pytest.param(b"[5]", id="no group"),
        pytest.param(b'{"a": 1}', id="an object"),
        pytest.param(b"[{}]", id="nothing in the group"),
        pytest.param(group(keys=["k", "l"]), id="more keys than rows"),
        pytest.param(group(columns=[[1], [2]]), id="more columns than fields"),
        pytest.param(group(revs=[]), id="a revision is missing"),
        pytest.param(group(columns=[5]), id="a column that is no list"),
        pytest.param(group(fields=[["a"]]), id="a name that is no text"),
    ],
)
def test_decode_frame_of_something_else_raises_value_error(frame: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        list(decode_frame(frame))
