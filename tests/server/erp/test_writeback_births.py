"""Documents made or removed in the field: one in the ERP, whatever happens to the answer."""

import httpx
import pytest
from sqlalchemy import update

from server_sync.embedded_erp import Fault
from server_sync.store.schema import erp_out
from tests.server.erp.office import held_job, renaming, rows
from tests.server.erp.world import Json, World


@pytest.mark.parametrize(
    "fault",
    [
        Fault.CONNECTION_LOST_AFTER_COMMIT,
        Fault.HTML_500_AFTER_COMMIT,
        Fault.HTML_500_BEFORE,
        Fault.LOCKED,
    ],
)
async def test_create_whose_answer_was_bad_makes_one_document(world: World, fault: Fault) -> None:
    key = world.new_id()
    world.push(
        key,
        "create",
        doctype="Service Equipment",
        body={"equipment_type": "ONT", "mac_address": "A4:5E:60:00:00:01"},
    )
    world.erp.faults.plan(fault, lambda r: r.method == "POST")
    await world.service.write_back()
    assert len(world.waiting()) == 1
    await world.settle()
    assert rows(world, "Service Equipment") == 1
    assert world.waiting() == []
    held = world.at_key(key)
    assert held is not None
    assert held.erp_name == "EQP-00001"


async def test_create_is_found_by_a_poll_before_it_is_tried_again(world: World) -> None:
    key = world.new_id()
    world.push(key, "create", doctype="Service Equipment", body={"equipment_type": "Router"})
    world.erp.faults.plan(Fault.CONNECTION_LOST_AFTER_COMMIT, lambda r: r.method == "POST")
    await world.service.write_back()
    await world.service.poll()
    held = world.at_key(key)
    assert held is not None
    assert held.erp_name == "EQP-00001"
    await world.settle()
    assert (rows(world, "Service Equipment"), world.waiting(), world.reviews()) == (1, [], [])


@pytest.mark.parametrize("flavour", ["mariadb", "postgres"])
async def test_create_after_a_crash_runs_into_its_own_key_and_takes_the_name(flavour: Json) -> None:
    world = World(flavour=flavour)
    key = world.new_id()
    world.push(key, "create", doctype="Service Equipment", body={"equipment_type": "ONT"})
    await world.make("Service Equipment", equipment_type="ONT", sync_key=key)  # stored, not noted
    if flavour == "postgres":
        world.erp.faults.plan(Fault.UNIQUE_AS_HTML_500, lambda r: r.method == "POST")
    await world.settle()
    assert (rows(world, "Service Equipment"), world.waiting(), world.reviews()) == (1, [], [])


async def test_refused_create_takes_what_follows_it_to_review(world: World) -> None:
    key = world.new_id()
    world.push(key, "create", doctype="Service Equipment", body={"mac_address": "A" * 200})
    world.push_set(key, firmware="1.2")
    await world.service.write_back()
    assert sorted(one["reason"] for one in world.reviews()) == ["erp-refused", "waits-for-create"]
    held = world.at_key(key)
    assert held is not None
    assert held.body is None
    assert world.waiting() == []


async def test_document_without_a_create_waits_for_a_person(world: World) -> None:
    key = world.new_id()
    world.push(key, "create", doctype="Service Equipment", body={"equipment_type": "ONT"})
    n = world.push_set(key, firmware="2.0")
    with world.store.database.write() as connection:
        connection.execute(update(erp_out).where(erp_out.c.n != n).values(state="review"))
    await world.service.write_back()
    assert [one["reason"] for one in world.reviews()] == ["waits-for-create"]


