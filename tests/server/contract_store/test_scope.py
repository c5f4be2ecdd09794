"""Who holds which document, and that leaving is told in the transaction that decides it."""

import pytest

from field_core.capabilities import Role
from tests.server.contract_store.making import (
    OTHER,
    TECHNICIAN,
    Office,
    Phone,
    day,
    key_of,
)


def test_job_takes_along_what_it_points_at_and_what_hangs_on_its_place(
    office: Office, phone: Phone
) -> None:
    expected = {
        office.erp("Customer", "CUST-1", customer_name="Tremblay"),
        office.erp("Service Location", "LOC-1", customer="CUST-1"),
        office.erp("Service Equipment", "EQP-1", service_location="LOC-1"),
        office.erp("Service Subscription", "SUB-1", service_location="LOC-1"),
        office.erp("Service Contract", "CTR-1", service_location="LOC-1"),
        office.erp("Sales Invoice", "INV-1", customer="CUST-1", outstanding_amount=10.0),
        office.erp("Issue", "ISS-1", subject="No signal"),
        office.job(customer="CUST-1", service_location="LOC-1", issue="ISS-1"),
    }
    office.erp("Sales Invoice", "INV-2", customer="CUST-1", outstanding_amount=0.0)
    office.erp("Service Equipment", "EQP-2", service_location="LOC-2")
    phone.pull()
    assert phone.held() == expected


@pytest.mark.parametrize("link", ["LOC-1", key_of("Service Location", "LOC-1")])
def test_parents_arriving_late_come_along_when_they_arrive(
    office: Office, phone: Phone, link: str
) -> None:
    job = office.job(service_location=link, customer="CUST-1")
    equipment = office.erp("Service Equipment", "EQP-1", service_location=link)
    phone.pull()
    assert phone.held() == {job}
    place = office.erp("Service Location", "LOC-1", city="Laval")
    customer = office.erp("Customer", "CUST-1", customer_name="Tremblay")
    invoice = office.erp("Sales Invoice", "INV-1", customer="CUST-1", outstanding_amount=5.0)
    phone.pull()
    assert phone.held() == {job, place, equipment, customer, invoice}


def test_flow_run_comes_with_its_job_whichever_arrives_first(office: Office, phone: Phone) -> None:
    early = office.erp("Flow Run", "FR-1", dispatch_job="DJ-00001")
    job = office.job()
    late = office.erp("Flow Run", "FR-2", dispatch_job=job)
    phone.pull()
    assert phone.held() == {early, job, late}


def test_location_of_two_jobs_stays_until_the_last_one_leaves(office: Office, phone: Phone) -> None:
    place = office.erp("Service Location", "LOC-1", city="Laval")
    first = office.job("DJ-00001", service_location="LOC-1")
    second = office.job("DJ-00002", service_location="LOC-1")
    phone.pull()
    office.change(first, assigned_technician=OTHER)
    phone.pull()
    assert phone.held() == {place, second}
    office.change(second, assigned_technician=None)
    phone.pull()
    assert phone.held() == set()


def test_leaving_is_told_by_the_transaction_that_reassigns(office: Office, phone: Phone) -> None:
    job = office.job()
    other = office.phone(OTHER)
    phone.pull()
    before = office.last_number()
    office.change(job, assigned_technician=OTHER)
    assert office.last_number() - before == 3  # the office, who gains, who loses
    assert [c.gone for c in phone.sync().changes] == [True]
    other.pull()
    assert other.held() == {job}


def test_job_that_comes_back_is_sent_whole(office: Office, phone: Phone) -> None:
    job = office.job()
    phone.pull()
    office.change(job, assigned_technician=OTHER)
    phone.pull()
    office.change(job, assigned_technician=TECHNICIAN, subject="Again")
    phone.pull()
    assert phone.base[job].body["subject"] == "Again"


def test_equipment_moved_to_another_place_changes_hands(office: Office, phone: Phone) -> None:
    other = office.phone(OTHER)
    office.erp("Service Location", "LOC-1", city="Laval")
    office.erp("Service Location", "LOC-2", city="Laval")
    office.job("DJ-00001", service_location="LOC-1")
    office.job("DJ-00002", service_location="LOC-2", technician=OTHER)
    equipment = office.erp("Service Equipment", "EQP-1", service_location="LOC-1")
    phone.pull()
    other.pull()
    assert equipment in phone.held()
    assert equipment not in other.held()
    office.change(equipment, service_location="LOC-2")
    phone.pull()
    other.pull()
    assert equipment not in phone.held()
    assert equipment in other.held()


def test_invoice_leaves_once_it_is_paid(office: Office, phone: Phone) -> None:
    office.erp("Customer", "CUST-1", customer_name="Tremblay")
    invoice = office.erp("Sales Invoice", "INV-1", customer="CUST-1", outstanding_amount=5.0)
    office.job(customer="CUST-1")
    phone.pull()
    assert invoice in phone.held()
    office.change(invoice, outstanding_amount=0.0)
    phone.pull()
    assert invoice not in phone.held()


