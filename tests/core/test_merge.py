"""What an operation does to a document: taken, merged, superseded or parked; never just lost."""

import copy
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_core.canon import Body, Json, dump
from field_core.doctypes import UNKNOWN, spec_of
from field_core.fields import Owner
from field_core.merge import Loser, Result, apply
from field_core.operations import Operation, Verdict
from field_core.problems import Problem
from tests.core.making import (
    NOON,
    SHA,
    adding,
    applied,
    creating,
    edit,
    job,
    moving,
    op_id,
    photo,
    removing,
    signature,
)
from tests.core.strategies import BODIES, CANONICAL, OPERATIONS

FIELDS = ("subject", "work_notes", "started_at", "completed_at", "customer_mood", "signature")
EDITS = st.dictionaries(
    st.sampled_from((*FIELDS, "checklist.r1.value", "checklist.r1.step", "materials.m1.qty")),
    st.tuples(CANONICAL, CANONICAL),
    min_size=1,
)
VALUES = st.dictionaries(st.sampled_from(FIELDS), CANONICAL.filter(lambda v: v is not None))
ROW: Body = {"id": "r1", "step": "Read power", "value": "-20"}
CHECKLISTS: list[Json] = [[], [ROW], [{"id": "r0"}, ROW, {"id": "r2"}]]


@st.composite
def jobs(draw: st.DrawFn) -> Body:
    checklist: Json = draw(st.sampled_from(CHECKLISTS))
    return job(**draw(VALUES), checklist=checklist, materials=[{"id": "m1", "qty": 1}])


# --- every operation ------------------------------------------------------------------------


@given(OPERATIONS, BODIES | st.none())
def test_apply_never_changes_its_arguments(operation: Operation, body: Body | None) -> None:
    body_before, operation_before = copy.deepcopy(body), operation.model_copy(deep=True)

    apply(operation, body, spec=UNKNOWN, when=NOON)

    assert body == body_before
    assert operation == operation_before


@given(EDITS, jobs())
def test_set_never_changes_the_document_it_is_given(
    edits: dict[str, tuple[Json, Json]], body: Body
) -> None:
    before = dump(body)

    applied(edit(edits), body)

    assert dump(body) == before


@given(OPERATIONS, BODIES)
def test_any_operation_twice_changes_nothing_more(operation: Operation, body: Body) -> None:
    once = apply(operation, body, spec=UNKNOWN, when=NOON).body

    assert apply(operation, once, spec=UNKNOWN, when=NOON).body == once


@given(EDITS, jobs())
def test_set_twice_changes_nothing_more(edits: dict[str, tuple[Json, Json]], body: Body) -> None:
    once = applied(edit(edits), body).body

    assert applied(edit(edits), once).body == once


@given(OPERATIONS, BODIES)
def test_parked_then_the_document_is_untouched_and_the_problem_is_named(
    operation: Operation, body: Body
) -> None:
    result = apply(operation, body, spec=UNKNOWN, when=NOON)

    assert (result.verdict is Verdict.PARKED) == (result.problem is not None)
    if result.problem:
        assert result.body is body


@pytest.mark.parametrize(
    "operation",
    [edit({"subject": (None, "a")}), moving("Paused"), adding("notes", "n1", {}), photo()],
    ids=lambda operation: operation.kind,
)
def test_a_document_that_is_not_here_then_the_operation_waits(operation: Operation) -> None:
    parked = Result(None, Verdict.PARKED, problem=Problem("unknown-document"))

    assert applied(operation, None) == parked


# --- set --------------------------------------------------------------------------------------


def test_set_field_unchanged_since_is_taken() -> None:
    result = applied(edit({"subject": ("Install", "Repair")}), job())

    assert result == Result(job(subject="Repair"), Verdict.APPLIED)


def test_set_to_null_takes_the_field_out() -> None:
    result = applied(edit({"work_notes": ("old", None)}), job(work_notes="old"))

    assert result == Result(job(), Verdict.APPLIED)


def test_set_office_field_changed_since_keeps_the_office_and_records_the_other() -> None:
    body = job(description="by the office")

    result = applied(edit({"description": (None, "by the phone")}), body)

    loser = Loser("description", None, "by the office", "by the phone")
    assert result == Result(body, Verdict.SUPERSEDED, (loser,))


def test_set_technician_field_changed_since_takes_the_phone_and_records_the_other() -> None:
    result = applied(edit({"work_notes": (None, "by the phone")}), job(work_notes="by the office"))

    loser = Loser("work_notes", None, "by the phone", "by the office")
    assert result == Result(job(work_notes="by the phone"), Verdict.MERGED, (loser,))


def test_set_field_that_no_model_describes_is_put_before_a_person() -> None:
    result = applied(edit({"customer_mood": ("good", "bad")}), job(customer_mood="fair"))

    loser = Loser("customer_mood", "good", "fair", "bad")
    assert result == Result(job(customer_mood="fair"), Verdict.SUPERSEDED, (loser,))


