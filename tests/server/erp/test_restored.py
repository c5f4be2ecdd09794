"""A server that was put back to a backup: what it forgot is offered again, and the ERP has it."""

from sqlalchemy import delete

from server_sync.store.schema import blob_ref, erp_out, outcome
from tests.server.erp.office import PHOTO, SHA, attach_photo, held_job
from tests.server.erp.world import World


def forget(world: World) -> None:
    """Lose what was decided and what was on its way, as a backup from before does."""
    with world.store.database.write() as connection:
        for table in (erp_out, outcome, blob_ref):
            connection.execute(delete(table))


async def test_photo_whose_row_went_ahead_of_its_file_is_still_sent(world: World) -> None:
    name, key = await held_job(world)
    item_id = world.new_id()
    attach_photo(world, key, item_id)
    await world.service.write_back()
    forget(world)

    n = attach_photo(world, key, item_id)
    assert world.office_of(n) == "waiting"
    world.blobs[SHA] = PHOTO
    await world.settle()

    (photo,) = (await world.shown("Dispatch Job", name))["photos"]
    assert photo["image"].startswith("/private/files/")
    assert (world.office_of(n), world.waiting(), world.reviews()) == ("stored", [], [])


async def test_photo_that_the_erp_has_whole_is_stored_at_once(world: World) -> None:
    _, key = await held_job(world)
    item_id = world.new_id()
    world.blobs[SHA] = PHOTO
    attach_photo(world, key, item_id)
    await world.settle()
    forget(world)

    n = attach_photo(world, key, item_id)

    assert (world.office_of(n), world.waiting(), world.reviews()) == ("stored", [], [])


async def test_insert_of_more_work_than_was_offered_again_is_no_refusal(world: World) -> None:
    """What the phone did later went into the same insert, which the server has forgotten."""
    key = world.new_id()
    made = {"equipment_type": "ONT", "firmware": "1.1", "sync_key": key}
    who = {"sync_technician": "DT-00001", "sync_device": "D1"}
    when = {"sync_client_time": "2026-07-14 09:00:30.000000"}
    await world.client.insert("Service Equipment", {**made, **who, **when})

    body = {"equipment_type": "ONT", "firmware": "1.0"}
    n = world.push(key, "create", doctype="Service Equipment", body=body)
    await world.settle()

    assert (world.office_of(n), world.waiting(), world.reviews()) == ("stored", [], [])
