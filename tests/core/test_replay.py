"""The view: the server's word with what it does not contain yet on top."""

import copy

from hypothesis import given
from hypothesis import strategies as st

from field_core.canon import Body, hash8
from field_core.operations import Operation
from field_core.replay import Held, changes_between, replay
from tests.core.making import NOON, adding, creating, edit, job, moving, removing
from tests.core.strategies import BODIES, OPERATIONS

BASE = Held("Dispatch Job", job())


def shown(base: Held | None, *operations: Operation) -> Held | None:
    return replay(base, [(operation, NOON) for operation in operations])


def test_nothing_pending_then_the_view_is_the_servers_word() -> None:
    assert shown(BASE) is BASE
    assert shown(None) is None


def test_pending_edits_then_they_build_on_each_other() -> None:
    view = shown(
        BASE,
        edit({"work_notes": (None, "a")}, n=1),
        edit({"work_notes": ("a", "b")}, n=2),
        moving("Paused", n=3),
    )

    assert view is not None
    assert (view.body["work_notes"], view.body["status"]) == ("b", "Paused")


def test_made_here_then_the_create_carries_the_doctype() -> None:
    view = shown(
        None,
        creating("Service Equipment", {"model": "X"}, n=1),
        edit({"model": ("X", "Y")}, n=2),
    )

    assert view == Held("Service Equipment", {"model": "Y"})


def test_made_here_and_removed_here_then_nothing_is_shown() -> None:
    assert shown(None, creating("Service Equipment", {"model": "X"}), removing(n=2)) is None


def test_operation_that_would_be_parked_leaves_the_view_as_it_is() -> None:
    missing_row = edit({"checklist.r1.value": ("a", "b")})

    assert shown(BASE, missing_row) == BASE
    assert shown(None, missing_row) is None


@given(BODIES, st.lists(OPERATIONS, max_size=4))
def test_replay_never_changes_the_base(body: Body, operations: list[Operation]) -> None:
    base = Held("Dispatch Job", copy.deepcopy(body))

    shown(base, *operations)

    assert hash8(base.body) == hash8(body)


@given(BODIES, BODIES)
def test_changes_between_then_copying_them_makes_the_hashes_equal(
    before: Body, after: Body
) -> None:
    names = changes_between(before, after)

    patched = {name: value for name, value in before.items() if name not in names}
    patched |= {name: after[name] for name in names & after.keys()}

    assert hash8(patched) == hash8(after)


def test_changes_between_then_equal_values_of_another_spelling_are_changes() -> None:
    before: Body = {"a": 1, "b": 1, "c": "x", "d": [1], "e": [1, 2], "gone": 0}
    after: Body = {"a": 1.0, "b": True, "c": "x", "d": [True], "e": [1, 2], "new": 0}

    assert changes_between(before, after) == {"a", "b", "d", "gone", "new"}


def test_appended_rows_then_the_view_holds_them_in_order() -> None:
    view = shown(BASE, adding("notes", "n1", {"text": "a"}), adding("notes", "n2", {}, n=2))

    assert view is not None
    assert view.body["notes"] == [{"id": "n1", "text": "a"}, {"id": "n2"}]
