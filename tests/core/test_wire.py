"""Messages between a device and the server: whole after the way, patient with newer ones."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from field_core.canon import Body
from field_core.operations import Verdict
from field_core.wire import (
    OPS_PER_CALL_MAX,
    SCHEMA,
    SCHEMA_SUPPORTED_MIN,
    Change,
    FetchReply,
    FetchRequest,
    Outcome,
    SnapshotOffer,
    SnapshotPart,
    SumsReply,
    SumsRequest,
    SyncReply,
    SyncRequest,
    upcast,
)
from tests.core.making import stamp
from tests.core.strategies import BODIES, JSON, OPERATIONS, STAMPS, TEXT, UUIDS

COUNTS = st.integers(0, 2**53)
DETAILS = st.none() | BODIES
OUTCOMES = st.builds(
    Outcome,
    n=COUNTS,
    verdict=st.sampled_from(Verdict),
    seq=COUNTS,
    problem=st.none() | TEXT,
    details=DETAILS,
    office=st.sampled_from([None, "waiting", "stored", "review"]),
)
PATCHES = st.none() | st.dictionaries(TEXT, JSON, max_size=3)
CHANGES = st.builds(
    Change,
    key=UUIDS,
    doctype=st.none() | TEXT,
    rev=COUNTS,
    body=st.none() | BODIES,
    patch=PATCHES,
    gone=st.booleans(),
)
PAIRS = st.tuples(COUNTS, st.text("0123456789abcdef", min_size=16, max_size=16))
OFFERS = st.builds(
    SnapshotOffer,
    url=TEXT,
    sha256=TEXT,
    size=COUNTS,
    cursor=TEXT,
    seq=COUNTS,
    parts=st.lists(st.builds(SnapshotPart, size=COUNTS, documents=COUNTS), max_size=3),
)
MESSAGES: st.SearchStrategy[BaseModel] = st.one_of(
    st.builds(
        SyncRequest,
        cursor=st.none() | TEXT,
        ops=st.lists(BODIES, max_size=3),
        now=STAMPS,
        digest=st.none() | TEXT,
        heads=st.none() | st.dictionaries(TEXT, COUNTS, max_size=2),
    ),
    st.builds(
        SyncReply,
        outcomes=st.lists(OUTCOMES, max_size=3),
        changes=st.lists(CHANGES, max_size=3),
        since=st.none() | TEXT,
        cursor=st.none() | TEXT,
        seq=COUNTS,
        more=st.booleans(),
        digest=st.none() | TEXT,
        last_n=COUNTS,
        now_ms=COUNTS,
        snapshot=st.none() | OFFERS,
        order=st.sampled_from([None, "drain", "wipe"]),
        upgrade=st.booleans(),
    ),
    st.builds(SumsRequest, cursor=TEXT, sums=st.dictionaries(TEXT, PAIRS, max_size=2)),
    st.builds(
        SumsReply,
        cursor=TEXT,
        differing=st.dictionaries(TEXT, st.dictionaries(UUIDS, PAIRS, max_size=2), max_size=2),
    ),
    st.builds(FetchRequest, keys=st.lists(UUIDS, max_size=3)),
    st.builds(FetchReply, changes=st.lists(CHANGES, max_size=3), seq=COUNTS),
)


@given(MESSAGES, st.booleans())
def test_message_then_whole_after_the_way(message: BaseModel, spare: bool) -> None:  # noqa: FBT001 - drawn by name
    text = message.model_dump_json(by_alias=True, exclude_defaults=spare)

    assert type(message).model_validate_json(text) == message


@given(MESSAGES)
def test_message_then_members_of_a_newer_version_are_ignored(message: BaseModel) -> None:
    newer = {**message.model_dump(by_alias=True), "mood": "good"}

    assert type(message).model_validate(newer) == message


def test_patch_then_null_still_says_that_a_field_is_gone() -> None:
    change = Change(key="k", rev=3, patch={"work_notes": None})

    written = change.model_dump(mode="json", exclude_none=True, exclude_defaults=True)

    assert written == {"key": "k", "rev": 3, "patch": {"work_notes": None}}


def test_request_then_the_schema_travels_under_its_short_name() -> None:
    written = SyncRequest(now=stamp()).model_dump(by_alias=True)

    assert written["schema"] == SCHEMA
    assert SyncRequest.model_validate({**written, "schema": 9}).schema_app == 9


def test_request_with_too_many_operations_is_refused() -> None:
    ops: list[Any] = [{}] * (OPS_PER_CALL_MAX + 1)

    with pytest.raises(ValidationError):
        SyncRequest(now=stamp(), ops=ops)


def test_request_then_an_operation_no_store_could_hold_is_repaired_where_it_enters() -> None:
    request = SyncRequest(now=stamp(), ops=["\ud800", {"n": 1, "note": "\0"}, float("nan")])

    assert request.ops == ["\ufffd", {"n": 1, "note": "\ufffd"}, None]


# --- operations of other versions ---------------------------------------------------------------


def rename(old: str, new: str) -> Any:  # noqa: ANN401 - an upcaster
    return lambda body: {new if name == old else name: item for name, item in body.items()}


STEPS = {1: rename("a", "b"), 2: rename("b", "c"), 4: rename("c", "d")}


@pytest.mark.parametrize(
    ("made", "to", "name"),
    [(1, 1, "a"), (1, 2, "b"), (1, 3, "c"), (1, 4, "c"), (1, 5, "d"), (2, 5, "a"), (-1, 2, "b")],
)
def test_upcast_then_each_step_on_the_way_in_order(made: int, to: int, name: str) -> None:
    operation: Body = {"schema": made, "a": 1}

    assert upcast(operation, to=to, upcasters=STEPS) == {"schema": to, name: 1}


def test_upcast_then_an_operation_without_schema_was_made_under_the_first() -> None:
    assert upcast({"a": 1}, to=2, upcasters=STEPS) == {"schema": 2, "b": 1}
    assert upcast({"a": 1}, to=1, upcasters=STEPS) == {"a": 1}


@pytest.mark.parametrize("made", ["two", None, [1], 1.5])
def test_upcast_then_a_schema_that_is_no_number_counts_as_the_first(made: Any) -> None:  # noqa: ANN401 - anything at all
    assert upcast({"schema": made, "a": 1}, to=2, upcasters=STEPS) == {"schema": 2, "b": 1}


def test_upcast_of_an_absurd_schema_takes_no_time() -> None:
    assert upcast({"schema": -(10**18), "a": 1}, to=2, upcasters=STEPS) == {"schema": 2, "b": 1}


@given(OPERATIONS.map(lambda operation: operation.model_dump(by_alias=True)))
def test_upcast_of_an_operation_of_a_newer_app_leaves_it_alone(operation: Body) -> None:
    newer = {**operation, "schema": 7}

    assert upcast(newer, to=5, upcasters=STEPS) is newer


def test_two_schemas_back_are_supported() -> None:
    assert SCHEMA_SUPPORTED_MIN == SCHEMA - 2
