"""What becomes of an answer: filled, asked about, agreed, or told to the office (SC-03, T-09)."""

from typing import Any

import pytest

from field_app.ports import OcrOf, OcrTarget
from field_app.sync.ocr import queue, suggestions
from tests.app.acts.hands import ONT
from tests.app.making import job
from tests.app.ocr.desk import MAC, OTHER, READ, STEP, Desk, saying


def done(desk: Desk) -> list[dict[str, Any]]:
    """Return the suggestions that were recorded."""
    made = [entry.operation for entry in desk.account.replica.outbox.entries()]
    return [operation for operation in made if operation.get("yields_to")]


def values(desk: Desk, target: OcrTarget = STEP) -> list[str]:
    return [one.value for one in suggestions(desk.account.replica, desk.key, target)]


async def test_empty_answer_is_filled_and_says_how_it_came(desk: Desk) -> None:
    """SC-03: and the step is still the technician's to do."""
    await desk.read(saying(READ))

    step = desk.step()
    assert (step["value"], step["source"]) == (MAC, "ocr")
    assert MAC in step["identity"]
    assert not step.get("done")
    assert queue(desk.account.replica) == []
    assert [(one["yields_to"], one.get("is_evidence")) for one in done(desk)] == [
        ("checklist.s1.value", None)
    ]


async def test_step_done_by_its_photo_gets_its_identity(desk: Desk) -> None:
    """T-07: « identity to confirm » until the label has been read."""
    ocr = await desk.shoot()
    assert ocr
    desk.acts.do_step(desk.key, "s1", source="photo")
    await desk.turn()
    desk.receive()
    desk.answers = [saying(READ)]
    await desk.turn()
    await desk.turn()

    step = desk.step()
    assert (step["value"], step["source"], step["done"]) == (MAC, "ocr", True)


async def test_typed_answer_is_asked_about_and_stays(desk: Desk) -> None:
    """T-09."""
    desk.acts.do_step(desk.key, "s1", OTHER, source="typed")
    await desk.read(saying(READ))

    assert desk.step()["value"] == OTHER
    assert values(desk) == [MAC]
    assert done(desk) == []


async def test_answer_that_agrees_is_left_alone(desk: Desk) -> None:
    desk.acts.do_step(desk.key, "s1", MAC, source="typed")
    await desk.read(saying(READ))

    assert (values(desk), done(desk), desk.step()["source"]) == ([], [], "typed")


async def test_answer_of_another_technician_is_asked_about_and_stays(desk: Desk) -> None:
    ocr = await desk.shoot()
    assert ocr
    theirs = [{**desk.step(), "value": OTHER, "done": True, "source": "barcode"}]
    desk.account.arrives(1, job(1, status="On Site", checklist=theirs))
    await desk.turn()
    desk.receive()
    desk.answers = [saying(READ)]
    await desk.turn()
    await desk.turn()

    assert (desk.step()["value"], desk.step()["source"]) == (OTHER, "barcode")
    assert values(desk) == [MAC]
    assert done(desk) == []


@pytest.mark.parametrize("typed", [OTHER, None])
async def test_answer_after_the_job_was_closed_is_told_to_the_office_and_changes_nothing(
    desk: Desk, typed: str | None
) -> None:
    desk.acts.do_step(desk.key, "s1", typed, source="typed" if typed else None)
    desk.acts.close_incomplete(desk.key, "étiquette illisible")
    before = desk.step()
    ocr = await desk.read(saying(READ))

    assert desk.step() == before
    assert values(desk) == []
    assert [(one["yields_to"], one["is_evidence"]) for one in done(desk)] == [
        ("checklist.s1.value", True)
    ]
    assert desk.row(ocr).is_ended


async def test_what_nobody_took_is_told_when_the_job_closes(desk: Desk) -> None:
    """T-09: the supervisor sees the disagreement if it was left untouched."""
    desk.acts.do_step(desk.key, "s1", OTHER, source="typed")
    await desk.read(saying(READ))
    desk.acts.close_incomplete(desk.key, "fin de journée")
    await desk.turn()
    await desk.turn()

    assert [one["fields"]["checklist.s1.value"] for one in done(desk)] == [[None, MAC]]
    assert desk.step()["value"] == OTHER


@pytest.mark.parametrize("tap", ["take", "leave"])
async def test_what_somebody_decided_is_not_told(desk: Desk, tap: str) -> None:
    desk.acts.do_step(desk.key, "s1", OTHER, source="typed")
    ocr = await desk.read(saying(READ))
    if tap == "take":
        desk.acts.take_suggestion(ocr, "value")
    else:
        desk.acts.leave_suggestion(ocr, "value")
    desk.acts.close_incomplete(desk.key, "fin de journée")
    await desk.turn()

    assert done(desk) == []
    assert desk.step()["value"] == (MAC if tap == "take" else OTHER)


async def test_device_gets_the_marks_that_it_lacks_and_keeps_its_own(desk: Desk) -> None:
    made = desk.acts.add_equipment(desk.key, ONT._replace(mac_address=OTHER))
    assert isinstance(made, list)
    target = OcrTarget(OcrOf.DEVICE, made[0].key)
    await desk.read(saying(READ), target=target)

    device = desk.account.body(made[0].key)
    assert (device["mac_address"], device["serial_no"]) == (OTHER, "2236547000341")
    assert values(desk, target) == [MAC]


async def test_form_is_filled_by_nobody_but_itself(desk: Desk) -> None:
    target = OcrTarget(OcrOf.FORM, "add")
    await desk.read(saying(READ), target=target)

    assert values(desk, target) == [MAC, "2236547000341"]
    assert done(desk) == []


async def test_device_of_a_closed_job_is_told_about_and_not_changed(desk: Desk) -> None:
    made = desk.acts.add_equipment(desk.key, ONT._replace(mac_address=OTHER))
    assert isinstance(made, list)
    desk.acts.close_incomplete(desk.key, "fin")
    await desk.read(saying(READ), target=OcrTarget(OcrOf.DEVICE, made[0].key))

    device = desk.account.body(made[0].key)
    assert (device["mac_address"], device.get("serial_no")) == (OTHER, None)
    assert {one["yields_to"] for one in done(desk)} == {"mac_address", "serial_no"}
    assert all(one["is_evidence"] for one in done(desk))


async def test_job_that_left_this_device_ends_its_readings(desk: Desk) -> None:
    ocr = await desk.read(saying(READ))
    desk.account.replica.db.conn.execute("DELETE FROM view WHERE key = ?", (desk.key,))
    await desk.turn()

    assert desk.row(ocr).is_ended


async def test_what_was_dealt_with_is_let_go_of_after_a_week(desk: Desk) -> None:
    await desk.read(saying(READ))
    desk.acts.close_incomplete(desk.key, "fin")
    await desk.turn()
    desk.account.clock.go(8 * 24 * 3_600_000)
    desk.acts.forget_old_readings()

    assert desk.rows() == []


async def test_suggestion_is_withdrawn_by_nobody_and_travels_like_any_other(desk: Desk) -> None:
    await desk.read(saying(READ))
    *_, offered = desk.account.replica.offer(10)

    assert (offered["kind"], offered["yields_to"]) == ("set", "checklist.s1.value")


async def test_step_that_the_office_took_out_holds_up_no_other_reading(desk: Desk) -> None:
    gone = await desk.shoot(OcrTarget(OcrOf.STEP, "gone"))
    assert gone
    await desk.turn()
    desk.receive()
    desk.answers = [saying(READ)]
    await desk.turn()
    await desk.read(saying(READ))

    assert desk.step()["value"] == MAC