def test_name_reused_after_a_delete_is_another_document(office: Office, phone: Phone) -> None:
    first = office.erp("Service Location", "LOC-1", city="Laval")
    job = office.job(service_location="LOC-1")
    phone.pull()
    second = office.erp("Service Location", "LOC-1", key=key_of("x", "second"), city="Lévis")
    phone.pull()
    assert phone.held() == {job, second}
    removed = office.doc(first)
    assert removed is not None
    assert removed.body is None


def test_renamed_document_leaves_who_named_it_and_comes_to_who_names_it_now(
    office: Office, phone: Phone
) -> None:
    place = office.erp("Service Location", "LOC-1", city="Laval")
    old = office.job("DJ-00001", service_location="LOC-1")
    new = office.job("DJ-00002", service_location="LOC-9", technician=OTHER)
    other = office.phone(OTHER)
    office.rename(place, "LOC-9")
    phone.pull()
    other.pull()
    assert phone.held() == {old}
    assert other.held() == {new, place}


def test_name_given_by_the_erp_to_a_document_made_offline_leaves_it_where_it_was(
    office: Office, phone: Phone
) -> None:
    office.erp("Service Location", "LOC-1", city="Laval")
    office.job(service_location="LOC-1")
    key = key_of("made", "offline")
    body = {"service_location": "LOC-1", "serial_no": "S1"}
    phone.pull(phone.op("create", key, doctype="Service Equipment", body=body))
    assert key in phone.held()
    office.rename(key, "EQP-00009")
    phone.pull()
    assert key in phone.held()


def test_job_linked_by_the_key_of_a_place_made_elsewhere_keeps_it_when_the_name_arrives(
    office: Office, phone: Phone
) -> None:
    key = key_of("Service Location", "LOC-1")
    office.job(service_location=key)
    office.erp("Service Location", "LOC-1", city="Laval")
    phone.pull()
    assert key in phone.held()


def test_removed_document_leaves_everybody(office: Office, phone: Phone) -> None:
    place = office.erp("Service Location", "LOC-1", city="Laval")
    job = office.job(service_location="LOC-1")
    dispatcher = office.dispatcher()
    phone.pull()
    dispatcher.pull()
    office.vanish(place)
    phone.pull()
    assert phone.held() == {job}
    office.vanish(job)
    phone.pull()
    dispatcher.pull()
    assert phone.held() | dispatcher.held() == set()


def test_catalogue_is_with_everybody_once(office: Office, phone: Phone) -> None:
    tag = office.erp("Dispatch Tag", "Fibre", tag_name="Fibre")
    item = office.erp("Item", "ONT-1", item_code="ONT-1")
    billing = office.phone(None, (Role.BILLING,))
    for one in (phone, billing):
        one.pull()
        assert one.held() == {tag, item}
    assert office.holders(tag) == {"*"}


def test_identity_index_tells_everybody_where_a_device_is_recorded(
    office: Office, phone: Phone
) -> None:
    equipment = office.erp(
        "Service Equipment",
        "EQP-1",
        service_location="LOC-9",
        mac_address="02:00:00:00:00:01",
        installed_on="2026-01-02",
        status="Installed",
        firmware="1.0",
    )
    phone.pull()
    (row,) = phone.base.values()
    assert (row.doctype, row.body) == (
        "Equipment Identity",
        {
            "equipment": equipment,
            "equipment_name": "EQP-1",
            "status": "Installed",
            "mac_address": "02:00:00:00:00:01",
            "service_location": "LOC-9",
            "since": "2026-01-02",
        },
    )
    office.change(equipment, service_location="LOC-10")
    phone.pull()
    (row,) = phone.base.values()
    assert row.body["service_location"] == "LOC-10"
    office.vanish(equipment)
    phone.pull()
    assert phone.held() == set()


def test_device_without_identifiers_has_no_row_in_the_index(office: Office, phone: Phone) -> None:
    equipment = office.erp("Service Equipment", "EQP-1", model="X")
    phone.pull()
    assert phone.held() == set()
    office.change(equipment, serial_no="S1")
    phone.pull()
    assert len(phone.held("Equipment Identity")) == 1
    office.change(equipment, serial_no=None)
    phone.pull()
    assert phone.held() == set()


def test_document_whose_key_is_no_uuid_is_held_like_any_other(office: Office, phone: Phone) -> None:
    job = office.erp(
        "Dispatch Job",
        "DJ-00001",
        key="legacy-key-77",
        subject="Old",
        scheduled_date=day(0),
        assigned_technician=TECHNICIAN,
    )
    phone.pull()
    assert phone.held() == {job}


