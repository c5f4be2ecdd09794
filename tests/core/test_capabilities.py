"""What each role may do, operation by operation (AU-03)."""

from itertools import product

import pytest

from field_core.capabilities import MATRIX, Capability, Role, capabilities, refusal
from field_core.doctypes import DOCTYPES, UNKNOWN, spec_of
from field_core.fields import Owner
from field_core.operations import Operation
from field_core.problems import Problem
from tests.core.making import adding, creating, edit, moving, photo, removing, signature

TECHNICIAN, DISPATCHER, SUPERVISOR, BILLING = Role
NOT_ALLOWED = Problem("not-allowed")


def judged(
    role: Role, operation: Operation, doctype: str = "Dispatch Job", status: str = "On Site"
) -> Problem | None:
    return refusal(operation, spec=spec_of(doctype), held=capabilities([role]), status=status)


def may(operation: Operation, doctype: str = "Dispatch Job", status: str = "On Site") -> set[Role]:
    return {role for role in Role if judged(role, operation, doctype, status) is None}


def read_only(field: str) -> Problem:
    return Problem("read-only-field", {"field": field})


OFFICE = {DISPATCHER, SUPERVISOR}
WORKERS = {TECHNICIAN, DISPATCHER, SUPERVISOR}
MATRIX_OF_OPERATIONS = [
    pytest.param(edit({"work_notes": (None, "a")}), WORKERS, id="technician's field"),
    pytest.param(edit({"customer_mood": (None, "a")}), WORKERS, id="undescribed field"),
    pytest.param(edit({"checklist.r1.value": (None, "a")}), WORKERS, id="answer of a step"),
    pytest.param(edit({"checklist.r1.step": (None, "a")}), OFFICE, id="text of a step"),
    pytest.param(edit({"subject": (None, "a")}), OFFICE, id="office's field"),
    pytest.param(edit({"work_notes": (1, 2), "subject": (1, 2)}), OFFICE, id="one of two fields"),
    pytest.param(edit({"status": ("Open", "Completed")}), set(), id="status without a move"),
    pytest.param(edit({"tags": ([], [])}), OFFICE, id="office's table as a whole"),
    pytest.param(edit({"materials": ([], [])}), WORKERS, id="technician's table as a whole"),
    pytest.param(edit({"status_log": ([], [])}), set(), id="server's table as a whole"),
    pytest.param(edit({"status_log.r1.by": (1, 2)}), set(), id="server's row"),
    pytest.param(edit({"status_log.r1.odd": (1, 2)}), set(), id="undescribed, server's row"),
    pytest.param(edit({"notes.r1.id": (1, 2)}), set(), id="id of a row"),
    pytest.param(edit({"docstatus": (0, 2)}), set(), id="the ERP's own field"),
    pytest.param(edit({"notes.r1.parent": (0, 2)}), set(), id="the ERP's own field of a row"),
    pytest.param(adding("notes", "n1", {}), WORKERS, id="note"),
    pytest.param(adding("tags", "t1", {}), OFFICE, id="row of an office's table"),
    pytest.param(adding("status_log", "s1", {}), set(), id="forged log"),
    pytest.param(photo(), WORKERS, id="photo"),
    pytest.param(signature(), WORKERS, id="signature"),
    pytest.param(signature(field="customer"), OFFICE, id="blob in an office's field"),
    pytest.param(signature(field="status"), set(), id="blob as a status"),
    pytest.param(
        signature(field=None).model_copy(update={"role": "status"}), set(), id="blob named status"
    ),
    pytest.param(creating("Service Equipment", {}), WORKERS, id="new equipment"),
    pytest.param(creating("Dispatch Job", {}), OFFICE, id="new job"),
    pytest.param(creating("Flow Run", {}), {TECHNICIAN, SUPERVISOR}, id="new run"),
    pytest.param(creating("Issue", {}), {TECHNICIAN, SUPERVISOR}, id="new issue"),
    pytest.param(creating("Sales Invoice", {}), set(), id="new invoice"),
    pytest.param(creating("Sync Review", {}), set(), id="new review"),
    pytest.param(removing(), {SUPERVISOR}, id="remove a job"),
]


