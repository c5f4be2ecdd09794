"""The office saves between a write and its reading back: what was stored is told from a refusal."""

import json
from collections.abc import Callable

import httpx
import pytest

from server_sync.embedded_erp import Fault
from tests.server.erp.office import delete, held_job, plan, put
from tests.server.erp.world import SERVICE, Json, World

EQUIPMENT = "Service Equipment"


def after_the(world: World, method: str, doctype: str, act: Callable[[str], object]) -> None:
    """Have something happen once, when a write is done and before it is read back."""
    left = [act]

    def happen(sent: httpx.Request, answer: httpx.Response) -> httpx.Response:
        is_it = sent.method == method and sent.url.path.startswith(f"/api/resource/{doctype}")
        if is_it and answer.is_success and left:
            world.wait(seconds=1)
            left.pop()(answer.json()["data"]["name"])
        return answer

    world.wire.after = happen


def edits(world: World, doctype: str, **values: Json) -> Callable[[str], object]:
    """An edit by somebody in the office, who sees the document as it stands."""
    return lambda name: world.erp.answer(put(name, values, doctype=doctype))


def make(world: World, doctype: str = EQUIPMENT, **body: Json) -> tuple[str, int]:
    key = world.new_id()
    return key, world.push(key, "create", doctype=doctype, body=body)


def held(world: World, key: str) -> dict[str, Json]:
    found = world.at_key(key)
    assert found is not None
    return dict(found.body or {})


def told(world: World) -> list[tuple[Json, Json]]:
    return [(one["reason"], one["field"]) for one in world.reviews()]


async def test_new_equipment_that_the_office_edits_at_once_was_stored(world: World) -> None:
    key, n = make(world, equipment_type="ONT", firmware="1.0")
    after_the(world, "POST", EQUIPMENT, edits(world, EQUIPMENT, firmware="2.0"))
    await world.service.write_back()
    assert (world.reviews(), world.office_of(n), world.waiting()) == ([], "stored", [])
    assert held(world, key)["firmware"] == "2.0"


async def test_value_the_office_clears_at_once_was_stored(world: World) -> None:
    key, n = make(world, equipment_type="ONT", firmware="1.0")
    after_the(world, "POST", EQUIPMENT, edits(world, EQUIPMENT, firmware=None))
    await world.service.write_back()
    assert (world.reviews(), world.office_of(n), world.waiting()) == ([], "stored", [])
    assert "firmware" not in held(world, key)


async def test_later_operation_in_the_same_insert_does_not_undo_the_office(world: World) -> None:
    key, _ = make(world, equipment_type="ONT", firmware="1.0")
    n = world.push_set(key, firmware="1.1")
    after_the(world, "POST", EQUIPMENT, edits(world, EQUIPMENT, firmware="2.0"))
    await world.service.write_back()
    assert (world.reviews(), world.office_of(n), world.waiting()) == ([], "stored", [])
    assert held(world, key)["firmware"] == "2.0"


async def test_row_the_office_deletes_at_once_was_stored_and_stays_deleted(world: World) -> None:
    key, n = make(world, "Dispatch Job", subject="Ajout", status="Open")
    added = world.push(
        key, "append", list="checklist", item_id=world.new_id(), item={"step": "Mesure"}
    )
    after_the(world, "POST", "Dispatch Job", edits(world, "Dispatch Job", checklist=[]))
    await world.service.write_back()
    assert (world.reviews(), world.waiting()) == ([], [])
    assert [world.office_of(one) for one in (n, added)] == ["stored", "stored"]
    assert not held(world, key).get("checklist")


async def test_value_the_erp_drops_is_told_though_the_office_edits_at_once(world: World) -> None:
    world.take_field(EQUIPMENT, "firmware")
    key, n = make(world, equipment_type="ONT", firmware="1.0")
    after_the(world, "POST", EQUIPMENT, edits(world, EQUIPMENT, equipment_type="Router"))
    await world.service.write_back()
    assert (told(world), world.office_of(n)) == ([("erp-refused", "firmware")], "review")
    assert held(world, key)["equipment_type"] == "Router"