async def test_link_to_what_is_renamed_before_the_reading_back_was_not_refused(
    world: World,
) -> None:
    place = await world.make("Service Location", location_name="Chalet")
    key = world.new_id()
    body = {"equipment_type": "ONT", "service_location": place}
    n = world.push(key, "create", doctype="Service Equipment", body=body)

    def rename(sent: httpx.Request, answer: httpx.Response) -> httpx.Response:
        if (sent.method, sent.url.path) == ("POST", "/api/resource/Service Equipment"):
            world.erp.answer(renaming("Service Location", place, "LOC-ANCIEN"))
        return answer

    world.wire.after = rename
    await world.service.write_back()

    held = world.at_key(key)
    assert held is not None
    assert (held.body or {})["service_location"] == "LOC-ANCIEN"
    assert (world.reviews(), world.office_of(n), world.waiting()) == ([], "stored", [])


async def test_link_that_the_erp_puts_in_the_place_of_ours_is_told_by_name(world: World) -> None:
    ours, theirs = [
        await world.make("Service Location", location_name=name) for name in ("Chalet", "Garage")
    ]
    key = world.new_id()
    body = {"equipment_type": "ONT", "service_location": ours}
    n = world.push(key, "create", doctype="Service Equipment", body=body)

    def replace(sent: httpx.Request, answer: httpx.Response) -> httpx.Response:
        if (sent.method, sent.url.path) == ("POST", "/api/resource/Service Equipment"):
            world.sql('UPDATE "tabService Equipment" SET service_location = ?', theirs)
        return answer

    world.wire.after = replace
    await world.service.write_back()

    (review,) = world.reviews()
    assert (review["reason"], review["field"]) == ("erp-refused", "service_location")
    assert (world.office_of(n), world.waiting()) == ("review", [])


async def test_link_made_offline_waits_for_the_name_and_is_written_as_the_name(
    world: World,
) -> None:
    name, key = await held_job(world)
    device_key = world.new_id()
    world.push(device_key, "create", doctype="Service Equipment", body={"equipment_type": "ONT"})
    world.push(
        key,
        "append",
        list="equipment",
        item_id=world.new_id(),
        item={"equipment": device_key, "action": "Install"},
    )
    await world.service.write_back()
    await world.service.write_back()
    shown = await world.shown("Dispatch Job", name)
    assert [row["equipment"] for row in shown["equipment"]] == ["EQP-00001"]
    assert world.body("Dispatch Job", name)["equipment"][0]["equipment"] == "EQP-00001"
    assert (world.waiting(), world.reviews()) == ([], [])


async def test_removed_document_is_deleted_once(world: World) -> None:
    equipment = await world.make("Service Equipment", equipment_type="ONT")
    await world.service.poll()
    key = world.doc("Service Equipment", equipment).key
    world.wait(seconds=1)
    world.push(key, "remove", reason="saisi deux fois")
    world.erp.faults.plan(Fault.CONNECTION_LOST_AFTER_COMMIT, lambda r: r.method == "DELETE")
    await world.settle()
    assert (rows(world, "Service Equipment"), world.waiting(), world.reviews()) == (0, [], [])


async def test_remove_of_a_linked_document_is_refused_and_it_comes_back(world: World) -> None:
    equipment = await world.make("Service Equipment", equipment_type="ONT")
    await world.job(equipment=[{"equipment": equipment, "action": "Install"}])
    await world.service.poll()
    key = world.doc("Service Equipment", equipment).key
    world.wait(seconds=1)
    world.push(key, "remove", reason="saisi deux fois")
    await world.settle()
    assert [one["reason"] for one in world.reviews()] == ["erp-refused"]
    assert equipment in world.names("Service Equipment")
    assert world.waiting() == []


async def test_remove_of_what_the_office_changed_since_is_put_before_a_person(
    world: World,
) -> None:
    equipment = await world.make("Service Equipment", equipment_type="ONT")
    await world.service.poll()
    world.wait(seconds=1)
    world.push(world.doc("Service Equipment", equipment).key, "remove", reason="double")
    await world.change("Service Equipment", equipment, equipment_type="Router")
    await world.service.write_back()
    assert [one["reason"] for one in world.reviews()] == ["changed-since"]
    assert world.body("Service Equipment", equipment)["equipment_type"] == "ONT"
    await world.service.poll()
    assert world.body("Service Equipment", equipment)["equipment_type"] == "Router"
