"""Operations: each once, in order, with a verdict, and nothing lost that is not taken."""

import pytest

from field_core.capabilities import Role
from field_core.problems import ProblemError
from tests.server.contract_store.making import (
    MINUTE_MS,
    OTHER,
    TECHNICIAN,
    Office,
    Phone,
    key_of,
)

NEW = key_of("made", "offline")


@pytest.fixture
def job(office: Office, phone: Phone) -> str:
    key = office.job(checklist=[{"id": "c1", "step": "S1"}])
    phone.pull()
    return key


# --- exactly once


def test_push_repeated_after_lost_reply_applies_once_and_answers_the_same(
    office: Office, phone: Phone, job: str
) -> None:
    ops = [phone.note(job, "one"), phone.edit(job, "work_notes", None, "x")]
    lost = phone.send(*ops)
    office.change(job, work_notes="changed since")
    again = phone.send(*ops)
    assert [(o.n, o.verdict, o.seq) for o in again.outcomes] == [
        (o.n, o.verdict, o.seq) for o in lost.outcomes
    ]
    assert again.last_n == 2
    assert office.body(job)["work_notes"] == "changed since"
    assert len(office.documents("Sync Review")) == 0


def test_gap_stops_the_call_and_says_where_to_resume(
    office: Office, phone: Phone, job: str
) -> None:
    first, second, third = (phone.note(job, text) for text in "abc")
    reply = phone.send(first, third)
    assert reply.last_n == 1
    assert [o.n for o in reply.outcomes] == [1]
    assert phone.verdicts(second, third) == [("applied", None)] * 2
    notes = office.body(job)["notes"]
    assert isinstance(notes, list)
    assert len(notes) == 3


def test_another_operation_under_a_known_number_means_two_copies_of_the_device(
    phone: Phone, job: str
) -> None:
    first = phone.note(job, "one")
    phone.pull(first)
    with pytest.raises(ProblemError) as told:
        phone.send({**first, "id": "something-else"})
    assert told.value.problem.code == "device-cloned"


def test_group_whose_first_number_is_another_operation_means_two_copies_of_the_device(
    phone: Phone, job: str
) -> None:
    """Waiting for its numbers to follow would be waiting for ever."""
    one, two = (phone.note(job, text, **grouped(2)) for text in ("one", "two"))
    copy = {**one, "id": "made-by-the-other-copy", "group": None}
    phone.pull(copy)
    with pytest.raises(ProblemError) as told:
        phone.send(one, two)
    assert told.value.problem.code == "device-cloned"


def test_operation_known_under_another_identity_keeps_its_verdict(
    office: Office, phone: Phone, job: str
) -> None:
    op = phone.edit(job, "work_notes", None, "x")
    phone.pull(op)
    office.change(job, work_notes="changed since")
    enrolled_again = office.phone()
    reply = enrolled_again.pull({**op, "n": 1})
    assert reply.last_n == 1
    assert enrolled_again.outcomes[1].verdict == "applied"
    assert enrolled_again.outcomes[1].office == "waiting"
    assert office.body(job)["work_notes"] == "changed since"


def test_outcome_older_than_they_are_kept_counts_as_applied(phone: Phone, job: str) -> None:
    ops = [phone.note(job, "one"), phone.note(job, "two")]
    phone.send(*ops)
    with phone.office.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM outcome")
    assert [o.verdict for o in phone.send(*ops).outcomes] == ["applied", "applied"]


# --- malformed ones


@pytest.mark.parametrize(
    "broken",
    [
        {"kind": "set", "fields": {}},
        {"kind": "nothing"},
        {"kind": "append", "list": ""},
        {"key": 7},
        {"at": "yesterday"},
        {"n": 1.0, "kind": None},
    ],
)
def test_malformed_operation_is_kept_and_blocks_nothing(
    office: Office, phone: Phone, job: str, broken: dict[str, object]
) -> None:
    bad = {**phone.note(job, "one"), **broken}
    assert phone.verdicts(bad, phone.note(job, "two")) == [
        ("rejected", "bad-request"),
        ("applied", None),
    ]
    (review,) = office.reviews()
    assert review["reason"] == "bad-request"


