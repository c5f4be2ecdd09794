"""Work of the field on its way into the ERP: once, told as it is, and the rest goes on."""

import httpx
import pytest
from sqlalchemy import update

from server_sync.embedded_erp import Fault
from server_sync.erp.writeback import TRIES_MAX
from server_sync.store.schema import erp_out
from tests.server.erp.office import held_job
from tests.server.erp.world import World


async def test_edit_reaches_the_erp_and_is_told_as_stored(world: World) -> None:
    name, key = await held_job(world)
    n = world.push_set(key, work_notes="Gaine de 30 m tirée")
    await world.service.write_back()
    assert (await world.shown("Dispatch Job", name))["work_notes"] == "Gaine de 30 m tirée"
    assert (world.office_of(n), world.waiting(), world.reviews()) == ("stored", [], [])


async def test_our_own_write_is_no_news_when_it_comes_back(world: World) -> None:
    name, key = await held_job(world)
    world.push_set(key, work_notes="Fait")
    await world.service.write_back()
    rev = world.doc("Dispatch Job", name).rev
    await world.service.poll()
    await world.service.sweep()
    assert world.doc("Dispatch Job", name).rev == rev


async def test_moves_are_logged_once_when_the_answer_to_the_status_was_lost(world: World) -> None:
    name, key = await held_job(world)
    for before, after in (("Dispatched", "En Route"), ("En Route", "On Site")):
        world.push(key, "transition", **{"from": before, "to": after})
        world.wait(minutes=5)
    world.erp.faults.plan(Fault.CONNECTION_LOST_AFTER_COMMIT, lambda r: r.method == "PUT")
    await world.service.write_back()
    await world.service.poll()
    assert world.reviews() == []
    await world.settle()
    shown = await world.shown("Dispatch Job", name)
    assert shown["status"] == "On Site"
    assert [row["to_status"] for row in shown["status_log"]] == ["En Route", "On Site"]
    assert (world.waiting(), world.reviews()) == ([], [])


async def test_end_of_a_job_is_stamped_in_the_erp_and_taken_away_when_it_is_open_again(
    world: World,
) -> None:
    name, key = await held_job(world)
    world.push(key, "transition", **{"from": "Dispatched", "to": "Completed"})
    await world.service.write_back()
    assert (await world.shown("Dispatch Job", name))["completed_at"]
    world.wait(minutes=5)
    reopened = {"from": "Completed", "to": "On Site", "reason": "toujours en panne"}
    world.push(key, "transition", **reopened)
    await world.settle()
    shown = await world.shown("Dispatch Job", name)
    assert (shown["status"], shown.get("completed_at")) == ("On Site", None)
    assert "completed_at" not in world.body("Dispatch Job", name)
    assert (world.waiting(), world.reviews()) == ([], [])


async def test_cancelling_is_stamped_in_the_erp_though_the_answer_was_lost(world: World) -> None:
    name, key = await held_job(world)
    n = world.push(key, "transition", **{"from": "Dispatched", "to": "Cancelled", "by": "Sophie"})
    world.erp.faults.plan(Fault.CONNECTION_LOST_AFTER_COMMIT, lambda r: r.method == "PUT")
    await world.settle()
    shown = await world.shown("Dispatch Job", name)
    ours = world.body("Dispatch Job", name)
    assert (shown["status"], shown["cancelled_by"]) == ("Cancelled", "DT-00001")
    assert shown["cancelled_at"]
    moved = ours["status_log"][0]["at"]
    assert (ours["cancelled_by"], ours["cancelled_at"]) == ("DT-00001", moved)
    assert (world.office_of(n), world.waiting(), world.reviews()) == ("stored", [], [])


async def test_text_does_not_wait_for_a_link_that_does(world: World) -> None:
    name, key = await held_job(world)
    device_key = world.new_id()
    world.push(device_key, "create", doctype="Service Equipment", body={"equipment_type": "ONT"})
    n = world.push(
        key, "append", list="equipment", item_id=world.new_id(), item={"equipment": device_key}
    )
    text = world.push_set(key, work_notes="Déjà")
    world.erp.faults.plan(Fault.LOCKED, lambda r: r.path.endswith("Service Equipment"))
    await world.service.write_back()
    assert (await world.shown("Dispatch Job", name))["work_notes"] == "Déjà"
    assert (world.office_of(n), world.office_of(text)) == ("waiting", "stored")
    await world.settle()
    assert (world.office_of(n), world.waiting(), world.reviews()) == ("stored", [], [])


async def test_document_claimed_by_another_process_is_left_alone(world: World) -> None:
    _, key = await held_job(world)
    world.push_set(key, work_notes="Une fois")
    with world.store.database.write() as connection:
        connection.execute(update(erp_out).values(claimed_ms=world.now_ms() + 1000))
    assert await world.service.write_back() == 0
    await world.service.recover()
    assert await world.service.write_back() == 1


async def test_lease_is_renewed_while_many_rows_are_written(world: World) -> None:
    _, key = await held_job(world)
    for _ in range(4):
        world.push(key, "append", list="notes", item_id=world.new_id(), item={"text": "x"})
    leases: list[int] = []

    def slow(_request: httpx.Request) -> None:
        world.wait(seconds=40)
        leases.append(world.waiting()[0].claimed_ms - world.now_ms())

    world.wire.before = slow
    await world.service.write_back()
    assert min(leases) > 0
    assert world.waiting() == []


async def test_outage_keeps_everything_and_drains_afterwards(world: World) -> None:
    name, key = await held_job(world)
    world.push_set(key, work_notes="Patience")
    world.erp.faults.outage = True
    for _ in range(20):
        world.wait(minutes=1)
        await world.service.write_back()
    assert world.service.health().circuit == "open"
    assert len(world.wire.calls()) < 20
    world.erp.faults.outage = False
    await world.settle()
    assert (await world.shown("Dispatch Job", name))["work_notes"] == "Patience"
    assert (world.waiting(), world.reviews()) == ([], [])


async def test_document_that_breaks_our_code_does_not_stop_the_others(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    name, key = await held_job(world)
    other = await world.job()
    await world.service.poll()
    n = world.push_set(key, work_notes="Mauvais")
    world.push_set(world.doc("Dispatch Job", other).key, work_notes="Bon")
    with world.store.database.write() as connection:
        connection.execute(update(erp_out).where(erp_out.c.n == n).values(at="never"))
    for _ in range(TRIES_MAX):
        world.wait(minutes=10)
        await world.service.write_back()
    assert (await world.shown("Dispatch Job", other))["work_notes"] == "Bon"
    assert "work_notes" not in await world.shown("Dispatch Job", name)
    assert [one["reason"] for one in world.reviews()] == ["internal"]
    assert "write-back of Dispatch Job" in caplog.text