# --- the window


@pytest.mark.parametrize(
    ("offset", "status", "is_held"),
    [
        (-8, "Completed", False),
        (-7, "Completed", True),
        (14, "Scheduled", True),
        (15, "Scheduled", False),
        (-60, "Dispatched", True),
        (-60, "Cancelled", False),
        (None, "Open", True),
        (None, "Cancelled", False),
    ],
)
def test_window_reaches_seven_days_back_and_fourteen_ahead(
    office: Office,
    phone: Phone,
    offset: int | None,
    status: str,
    is_held: bool,  # noqa: FBT001 - drawn by name
) -> None:
    job = office.job(status=status, scheduled_date=None if offset is None else day(offset))
    dispatcher = office.dispatcher()
    phone.pull()
    dispatcher.pull()
    assert (job in phone.held()) == is_held
    assert (job in dispatcher.held()) == is_held


def test_day_that_passes_brings_jobs_in_and_takes_closed_ones_out(
    office: Office, phone: Phone
) -> None:
    coming = office.job("DJ-00001", status="Scheduled", scheduled_date=day(15))
    closed = office.job("DJ-00002", status="Completed", scheduled_date=day(-7))
    forgotten = office.job("DJ-00003", status="On Site", scheduled_date=day(-7))
    phone.pull()
    assert phone.held() == {closed, forgotten}
    office.pass_days(1)
    phone.pull()
    assert phone.held() == {coming, forgotten}


# --- offers


@pytest.fixture
def offer(office: Office) -> str:
    office.erp(
        "Dispatch Technician",
        TECHNICIAN,
        full_name="A",
        skills=[{"id": "s1", "tag": "Fibre", "level": 2}],
    )
    office.erp(
        "Dispatch Technician",
        OTHER,
        full_name="B",
        skills=[{"id": "s2", "tag": "Fibre", "level": 1}],
    )
    office.erp("Service Location", "LOC-1", city="Laval")
    return office.job(
        technician=None,
        status="Open",
        offered_until="2026-04-28T16:00:00.000000Z",
        service_location="LOC-1",
        tags=[{"id": "t1", "tag": "Fibre", "level": 2}],
    )


def test_offer_is_with_who_qualifies(office: Office, offer: str) -> None:
    assert office.holders(offer) == {TECHNICIAN, "@office"}
    assert office.holders(key_of("Service Location", "LOC-1")) == {TECHNICIAN, "@office"}


def test_offer_follows_the_skills_of_technicians(office: Office, offer: str) -> None:
    office.change(
        key_of("Dispatch Technician", OTHER), skills=[{"id": "s2", "tag": "Fibre", "level": 3}]
    )
    assert office.holders(offer) == {TECHNICIAN, OTHER, "@office"}
    office.change(key_of("Dispatch Technician", TECHNICIAN), skills=[])
    assert office.holders(offer) == {OTHER, "@office"}


def test_offer_that_is_taken_is_with_its_technician_alone(office: Office, offer: str) -> None:
    office.change(offer, assigned_technician=OTHER)
    assert office.holders(offer) == {OTHER, "@office"}


def test_offer_that_ran_out_leaves_when_audiences_are_worked_out_again(
    office: Office, offer: str
) -> None:
    office.pass_days(2)
    assert office.holders(offer) == {"@office"}


def test_technician_who_vanishes_is_offered_nothing(office: Office, offer: str) -> None:
    office.vanish(key_of("Dispatch Technician", TECHNICIAN))
    assert office.holders(offer) == {"@office"}


# --- reviews


def test_review_is_with_the_office_and_the_technician_concerned(
    office: Office, phone: Phone
) -> None:
    job = office.job(work_notes="theirs")
    other = office.phone(OTHER)
    phone.pull()
    office.change(job, work_notes="the office's")
    phone.pull(phone.edit(job, "work_notes", "theirs", "mine"))
    (review,) = office.documents("Sync Review")
    assert office.holders(review.key) == {TECHNICIAN, "@office"}
    other.pull()
    assert other.held() == set()


def test_closed_review_is_heard_of_for_two_weeks(office: Office, phone: Phone) -> None:
    job = office.job()
    other = office.phone(OTHER)
    phone.pull()
    other.pull(other.edit(job, "work_notes", None, "not mine"))
    (review,) = office.documents("Sync Review")
    supervisor = office.phone(None, (Role.SUPERVISOR,))
    supervisor.pull()
    close = supervisor.op(
        "set", review.key, fields={"state": ["open", "closed"], "resolution": [None, "keep"]}
    )
    assert supervisor.verdicts(close) == [("applied", None)]
    assert office.holders(review.key) == {OTHER, "@office"}
    office.pass_days(13)
    assert office.holders(review.key) == {OTHER, "@office"}
    office.pass_days(2)
    assert office.holders(review.key) == set()