def test_set_start_time_changed_since_keeps_the_earlier() -> None:
    result = applied(edit({"started_at": (None, "2026-04-27T12")}), job(started_at="2026-04-27T13"))

    assert result == Result(job(started_at="2026-04-27T12"), Verdict.MERGED)


def test_set_several_fields_of_which_some_are_taken_is_merged() -> None:
    fields: dict[str, tuple[Json, Json]] = {"subject": ("Install", "A"), "description": (None, "B")}

    result = applied(edit(fields), job(description="C"))

    loser = Loser("description", None, "C", "B")
    assert result == Result(job(subject="A", description="C"), Verdict.MERGED, (loser,))


def test_set_field_of_a_row_then_only_that_row_changes() -> None:
    body = job(checklist=[{"id": "r0"}, ROW, {"id": "r2"}])

    result = applied(edit({"checklist.r1.value": ("-20", "-19.5")}), body)

    rows: Json = [{"id": "r0"}, {**ROW, "value": "-19.5"}, {"id": "r2"}]
    assert result == Result(job(checklist=rows), Verdict.APPLIED)


def test_set_field_of_a_row_whose_id_holds_dots_finds_the_row() -> None:
    result = applied(edit({"materials.a.b.qty": (1, 2)}), job(materials=[{"id": "a.b", "qty": 1}]))

    assert result.body == job(materials=[{"id": "a.b", "qty": 2}])


@pytest.mark.parametrize("rows", [None, [], [{"id": "r2"}], ["r1"]])
def test_set_field_of_a_row_that_is_gone_parks_all_of_it(rows: Json) -> None:
    body = job() if rows is None else job(checklist=rows)

    result = applied(edit({"subject": ("Install", "A"), "checklist.r1.value": ("1", "2")}), body)

    problem = Problem("row-missing", {"field": "checklist.r1.value"})
    assert result == Result(body, Verdict.PARKED, problem=problem)


@pytest.mark.parametrize("value", ["text", [1], [{"tag": "fibre"}], {"id": "r1"}])
def test_set_table_to_something_else_than_rows_is_parked(value: Json) -> None:
    result = applied(edit({"tags": (None, value)}), job())

    assert result.problem == Problem("invalid-value", {"field": "tags"})


@pytest.mark.parametrize("rows", [None, [], [{"id": "t1", "tag": "fibre"}]])
def test_set_whole_table_unchanged_since_is_taken(rows: Json) -> None:
    before: Json = [{"id": "t0"}]

    result = applied(edit({"tags": (before, rows)}), job(tags=before))

    assert result.body == (job() if rows is None else job(tags=rows))


def test_set_whole_table_changed_since_is_put_before_a_person() -> None:
    body = job(tags=[{"id": "t0"}, {"id": "t1"}])

    result = applied(edit({"tags": ([{"id": "t0"}], [])}), body)

    loser = Loser("tags", [{"id": "t0"}], body["tags"], [])
    assert result == Result(body, Verdict.SUPERSEDED, (loser,))


@given(EDITS, jobs())
def test_set_then_every_value_of_both_sides_is_kept_or_recorded(
    edits: dict[str, tuple[Json, Json]], body: Body
) -> None:
    result = applied(edit(edits), body)
    if result.body is None or result.verdict is Verdict.PARKED:
        return
    recorded = {loser.field: loser for loser in result.losers}
    for path, (was, now) in edits.items():
        before, after = _at(body, path), _at(result.body, path)
        seen = dump(before) == dump(was) or path in ("started_at", "completed_at")
        if dump(after) != dump(before) and not seen:
            assert recorded[path].lost == before
            assert recorded[path].kept == now
        if after != now and path not in ("started_at", "completed_at"):
            assert recorded[path].lost == now
            assert recorded[path].kept == before


def _at(body: Body, path: str) -> Json:
    table, _, rest = path.partition(".")
    if not rest:
        return body.get(path)
    row_id, _, name = rest.partition(".")
    rows = body[table]
    assert isinstance(rows, list)
    return next(r.get(name) for r in rows if isinstance(r, dict) and r["id"] == row_id)


# --- create, remove -----------------------------------------------------------------------------


def test_create_of_something_new_makes_it_without_nulls() -> None:
    result = applied(creating("Service Equipment", {"model": "X", "item": None}), None)

    assert result == Result({"model": "X"}, Verdict.APPLIED)


def test_create_repeated_after_the_office_added_to_it_changes_nothing() -> None:
    body: Body = {"model": "X", "ip_address": "10.0.0.1"}

    assert applied(creating("Service Equipment", {"model": "X"}), body) == Result(
        body, Verdict.APPLIED
    )


def test_create_over_another_document_is_parked() -> None:
    body: Body = {"model": "Y"}

    result = applied(creating("Service Equipment", {"model": "X"}), body)

    assert result == Result(body, Verdict.PARKED, problem=Problem("document-exists"))