@pytest.mark.parametrize(("operation", "roles"), MATRIX_OF_OPERATIONS)
def test_operation_on_a_job_then_these_roles_may(operation: Operation, roles: set[Role]) -> None:
    assert may(operation) == roles


MOVES = [
    pytest.param("Accepted", "En Route", {TECHNICIAN, DISPATCHER, SUPERVISOR}, id="travel"),
    pytest.param("Scheduled", "Dispatched", OFFICE, id="dispatch"),
    pytest.param("On Site", "Cancelled", OFFICE, id="cancel"),
    pytest.param("Completed", "On Site", WORKERS, id="reopen"),
    pytest.param("Completed", "Open", WORKERS, id="illegal: merging says so"),
    pytest.param("Invoiced", "Open", WORKERS, id="not our state: merging says so"),
]


@pytest.mark.parametrize(("current", "to", "roles"), MOVES)
def test_move_then_these_roles_may(current: str, to: str, roles: set[Role]) -> None:
    assert may(moving(to), status=current) == roles


def test_move_of_something_else_than_a_job_is_for_nobody() -> None:
    reopening = moving("On Site", seen="Completed", reason="again")

    assert may(reopening, "Issue", "Completed") == set()


MONEY = (
    "Sales Invoice", "Payment Entry", "Service Contract", "Customer", "Service Subscription",
    "Item", "Equipment Identity", "Diagnostic Limits",
)  # fmt: skip
WRITES = (edit({"odd": (1, 2)}), adding("items", "i1", {}), photo(), removing(), moving("Open"))


@pytest.mark.parametrize(("doctype", "operation"), list(product(MONEY, WRITES)))
def test_money_is_written_by_no_operation(doctype: str, operation: Operation) -> None:
    assert [judged(role, operation, doctype) for role in Role] == [NOT_ALLOWED] * len(Role)


def test_reviews_are_resolved_by_supervisors_who_cannot_change_what_was_lost() -> None:
    assert may(edit({"state": ("open", "closed")}), "Sync Review") == {SUPERVISOR}
    assert judged(SUPERVISOR, edit({"lost": ("1", "2")}), "Sync Review") == read_only("lost")
    assert may(removing(), "Sync Review") == set()


def test_equipment_is_removed_by_those_who_may_record_it() -> None:
    assert may(removing(), "Service Equipment") == WORKERS


def test_refused_field_is_named() -> None:
    assert judged(TECHNICIAN, edit({"work_notes": (1, 2), "subject": (1, 2)})) == read_only(
        "subject"
    )


@pytest.mark.parametrize("doctype", sorted(DOCTYPES))
def test_no_role_writes_what_the_server_computes(doctype: str) -> None:
    computed = [n for n, c in DOCTYPES[doctype].columns.items() if c.owner is Owner.SERVER]

    for name, role in product(computed, Role):
        assert judged(role, edit({name: (1, 2)}), doctype) is not None


def test_document_of_a_doctype_nobody_described_is_for_workers() -> None:
    held = capabilities([TECHNICIAN])

    assert refusal(edit({"a": (1, 2)}), spec=UNKNOWN, held=held) is None


def test_capabilities_of_several_roles_add_up() -> None:
    both = capabilities([TECHNICIAN, BILLING])

    assert both == MATRIX[TECHNICIAN] | MATRIX[BILLING]
    assert capabilities([]) == frozenset()


def test_every_role_has_a_row_and_every_capability_a_holder() -> None:
    assert set(MATRIX) == set(Role)
    assert capabilities(Role) == set(Capability)


@pytest.mark.parametrize("operation", [edit({"a": (1, 2)}), moving("Paused"), removing(), photo()])
def test_somebody_without_any_role_may_nothing(operation: Operation) -> None:
    assert refusal(operation, spec=spec_of("Dispatch Job"), held=frozenset(), status="On Site")