async def test_value_that_a_rule_of_the_site_takes_away_again_was_not_stored(world: World) -> None:
    _, n = make(world, equipment_type="ONT", firmware="1.0")
    after_the(
        world,
        "POST",
        EQUIPMENT,
        lambda name: world.sql(
            f'UPDATE "tab{EQUIPMENT}" SET firmware = NULL, modified = ?, modified_by = ?'  # noqa: S608 - a doctype of ours
            " WHERE name = ?",
            "2026-07-14 09:00:59.000000",
            SERVICE.email,
            name,
        ),
    )
    await world.service.write_back()
    assert (told(world), world.office_of(n)) == ([("erp-refused", "firmware")], "review")


async def test_field_of_a_new_row_that_the_erp_drops_is_told_by_name(world: World) -> None:
    world.take_field("Dispatch Job Checklist", "notes")
    row = world.new_id()
    _, n = make(
        world,
        "Dispatch Job",
        subject="Ajout",
        status="Open",
        checklist=[{"id": row, "step": "Mesure", "notes": "-19 dBm"}],
    )
    await world.service.write_back()
    assert (told(world), world.office_of(n)) == (
        [("erp-refused", f"checklist.{row}.notes")],
        "review",
    )


async def test_drop_is_told_when_the_answer_of_the_insert_was_lost(world: World) -> None:
    world.take_field(EQUIPMENT, "firmware")
    _, n = make(world, equipment_type="ONT", firmware="1.0")
    world.erp.faults.plan(Fault.CONNECTION_LOST_AFTER_COMMIT, lambda r: r.method == "POST")
    await world.settle()
    assert (told(world), world.office_of(n)) == ([("erp-refused", "firmware")], "review")


@pytest.mark.parametrize("is_polled", [False, True])
async def test_edit_before_the_next_try_is_no_refusal(world: World, *, is_polled: bool) -> None:
    key, n = make(world, equipment_type="ONT", firmware="1.0")
    world.erp.faults.plan(Fault.CONNECTION_LOST_AFTER_COMMIT, lambda r: r.method == "POST")
    await world.service.write_back()
    await world.change(EQUIPMENT, "EQP-00001", firmware="2.0")
    if is_polled:
        await world.service.poll()
    await world.settle()
    assert (world.reviews(), world.office_of(n), world.waiting()) == ([], "stored", [])
    assert held(world, key)["firmware"] == "2.0"


async def test_change_that_the_office_takes_back_at_once_was_stored(world: World) -> None:
    name, key = await held_job(world)
    n = world.push_set(key, work_notes="Bien")
    after_the(world, "PUT", "Dispatch Job", edits(world, "Dispatch Job", work_notes=None))
    await world.service.write_back()
    assert (world.reviews(), world.office_of(n), world.waiting()) == ([], "stored", [])
    assert "work_notes" not in world.body("Dispatch Job", name)


async def test_ignored_change_is_told_though_the_office_edits_at_once(world: World) -> None:
    name, key = await held_job(world)
    n = world.push_set(key, signed_by="M. Roy")
    world.take_field("Dispatch Job", "signed_by")
    after_the(world, "PUT", "Dispatch Job", edits(world, "Dispatch Job", work_notes="Du bureau"))
    await world.service.write_back()
    assert (told(world), world.office_of(n)) == ([("erp-refused", "signed_by")], "review")
    assert [json.loads(one["lost"]) for one in world.reviews()] == ["M. Roy"]
    assert world.body("Dispatch Job", name)["work_notes"] == "Du bureau"


async def test_job_whose_number_goes_to_another_at_once_is_gone_and_its_work_is_kept(
    world: World,
) -> None:
    """What is read back under the number is another job: nothing of it is taken for ours."""
    name, key = await held_job(world)
    world.push_set(key, work_notes="Fait")

    def replace(_: str) -> None:
        world.erp.answer(delete(name))
        planned = world.erp.answer(plan(subject="Autre")).body
        assert planned
        assert planned["data"]["name"] == name

    after_the(world, "PUT", "Dispatch Job", replace)
    await world.service.write_back()
    await world.settle()
    gone = world.at_key(key)
    assert gone is not None
    assert gone.body is None
    (review,) = world.reviews()
    assert (review["document_key"], "Fait" in json.dumps(review)) == (key, True)
    other = world.doc("Dispatch Job", name)
    assert (other.key != key, dict(other.body or {})["subject"]) == (True, "Autre")
