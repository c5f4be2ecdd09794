"""What no stamp tells: renames, deletions, changes behind the ERP's back."""

import pytest

from server_sync.embedded_erp.meta import DocType
from server_sync.erp.sweep import SLICES
from tests.server.erp.world import World


async def rename(world: World, doctype: str, old: str, new: str) -> None:
    await world.office(
        "POST",
        "/api/method/frappe.client.rename_doc",
        {"doctype": doctype, "old_name": old, "new_name": new},
    )


async def test_renamed_document_keeps_its_key_and_its_links_follow(world: World) -> None:
    place = await world.make("Service Location", city="Rimouski")
    job = await world.job(service_location=place)
    world.wait(hours=1)  # beyond the overlap of a poll
    await world.make("Service Location", city="Matane")
    await world.service.poll()
    key = world.doc("Service Location", place).key
    await rename(world, "Service Location", place, "LOC-ANCIEN")
    assert await world.service.poll() == 0  # the change left no trace
    await world.service.sweep()
    assert world.doc("Service Location", "LOC-ANCIEN").key == key
    assert place not in world.names("Service Location")
    for number in range(SLICES):  # the link in the job was rewritten without a stamp
        await world.service.check_content(number)
    assert world.body("Dispatch Job", job)["service_location"] == "LOC-ANCIEN"


async def test_document_edited_after_its_rename_is_known_by_a_poll(world: World) -> None:
    place = await world.make("Service Location", city="Rimouski")
    await world.service.poll()
    key = world.doc("Service Location", place).key
    await rename(world, "Service Location", place, "LOC-ANCIEN")
    await world.change("Service Location", "LOC-ANCIEN", city="Matane")
    await world.service.poll()
    assert world.doc("Service Location", "LOC-ANCIEN").key == key
    await world.service.sweep()
    assert world.names("Service Location") == {"LOC-ANCIEN"}


@pytest.mark.parametrize("readable", [True, False])
async def test_deleted_document_goes_and_what_waited_is_kept(
    world: World, *, readable: bool
) -> None:
    name, other = await world.job(), await world.job()
    await world.service.poll()
    world.wait(seconds=1)
    world.push_set(world.doc("Dispatch Job", name).key, work_notes="En attente")
    await world.office("DELETE", f"/api/resource/Dispatch Job/{name}")
    if not readable:
        world.erp.site.forms.get("Deleted Document").doctype = DocType(
            "Deleted Document", permissions=()
        )
    assert await world.service.sweep() == 1
    assert world.names("Dispatch Job") == {other}
    assert [one["reason"] for one in world.reviews()] == ["document-removed"]


async def test_sweep_without_differences_changes_nothing(world: World) -> None:
    await world.job()
    await world.service.poll()
    world.wire.sent.clear()
    assert await world.service.sweep() == 0
    assert world.wire.writes() == []
    assert world.service.health().swept_ms == world.now_ms()


async def test_document_made_while_names_were_listed_is_not_taken_for_deleted(
    world: World,
) -> None:
    name = await world.job()
    await world.service.poll()
    hidden = world.sql('SELECT modified FROM "tabDispatch Job" WHERE name = ?', name)
    assert hidden

    def hide(request: object) -> None:
        """The list is answered as if the document was not there; reads by name see it."""
        url = str(getattr(request, "url", ""))
        if "Dispatch%20Job?" in url and "order_by" in url:
            world.sql('UPDATE "tabDispatch Job" SET name = ? WHERE name = ?', "~", name)
        else:
            world.sql('UPDATE "tabDispatch Job" SET name = ? WHERE name = ?', name, "~")

    world.wire.before = hide
    await world.service.sweep()
    world.wire.before = None
    world.sql('UPDATE "tabDispatch Job" SET name = ? WHERE name = ?', name, "~")
    await world.service.sweep()
    assert world.names("Dispatch Job") == {name}


async def test_paid_invoice_that_is_held_is_not_taken_for_deleted(world: World) -> None:
    customer = await world.make("Customer", customer_name="Mme Roy")
    item = await world.make("Item", item_code="FIBRE-500")
    name = await world.make(
        "Sales Invoice",
        customer=customer,
        docstatus=1,
        items=[{"item_code": item, "qty": 1, "rate": 80}],
    )
    await world.service.poll()
    world.sql('UPDATE "tabSales Invoice" SET outstanding_amount = 0 WHERE name = ?', name)
    await world.service.sweep()
    assert world.names("Sales Invoice") == {name}


@pytest.mark.parametrize("is_recorded", [True, False])
async def test_site_that_lost_most_of_its_documents_at_once_takes_none_from_the_phones(
    world: World, *, is_recorded: bool
) -> None:
    """An address that leads to another site must not empty every device; a bulk delete does."""
    names = {await world.job(subject=f"Job {n}") for n in range(30)}
    await world.service.poll()
    kept = min(names)
    if is_recorded:
        for name in names - {kept}:
            await world.office("DELETE", f"/api/resource/Dispatch Job/{name}")
    else:
        world.sql('DELETE FROM "tabDispatch Job" WHERE name <> ?', kept)

    await world.service.sweep()

    assert world.names("Dispatch Job") == ({kept} if is_recorded else names)
    assert world.service.health().problem == (None if is_recorded else "erp-refused")


async def test_change_behind_the_stamp_is_found_by_content(world: World) -> None:
    name = await world.job(notes=[{"text": "Reste"}, {"text": "Part"}])
    await world.service.poll()
    world.sql("DELETE FROM \"tabDispatch Job Note\" WHERE text = 'Part'")
    assert await world.service.poll() + await world.service.sweep() == 0
    found = [await world.service.check_content(number) for number in range(SLICES)]
    assert sum(found) == 1
    assert [row["text"] for row in world.body("Dispatch Job", name)["notes"]] == ["Reste"]