@pytest.mark.parametrize("body", [job(), None], ids=["there", "gone already"])
def test_remove_then_there_is_no_document(body: Body | None) -> None:
    assert applied(removing(), body) == Result(None, Verdict.APPLIED)


# --- tables that grow ---------------------------------------------------------------------------

TABLES = sorted(n for n, o in spec_of("Dispatch Job").table_owners.items() if o is Owner.TECHNICIAN)


@given(
    st.lists(
        st.tuples(st.sampled_from(TABLES), st.integers(0, 3), BODIES),
        max_size=5,
        unique_by=lambda row: row[:2],
    ),
    st.data(),
)
def test_appends_commute(rows: list[tuple[str, int, Body]], data: st.DataObject) -> None:
    operations = [adding(table, f"r{i}", item) for table, i, item in rows]

    one, other = (_all(order) for order in (operations, data.draw(st.permutations(operations))))

    assert {t: _by_id(one, t) for t in TABLES} == {t: _by_id(other, t) for t in TABLES}


@given(st.sampled_from(TABLES), BODIES, BODIES)
def test_append_twice_adds_once(table: str, item: Body, other: Body) -> None:
    once = _all([adding(table, "r1", item), adding(table, "r2", other)])

    assert _all([adding(table, "r1", item)], once) == once


def _all(operations: Sequence[Operation], body: Body | None = None) -> Body:
    body = body or job()
    for operation in operations:
        result = applied(operation, body)
        assert result.verdict is Verdict.APPLIED
        assert result.body is not None
        body = result.body
    return body


def _by_id(body: Body, table: str) -> dict[str, str]:
    rows = body.get(table, [])
    assert isinstance(rows, list)
    return {str(row["id"]): dump(row) for row in rows if isinstance(row, dict)}


def test_append_then_the_rows_id_is_the_operations_whatever_the_item_says() -> None:
    result = applied(adding("notes", "n1", {"id": "other", "text": "hello", "by": None}), job())

    assert result.body == job(notes=[{"id": "n1", "text": "hello"}])


def test_append_repeated_after_the_office_added_to_the_row_changes_nothing() -> None:
    body = job(notes=["stray", {"id": "n1", "text": "hello", "by": "DT-00007"}])

    result = applied(adding("notes", "n1", {"text": "hello"}), body)

    assert result == Result(body, Verdict.APPLIED)


def test_append_of_another_row_under_the_same_id_keeps_the_first_and_records_the_other() -> None:
    body = job(notes=[{"id": "n1", "text": "first"}])

    result = applied(adding("notes", "n1", {"text": "second"}), body)

    loser = Loser("notes.n1", None, {"id": "n1", "text": "first"}, {"id": "n1", "text": "second"})
    assert result == Result(body, Verdict.SUPERSEDED, (loser,))


@pytest.mark.parametrize("name", ["subject", "description", "odd"])
def test_append_to_something_that_is_no_table_is_parked(name: str) -> None:
    body = job(odd="a text")

    result = applied(adding(name, "n1", {"text": "hello"}), body)

    problem = Problem("invalid-value", {"field": name})
    assert result == Result(body, Verdict.PARKED, problem=problem)


# --- attach -------------------------------------------------------------------------------------


def test_attach_to_a_table_adds_a_row_that_names_the_blob() -> None:
    result = applied(photo("p1", item={"caption": "ONT"}), job())

    row: Json = {"id": "p1", "caption": "ONT", "sha256": SHA, "size": 20_000, "mime": "image/jpeg"}
    assert result == Result(job(photos=[row]), Verdict.APPLIED)


def test_attach_to_a_table_without_an_item_id_then_the_operation_lends_its_own() -> None:
    body = applied(photo(None, n=9), job()).body

    assert body is not None
    assert _by_id(body, "photos").keys() == {op_id(9)}


@pytest.mark.parametrize("field", ["signature", None], ids=["by field", "by role"])
def test_attach_to_a_field_sets_it(field: str | None) -> None:
    result = applied(signature(field=field), job())

    assert result == Result(job(signature=SHA), Verdict.APPLIED)


def test_attach_to_a_field_signed_meanwhile_keeps_the_latest_and_records_the_other() -> None:
    result = applied(signature(was=None), job(signature="cd" * 32))

    loser = Loser("signature", None, SHA, "cd" * 32)
    assert result == Result(job(signature=SHA), Verdict.MERGED, (loser,))


def test_attach_to_a_field_of_a_row_sets_it_in_the_row() -> None:
    result = applied(signature(was="-20", field="checklist.r1.value"), job(checklist=[ROW]))

    assert result.body == job(checklist=[{**ROW, "value": SHA}])


def test_attach_to_a_field_of_a_row_that_is_gone_is_parked() -> None:
    result = applied(signature(field="checklist.r1.value"), job())

    assert result.problem == Problem("row-missing", {"field": "checklist.r1.value"})
