"""Offers: the first acceptance received has the job, and every other one is told so."""

from typing import Any

import pytest

from field_core.canon import Body
from field_core.capabilities import Role
from tests.server.contract_store.making import (
    MINUTE_MS,
    OTHER,
    TECHNICIAN,
    Office,
    Phone,
)

UNTIL = "2026-04-27T20:00:00.000Z"


@pytest.fixture
def offer(office: Office) -> str:
    for name in (TECHNICIAN, OTHER, "DT-00003"):
        office.erp("Dispatch Technician", name, full_name=name)
    return office.job(technician=None, status="Open", offered_until=UNTIL)


def answer(
    phone: Phone, job: str, said: str = "Accept", *, by: str | None = None
) -> dict[str, Any]:
    return phone.op(
        "append",
        job,
        list="responses",
        item_id=f"answer-{phone.caller.device}-{phone.n}",
        item={"technician": by or phone.caller.technician, "answer": said},
    )


def standing(office: Office, job: str) -> tuple[Any, Any]:
    body = office.body(job)
    return body["assigned_technician"], body["status"]


def waiting(office: Office) -> list[Body]:
    return [review for review in office.reviews() if review["state"] == "open"]


def test_first_acceptance_received_has_the_job(office: Office, phone: Phone, offer: str) -> None:
    phone.pull()

    assert phone.verdicts(answer(phone, offer)) == [("applied", None)]
    assert standing(office, offer) == (TECHNICIAN, "Accepted")
    assert office.holders(offer) == {TECHNICIAN, "@office"}
    log: Any = office.body(offer)["status_log"]
    assert [(row["to_status"], row["by"]) for row in log] == [("Accepted", TECHNICIAN)]


def test_second_acceptance_is_told_that_somebody_has_it(
    office: Office, phone: Phone, offer: str
) -> None:
    other = office.phone(OTHER)
    phone.pull()
    other.pull()
    phone.send(answer(phone, offer))
    office.now_ms += 60 * MINUTE_MS  # offline for an hour: the job has long left their scope

    assert other.verdicts(answer(other, offer)) == [("rejected", "offer-taken")]
    assert standing(office, offer) == (TECHNICIAN, "Accepted")
    assert other.outcomes[1].office == "closed"
    assert waiting(office) == []
    assert [review["reason"] for review in office.reviews()] == ["offer-taken"]


def test_acceptance_repeated_after_a_lost_reply_is_still_the_winning_one(
    office: Office, phone: Phone, offer: str
) -> None:
    """T-20."""
    phone.pull()
    accepted = answer(phone, offer)
    phone.send(accepted)

    assert phone.verdicts(accepted) == [("applied", None)]
    assert standing(office, offer) == (TECHNICIAN, "Accepted")


def test_offer_that_ended_before_it_was_accepted_is_over(
    office: Office, phone: Phone, offer: str
) -> None:
    phone.pull()
    office.now_ms += 5 * 60 * MINUTE_MS
    office.rescope()

    assert phone.verdicts(answer(phone, offer)) == [("rejected", "offer-over")]
    assert office.body(offer).get("assigned_technician") is None


def test_acceptance_in_time_counts_although_it_is_received_late(
    office: Office, phone: Phone, offer: str
) -> None:
    phone.pull()
    accepted = answer(phone, offer)
    office.now_ms += 5 * 60 * MINUTE_MS
    office.rescope()

    assert phone.verdicts(accepted) == [("applied", None)]
    assert standing(office, offer) == (TECHNICIAN, "Accepted")


def test_offer_that_the_office_cancelled_is_over(office: Office, phone: Phone, offer: str) -> None:
    phone.pull()
    office.change(offer, status="Cancelled")

    assert phone.verdicts(answer(phone, offer)) == [("rejected", "offer-over")]


def test_job_that_the_office_gave_them_meanwhile_takes_the_answer_as_it_is(
    office: Office, phone: Phone, offer: str
) -> None:
    phone.pull()
    office.change(offer, assigned_technician=TECHNICIAN, status="Dispatched")

    assert phone.verdicts(answer(phone, offer)) == [("applied", None)]
    assert standing(office, offer) == (TECHNICIAN, "Dispatched")


def test_declining_leaves_the_job_to_others(office: Office, phone: Phone, offer: str) -> None:
    phone.pull()

    assert phone.verdicts(answer(phone, offer, "Decline")) == [("applied", None)]
    assert office.body(offer).get("assigned_technician") is None


def test_nobody_answers_for_somebody_else(office: Office, phone: Phone, offer: str) -> None:
    phone.pull()

    assert phone.verdicts(answer(phone, offer, by=OTHER)) == [("rejected", "not-allowed")]
    assert office.body(offer).get("assigned_technician") is None
    assert len(waiting(office)) == 1


def test_somebody_who_is_no_technician_takes_no_offer(office: Office, offer: str) -> None:
    supervisor = office.phone(None, (Role.SUPERVISOR,))
    supervisor.pull()

    assert supervisor.verdicts(answer(supervisor, offer, by=OTHER)) == [("rejected", "not-allowed")]


def test_somebody_who_was_never_offered_the_job_is_told_nothing_of_it(
    office: Office, phone: Phone
) -> None:
    job = office.job(technician=OTHER)
    phone.pull()

    assert phone.verdicts(answer(phone, job)) == [("parked", "not-assigned")]


def test_move_to_accepted_claims_an_offer_too(office: Office, phone: Phone, offer: str) -> None:
    phone.pull()
    move = phone.op("transition", offer, **{"from": "Open", "to": "Accepted", "by": TECHNICIAN})

    assert phone.verdicts(move) == [("applied", None)]
    assert standing(office, offer) == (TECHNICIAN, "Accepted")


def test_move_to_accepted_that_comes_second_is_told_so_too(
    office: Office, phone: Phone, offer: str
) -> None:
    """From a state that is the same for both it would pass as done, and be believed."""
    other = office.phone(OTHER)
    phone.pull()
    other.pull()
    phone.send(answer(phone, offer))
    move = other.op("transition", offer, **{"from": "Open", "to": "Accepted", "by": OTHER})

    assert other.verdicts(move) == [("rejected", "offer-taken")]
    assert standing(office, offer) == (TECHNICIAN, "Accepted")


def test_claim_in_a_group_that_is_kept_assigns_nobody(
    office: Office, phone: Phone, offer: str
) -> None:
    phone.pull()
    group = {"id": "group-0001", "size": 2}
    accepted = {**answer(phone, offer), "group": group}
    wrong = {**phone.edit("0197a000-0000-7000-8000-00000000aaaa", "x", 1, 2), "group": group}

    assert [code for _, code in phone.verdicts(accepted, wrong)] == ["group-parked"] * 2
    assert office.body(offer).get("assigned_technician") is None
