"""Devices that a technician does not hold: brought to a job of theirs, or counted in their van."""

from typing import Any

import pytest

from field_core.canon import Body, Json
from tests.server.contract_store.making import OTHER, TECHNICIAN, Office, Phone

MAC = "A4:2B:B0:1C:9F:3E"
REFUSED = [("parked", "not-assigned")]
TAKEN = [("applied", None)]


@pytest.fixture
def job(office: Office, phone: Phone) -> str:
    office.erp("Service Location", "LOC-00001")
    office.erp("Service Location", "LOC-00871")
    key = office.job(service_location="LOC-00001")
    phone.pull()
    return key


@pytest.fixture
def device(office: Office, phone: Phone) -> str:
    key = office.erp("Service Equipment", "EQP-1", mac_address=MAC, status="In Stock")
    phone.pull()
    assert key not in phone.base
    return key


def installs(phone: Phone, job: str, device: str = "EQP-1", **more: Json) -> dict[str, Any]:
    """Say on a job that a device is installed there."""
    item: Body = {"equipment": device, "action": "Install", **more}
    return phone.op("append", job, list="equipment", item_id=f"row-{phone.n}", item=item)


def stands(phone: Phone, device: str, **now: Json) -> dict[str, Any]:
    """Say where a device now stands, as the index has it before."""
    was = {"status": "In Stock"}
    return phone.op("set", device, fields={n: [was.get(n), value] for n, value in now.items()})


def put_in(phone: Phone, device: str, location: str = "LOC-00001") -> dict[str, Any]:
    day = "2026-04-27"
    return stands(
        phone, device, service_location=location, status="Installed", installed_on=day, held_by=None
    )


def test_device_of_the_van_is_installed_under_its_own_record(
    office: Office, phone: Phone, job: str, device: str
) -> None:
    assert phone.verdicts(installs(phone, job), put_in(phone, device)) == TAKEN * 2

    assert [d.key for d in office.documents("Service Equipment")] == [device]
    assert office.body(device)["service_location"] == "LOC-00001"
    assert device in phone.base


def test_device_named_by_its_key_in_an_earlier_call_may_be_brought(
    phone: Phone, job: str, device: str
) -> None:
    phone.pull(installs(phone, job, device))
    assert phone.verdicts(put_in(phone, device)) == TAKEN


def test_device_that_no_job_of_theirs_names_is_not_theirs_to_move(
    office: Office, phone: Phone, device: str
) -> None:
    assert phone.verdicts(put_in(phone, device)) == REFUSED
    assert "service_location" not in office.body(device)
    assert [review["document_key"] for review in office.reviews()] == [device]


def test_device_that_a_job_only_inspects_stays_where_it_is(
    phone: Phone, job: str, device: str
) -> None:
    row = phone.op(
        "append",
        job,
        list="equipment",
        item_id="r",
        item={"equipment": "EQP-1", "action": "Inspect"},
    )
    assert phone.verdicts(row, put_in(phone, device)) == TAKEN + REFUSED


def test_device_goes_to_the_location_of_that_job_and_to_no_other(
    phone: Phone, job: str, device: str
) -> None:
    assert phone.verdicts(installs(phone, job), put_in(phone, device, "LOC-00871")) == (
        TAKEN + REFUSED
    )


@pytest.mark.parametrize(
    "more",
    [
        {"mac_address": "A4:2B:B0:00:00:01"},
        {"status": "Retired"},
        {"held_by": TECHNICIAN},
        {"firmware": "9"},
    ],
)
def test_nothing_else_of_a_device_is_written(
    phone: Phone, job: str, device: str, more: dict[str, Json]
) -> None:
    row = installs(phone, job)
    edit = stands(phone, device, service_location="LOC-00001", **more)
    assert phone.verdicts(row, edit) == TAKEN + REFUSED


def test_job_of_a_colleague_gives_no_right(office: Office, phone: Phone, device: str) -> None:
    row: dict[str, Json] = {"id": "r", "equipment": "EQP-1", "action": "Install"}
    office.job("DJ-00002", technician=OTHER, service_location="LOC-00001", equipment=[row])
    assert phone.verdicts(put_in(phone, device)) == REFUSED


def test_other_documents_and_acts_are_not_opened_by_it(
    office: Office, phone: Phone, device: str
) -> None:
    theirs = office.job("DJ-00002", technician=OTHER)
    edit = phone.edit(theirs, "work_notes", None, "x")
    ops = [edit, phone.op("append", device, list="photos", item_id="p", item={})]
    assert phone.verdicts(*ops) == REFUSED * 2


# --- a van that is counted


def test_device_on_nobodys_shelf_is_taken_into_the_van(phone: Phone, device: str) -> None:
    assert phone.verdicts(stands(phone, device, held_by=TECHNICIAN)) == TAKEN
    phone.pull()
    rows = [h.body for h in phone.base.values() if h.doctype == "Equipment Identity"]
    assert [row["held_by"] for row in rows] == [TECHNICIAN]


def test_device_of_the_van_that_is_not_there_is_given_back(
    office: Office, phone: Phone, device: str
) -> None:
    office.change(device, held_by=TECHNICIAN)
    edit = phone.edit(device, "held_by", TECHNICIAN, None)
    assert phone.verdicts(edit) == TAKEN
    assert "held_by" not in office.body(device)


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ({"held_by": OTHER}, {"held_by": TECHNICIAN}),
        ({}, {"held_by": OTHER}),
        ({}, {"held_by": TECHNICIAN, "status": "Installed"}),
        ({}, {"held_by": TECHNICIAN, "model": "X"}),
        ({"service_location": "LOC-00871"}, {"held_by": TECHNICIAN}),
    ],
)
def test_what_others_have_is_for_the_office_to_give(
    office: Office, phone: Phone, device: str, before: dict[str, Json], now: dict[str, Json]
) -> None:
    office.change(device, **before)
    assert phone.verdicts(stands(phone, device, **now)) == REFUSED


def test_somebody_who_is_no_technician_brings_nothing(office: Office, device: str) -> None:
    clerk = office.phone(None)
    assert clerk.verdicts(stands(clerk, device, held_by=None, status="To Return")) == REFUSED