@pytest.mark.parametrize("raw", [{"n": 1}, {"n": 1, "id": 5}, {"n": 1, "id": ""}])
def test_operation_without_an_id_gets_the_same_answer_when_it_is_repeated(
    office: Office, phone: Phone, raw: dict[str, object]
) -> None:
    first = phone.send(raw)
    again = phone.send(raw)
    assert (
        [(o.n, o.verdict, o.problem) for o in again.outcomes]
        == [(o.n, o.verdict, o.problem) for o in first.outcomes]
        == [(1, "rejected", "bad-request")]
    )
    assert len(office.reviews()) == 1


@pytest.mark.parametrize("raw", [None, "text", 5, [], {}])
def test_thing_that_is_no_operation_at_all_is_kept_under_the_next_number(
    office: Office, phone: Phone, raw: object
) -> None:
    reply = phone.send(raw)
    assert [(o.n, o.verdict) for o in reply.outcomes] == [(1, "rejected")]
    assert len(office.reviews()) == 1


# --- groups


def grouped(size: int, ident: str = "g1") -> dict[str, object]:
    return {"group": {"id": ident, "size": size}}


def test_group_is_taken_whole(office: Office, phone: Phone, job: str) -> None:
    ops = [phone.note(job, "one", **grouped(2)), phone.note(job, "two", **grouped(2))]
    assert phone.verdicts(*ops) == [("applied", None)] * 2
    assert len(office.reviews()) == 0


def test_group_with_one_part_that_cannot_be_taken_is_parked_whole(
    office: Office, phone: Phone, job: str
) -> None:
    body = office.body(job)
    ops = [
        phone.note(job, "one", **grouped(2)),
        phone.edit(job, "priority", None, "High", **grouped(2)),
        phone.note(job, "after"),
    ]
    assert phone.verdicts(*ops) == [
        ("parked", "group-parked"),
        ("parked", "group-parked"),
        ("applied", None),
    ]
    assert office.body(job) == {**body, "notes": office.body(job)["notes"]}
    assert {r["reason"] for r in office.reviews()} == {"group-parked"}
    assert len(office.reviews()) == 2


def test_group_cut_off_by_the_end_of_a_call_waits_for_its_rest(phone: Phone, job: str) -> None:
    ops = [
        phone.note(job, "zero"),
        phone.note(job, "one", **grouped(2)),
        phone.note(job, "two", **grouped(2)),
    ]
    assert phone.send(*ops[:2]).last_n == 1
    assert phone.send(*ops[1:]).last_n == 3


def test_group_that_lacks_a_part_in_the_middle_of_a_call_is_parked(
    office: Office, phone: Phone, job: str
) -> None:
    ops = [
        phone.note(job, "one", **grouped(3)),
        phone.note(job, "two", **grouped(3)),
        phone.note(job, "after"),
    ]
    assert phone.verdicts(*ops) == [
        ("parked", "group-incomplete"),
        ("parked", "group-incomplete"),
        ("applied", None),
    ]
    assert len(office.reviews()) == 2


def test_group_whose_numbers_leave_one_out_is_a_gap(phone: Phone, job: str) -> None:
    first, left_out, last = (phone.note(job, text, **grouped(2)) for text in "abc")
    assert phone.send(first, last).last_n == 0
    assert left_out["n"] == 2


def test_group_repeated_after_lost_reply_is_taken_once(
    office: Office, phone: Phone, job: str
) -> None:
    ops = [phone.note(job, "one", **grouped(2)), phone.note(job, "two", **grouped(2))]
    phone.send(*ops)
    assert phone.verdicts(*ops) == [("applied", None)] * 2
    notes = office.body(job)["notes"]
    assert isinstance(notes, list)
    assert len(notes) == 2


# --- creates


def test_operations_on_a_document_made_in_the_same_call_follow_it(
    office: Office, phone: Phone, job: str
) -> None:
    del job
    ops = [
        phone.op("create", NEW, doctype="Service Equipment", body={"serial_no": "S1"}),
        phone.edit(NEW, "model", None, "X1"),
    ]
    assert phone.verdicts(*ops) == [("applied", None)] * 2
    assert office.body(NEW) == {"serial_no": "S1", "model": "X1"}


