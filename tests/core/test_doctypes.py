"""The descriptions of the doctypes: complete, consistent, and found by path."""

import pytest
from pydantic import ValidationError

from field_core.doctypes import DOCTYPES, UNKNOWN, DispatchJob, DispatchJobNote, Spec, spec_of
from field_core.fields import POLICY_BY_OWNER, Column, Document, Kind, Owner, Policy, column_of

JOB = spec_of("Dispatch Job")
EVERY = sorted(DOCTYPES)


@pytest.mark.parametrize("doctype", EVERY)
def test_every_link_points_at_a_doctype_we_hold(doctype: str) -> None:
    spec = DOCTYPES[doctype]
    tables = [table.links for table in spec.tables.values()]

    targets = {target for links in (spec.links, *tables) for target in links.values()}

    assert targets <= set(DOCTYPES)


@pytest.mark.parametrize("doctype", EVERY)
def test_every_row_has_an_id_that_only_the_server_may_change(doctype: str) -> None:
    for table in DOCTYPES[doctype].tables:
        assert DOCTYPES[doctype].owner(f"{table}.r1.id") is Owner.SERVER


@pytest.mark.parametrize("doctype", EVERY)
def test_every_choice_lists_its_options(doctype: str) -> None:
    for name, column in DOCTYPES[doctype].columns.items():
        assert (column.kind is Kind.SELECT) <= bool(column.options), name


def test_doctypes_outside_the_erp_are_those_of_our_server() -> None:
    ours = {doctype for doctype, spec in DOCTYPES.items() if not spec.is_in_erp}

    assert ours == {"Sync Review", "Equipment Identity", "Diagnostic Limits"}


@pytest.mark.parametrize(
    ("path", "policy", "owner"),
    [
        pytest.param("subject", Policy.SERVER, Owner.OFFICE, id="office"),
        pytest.param("work_notes", Policy.DEVICE, Owner.TECHNICIAN, id="technician"),
        pytest.param("status", Policy.REVIEW, Owner.SHARED, id="shared"),
        pytest.param("started_at", Policy.MIN, Owner.TECHNICIAN, id="a policy of its own"),
        pytest.param("checklist.r1.value", Policy.DEVICE, Owner.TECHNICIAN, id="row's field"),
        pytest.param("checklist.a.b.step", Policy.SERVER, Owner.OFFICE, id="id with a dot"),
        pytest.param("odd", Policy.REVIEW, Owner.SHARED, id="undescribed"),
        pytest.param("odd.r1.value", Policy.REVIEW, Owner.SHARED, id="undescribed table"),
        pytest.param("checklist.r1.odd", Policy.REVIEW, Owner.OFFICE, id="undescribed in a row"),
        pytest.param("tags", Policy.REVIEW, Owner.OFFICE, id="table"),
        pytest.param("status_log", Policy.REVIEW, Owner.SERVER, id="server's table"),
    ],
)
def test_path_then_policy_and_owner(path: str, policy: Policy, owner: Owner) -> None:
    assert (JOB.policy(path), JOB.owner(path)) == (policy, owner)


def test_every_owner_has_a_policy() -> None:
    assert set(POLICY_BY_OWNER) == set(Owner)
    assert Column(Kind.DATA, owner=Owner.TECHNICIAN).policy is Policy.DEVICE


def test_uses_of_fields_are_found() -> None:
    assert "subject" in JOB.searched()
    assert JOB.columns["scheduled_date"].indexed
    assert JOB.links["customer"] == "Customer"
    assert DOCTYPES["Sales Invoice"].is_submittable
    assert not JOB.is_submittable


def test_doctype_that_nobody_described_is_treated_with_caution() -> None:
    assert spec_of("Lead") is UNKNOWN
    assert (UNKNOWN.policy("a"), UNKNOWN.owner("a"), UNKNOWN.is_in_erp) == (
        Policy.REVIEW,
        Owner.SHARED,
        False,
    )


def test_document_then_fields_of_a_newer_erp_are_kept() -> None:
    read = DispatchJob.model_validate({"subject": "Install", "odd": {"a": 1}})

    assert read.model_dump(exclude_unset=True) == {"subject": "Install", "odd": {"a": 1}}


def test_document_without_what_it_requires_is_refused() -> None:
    with pytest.raises(ValidationError):
        DispatchJob.model_validate({})
    with pytest.raises(ValidationError):
        DispatchJobNote.model_validate({"text": "a row without id"})


def test_field_without_a_description_is_a_programmer_mistake() -> None:
    class Bare(Document):
        name: str

    with pytest.raises(AssertionError, match="declared with a Column"):
        column_of(Bare.model_fields["name"])


def test_spec_then_the_description_does_not_change() -> None:
    with pytest.raises(AttributeError):
        Spec("a", None).doctype = "b"  # type: ignore[misc]  # that is the point
