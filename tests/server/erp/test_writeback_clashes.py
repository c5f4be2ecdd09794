"""The office changed the same document meanwhile: both survive, and what lost is kept."""

import json

import httpx

from server_sync.erp.writeback import TRIES_MAX
from tests.server.erp.office import held_job, put
from tests.server.erp.world import World


async def test_office_edit_between_read_and_write_clashes_and_both_survive(world: World) -> None:
    name, key = await held_job(world)
    world.push_set(key, work_notes="Fibre posée")
    edits = iter([{"description": "Appeler avant"}])

    def edit(request: httpx.Request) -> None:
        values = next(edits, None) if request.method == "PUT" else None
        if values:
            world.wait(seconds=1)
            world.erp.answer(put(name, values))

    world.wire.before = edit
    await world.service.write_back()
    shown = await world.shown("Dispatch Job", name)
    assert (shown["work_notes"], shown["description"]) == ("Fibre posée", "Appeler avant")
    assert world.wire.calls("PUT") == [f"PUT /api/resource/Dispatch Job/{name}"] * 2
    assert world.body("Dispatch Job", name)["description"] == "Appeler avant"
    assert (world.waiting(), world.reviews()) == ([], [])


async def test_clash_on_the_same_field_keeps_the_loser(world: World) -> None:
    name, key = await held_job(world)
    world.push_set(key, work_notes="Du technicien")
    await world.change("Dispatch Job", name, work_notes="Du bureau")
    await world.service.write_back()
    assert (await world.shown("Dispatch Job", name))["work_notes"] == "Du technicien"
    assert [json.loads(one["lost"]) for one in world.reviews()] == ["Du bureau"]


async def test_document_edited_without_end_is_left_and_then_put_before_a_person(
    world: World,
) -> None:
    name, key = await held_job(world)
    world.push_set(key, work_notes="Jamais")

    def edit(request: httpx.Request) -> None:
        if request.method == "PUT":
            world.wait(seconds=1)
            world.erp.answer(put(name, {"description": world.new_id()}))

    world.wire.before = edit
    for _ in range(TRIES_MAX):
        await world.service.write_back()
        world.wait(minutes=10)
    assert world.waiting() == []
    assert [one["reason"] for one in world.reviews()] == ["changed-since"]


async def test_document_deleted_in_the_office_parks_what_waited(world: World) -> None:
    name, key = await held_job(world)
    world.push_set(key, work_notes="Trop tard")
    await world.office("DELETE", f"/api/resource/Dispatch Job/{name}")
    await world.service.write_back()
    assert [one["reason"] for one in world.reviews()] == ["document-removed"]
    held = world.at_key(key)
    assert held is not None
    assert held.body is None


async def test_name_given_to_another_document_is_not_written_to(world: World) -> None:
    name, key = await held_job(world)
    world.push_set(key, work_notes="Pour le premier")
    await world.office("DELETE", f"/api/resource/Dispatch Job/{name}")
    assert await world.job(subject="Tout autre") == name
    await world.service.write_back()
    assert "work_notes" not in await world.shown("Dispatch Job", name)
    assert [one["reason"] for one in world.reviews()] == ["document-removed"]


async def test_renamed_document_is_written_under_its_new_name(world: World) -> None:
    name, key = await held_job(world)
    world.push_set(key, work_notes="Suivi")
    await world.office(
        "POST",
        "/api/method/frappe.client.rename_doc",
        {"doctype": "Dispatch Job", "old_name": name, "new_name": "DJ-90001"},
    )
    await world.service.write_back()
    assert (await world.shown("Dispatch Job", "DJ-90001"))["work_notes"] == "Suivi"
    assert world.doc("Dispatch Job", "DJ-90001").key == key
    assert (world.waiting(), world.reviews()) == ([], [])


async def test_move_that_the_office_made_impossible_is_parked(world: World) -> None:
    name, key = await held_job(world)
    world.push(key, "transition", **{"from": "Dispatched", "to": "On Site"})
    n = world.push_set(key, work_notes="Vu quand même")
    await world.change("Dispatch Job", name, status="Cancelled")
    await world.service.write_back()
    shown = await world.shown("Dispatch Job", name)
    assert (shown["status"], shown["work_notes"]) == ("Cancelled", "Vu quand même")
    assert [one["reason"] for one in world.reviews()] == ["illegal-transition"]
    assert (world.office_of(n), world.waiting()) == ("stored", [])


async def test_row_that_the_office_deleted_parks_the_answer_for_it(world: World) -> None:
    name, key = await held_job(world, checklist=[{"step": "rx"}])
    row = world.body("Dispatch Job", name)["checklist"][0]["id"]
    world.push(key, "set", fields={f"checklist.{row}.done": [False, True]})
    await world.change("Dispatch Job", name, checklist=[])
    await world.service.write_back()
    assert [one["reason"] for one in world.reviews()] == ["row-missing"]
    assert world.waiting() == []