def test_operations_that_name_a_refused_create_wait_with_it(office: Office, phone: Phone) -> None:
    create = phone.op("create", NEW, doctype="Customer", body={"customer_name": "X"})
    in_the_same_call = phone.edit(NEW, "mobile_no", None, "5")
    assert phone.verdicts(create, in_the_same_call) == [
        ("rejected", "not-allowed"),
        ("parked", "waits-for-create"),
    ]
    later = phone.edit(NEW, "mobile_no", None, "6")
    assert phone.verdicts(later) == [("parked", "waits-for-create")]
    assert len(office.reviews()) == 3


def test_operation_on_a_document_nobody_knows_is_kept(office: Office, phone: Phone) -> None:
    assert phone.verdicts(phone.edit(NEW, "model", None, "X")) == [("parked", "unknown-document")]
    assert len(office.reviews()) == 1


def test_create_of_wrong_shape_is_kept(office: Office, phone: Phone) -> None:
    bad = phone.op("create", NEW, doctype="Service Equipment", body={"serial_no": ["S1"]})
    assert phone.verdicts(bad) == [("rejected", "invalid-value")]
    assert office.doc(NEW) is None


# --- late work, tenure, removal


def test_work_done_while_it_was_ours_is_taken_after_the_job_has_left(
    office: Office, phone: Phone, job: str
) -> None:
    op = phone.note(job, "done in time")
    office.now_ms += 60 * MINUTE_MS
    office.change(job, assigned_technician=OTHER)
    office.now_ms += 60 * MINUTE_MS
    late = {**phone.note(job, "done after")}
    assert phone.verdicts(op, late) == [("applied", None), ("parked", "not-assigned")]
    assert sorted(str(r["reason"]) for r in office.reviews()) == ["late-work", "not-assigned"]


def test_work_before_the_job_was_ever_ours_is_kept_for_review(office: Office, job: str) -> None:
    other = office.phone(OTHER)
    assert other.verdicts(other.note(job, "one")) == [("parked", "not-assigned")]


def test_work_on_a_cancelled_job_is_taken_and_told_once(
    office: Office, phone: Phone, job: str
) -> None:
    office.change(job, status="Cancelled")
    assert phone.verdicts(phone.note(job, "one"), phone.note(job, "two")) == [("applied", None)] * 2
    assert [r["reason"] for r in office.reviews()] == ["late-work"]


def test_operation_on_a_removed_document_is_kept(office: Office, phone: Phone, job: str) -> None:
    office.vanish(job)
    assert phone.verdicts(phone.note(job, "one")) == [("parked", "document-removed")]
    assert len(office.reviews()) == 1


def test_create_under_the_key_of_a_removed_document_is_kept(office: Office) -> None:
    office.vanish(office.erp("Service Equipment", "EQP-1", key=NEW, serial_no="S1"))
    dispatcher = office.dispatcher()
    create = dispatcher.op("create", NEW, doctype="Service Equipment", body={"serial_no": "S1"})
    assert dispatcher.verdicts(create) == [("parked", "document-removed")]


def test_removal_counts_only_for_who_saw_the_document_as_it_is(
    office: Office, phone: Phone
) -> None:
    office.erp("Service Location", "LOC-1", city="Laval")
    office.job(service_location="LOC-1")
    key = office.erp("Service Equipment", "EQP-1", service_location="LOC-1")
    phone.pull()
    office.change(key, model="X2")
    assert phone.verdicts(phone.op("remove", key, rev=1, reason="twice")) == [
        ("parked", "changed-since")
    ]
    assert phone.verdicts(phone.op("remove", key, rev=2, reason="twice")) == [("applied", None)]
    phone.pull()
    assert key not in phone.held()


def test_draining_device_has_its_work_kept_for_a_person(office: Office, job: str) -> None:
    leaver = office.phone(is_draining=True)
    reply = leaver.send(leaver.note(job, "one"))
    assert [(o.verdict, o.problem) for o in reply.outcomes] == [("parked", "late-work")]
    assert (reply.order, reply.changes, reply.snapshot) == ("drain", [], None)


# --- permission, one operation at a time


def test_refused_operation_does_not_take_its_neighbours_with_it(
    office: Office, phone: Phone, job: str
) -> None:
    """AU-03: rights are decided on the server, an operation at a time."""
    assert phone.verdicts(
        phone.note(job, "before"),
        phone.edit(job, "subject", "DJ-00001", "mine"),
        phone.note(job, "after"),
    ) == [("applied", None), ("rejected", "read-only-field"), ("applied", None)]
    assert office.body(job)["subject"] == "DJ-00001"


