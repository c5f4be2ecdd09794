"""What can turn up: any JSON, any document body, any operation."""

from typing import Any

from hypothesis import strategies as st

from field_core.canon import Body, Json, canonical, canonical_body
from field_core.device_time import Stamp
from field_core.operations import (
    Append,
    Attach,
    Create,
    Group,
    Operation,
    Remove,
    Set,
    Transition,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
NAMES = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=8)
NUMBERS = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
SCALARS: st.SearchStrategy[Json] = st.none() | st.booleans() | NUMBERS | TEXT
JSON: st.SearchStrategy[Json] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
CANONICAL = JSON.map(canonical)
BODIES: st.SearchStrategy[Body] = st.dictionaries(NAMES, JSON, max_size=5).map(canonical_body)

UUIDS = st.uuids().map(str)
STAMPS = st.builds(
    Stamp,
    wall_ms=st.integers(0, 4_000_000_000_000),
    mono_ms=st.integers(0, 10_000_000_000),
    boot=UUIDS,
)
PATHS = NAMES | st.tuples(NAMES, UUIDS, NAMES).map(".".join)


def _common() -> dict[str, st.SearchStrategy[Any]]:
    return {
        "id": UUIDS,
        "n": st.integers(1, 2**53),
        "key": UUIDS,
        "rev": st.integers(0, 2**53),
        "at": STAMPS,
        "schema_made": st.integers(1, 5),
        "group": st.none() | st.builds(Group, id=UUIDS, size=st.integers(1, 50)),
    }


OPERATIONS: st.SearchStrategy[Operation] = st.one_of(
    st.builds(
        Set,
        fields=st.dictionaries(PATHS, st.tuples(JSON, JSON), min_size=1, max_size=3),
        **_common(),
    ),
    st.builds(
        Transition,
        from_status=TEXT,
        to_status=TEXT,
        reason=st.none() | TEXT,
        by=st.none() | TEXT,
        **_common(),
    ),
    st.builds(Append, list_name=NAMES, item_id=UUIDS, item=BODIES, **_common()),
    st.builds(
        Attach,
        sha256=st.text("0123456789abcdef", min_size=64, max_size=64),
        size=st.integers(1, 10**9),
        mime=st.sampled_from(["image/jpeg", "image/png"]),
        role=NAMES,
        list_name=st.none() | NAMES,
        item_id=st.none() | UUIDS,
        field=st.none() | PATHS,
        item=BODIES,
        **_common(),
    ),
    st.builds(Create, doctype=TEXT, body=BODIES, **_common()),
    st.builds(Remove, reason=TEXT.filter(bool), **_common()),
)