def test_permission_is_judged_after_the_earlier_operations_of_the_call(
    office: Office, job: str
) -> None:
    dispatcher = office.dispatcher()
    dispatcher.pull()
    cancel = dispatcher.op("transition", job, **{"from": "Dispatched", "to": "Cancelled"})
    back = dispatcher.op("transition", job, **{"from": "Cancelled", "to": "Open"})
    assert dispatcher.verdicts(cancel, back) == [
        ("applied", None),
        ("parked", "illegal-transition"),
    ]


def test_billing_writes_nothing(office: Office, job: str) -> None:
    billing = office.phone(None, (Role.BILLING,))
    assert billing.verdicts(billing.edit(job, "work_notes", None, "x")) == [
        ("rejected", "not-allowed")
    ]


# --- what was decided


def test_lost_value_is_kept_beside_the_one_that_won(office: Office, phone: Phone, job: str) -> None:
    office.change(job, work_notes="the office's")
    assert phone.verdicts(phone.edit(job, "work_notes", None, "mine")) == [("merged", None)]
    (review,) = office.reviews()
    assert (review["kept"], review["lost"]) == ('"mine"', '"the office\'s"')


def test_two_edits_of_one_document_in_a_call_make_one_revision(
    office: Office, phone: Phone, job: str
) -> None:
    phone.pull(phone.note(job, "one"), phone.edit(job, "checklist.c1.value", None, "ok"))
    found = office.doc(job)
    assert found is not None
    assert found.rev == 2


def test_review_of_a_clash_names_whose_value_was_kept_and_since_when(
    office: Office, phone: Phone, job: str
) -> None:
    """T-16."""
    device = office.erp("Service Equipment", "EQP-03310", status="Installed")
    office.change(job, equipment=[{"id": "e1", "equipment": "EQP-03310"}])
    other = office.phone(OTHER)
    office.change(job, assigned_technician=OTHER)
    other.pull()
    other.pull(other.edit(device, "status", "Installed", "Retired"))
    office.now_ms += MINUTE_MS
    office.change(job, assigned_technician="DT-00001")
    phone.pull()

    phone.pull(phone.edit(device, "status", "Installed", "To Return"))

    (review,) = office.reviews()
    assert (review["kept"], review["lost"]) == ('"Retired"', '"To Return"')
    assert (review["kept_by"], review["by"]) == (OTHER, "DT-00001")
    assert review["kept_at"] == "2026-04-27T16:00:00.000000Z"


# --- who did it


def written(office: Office, job: str, table: str) -> list[object]:
    rows = office.body(job)[table]
    assert isinstance(rows, list)
    return [row["by"] for row in rows if isinstance(row, dict)]


def test_note_of_a_dispatcher_is_signed_by_full_name(office: Office, job: str) -> None:
    sophie = office.phone(None, (Role.DISPATCHER, Role.SUPERVISOR), full_name="Sophie Gagnon")
    assert sophie.verdicts(sophie.note(job, "Cliente rappelée")) == [("applied", None)]
    assert written(office, job, "notes") == ["Sophie Gagnon"]


def test_device_signs_for_nobody_else(office: Office, phone: Phone, job: str) -> None:
    note = phone.note(job, "Vu")
    note["item"] = {**note["item"], "by": OTHER}
    move = phone.op("transition", job, **{"from": "Dispatched", "to": "En Route", "by": OTHER})
    step = phone.edit(job, "checklist.c1.done_by", None, OTHER)
    past = phone.edit(job, f"notes.{note['item_id']}.by", TECHNICIAN, OTHER)
    assert phone.verdicts(note, move, step, past) == [
        ("applied", None),
        ("applied", None),
        ("applied", None),
        ("rejected", "read-only-field"),
    ]
    assert (written(office, job, "notes"), written(office, job, "status_log")) == (
        [TECHNICIAN],
        [TECHNICIAN],
    )
    steps = office.body(job)["checklist"]
    assert isinstance(steps, list)
    assert steps[0] == {"id": "c1", "step": "S1", "done_by": TECHNICIAN}
