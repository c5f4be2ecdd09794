"""Rows of tables and files: written one by one, once, and no other row suffers."""

import httpx

from server_sync.embedded_erp import Fault
from server_sync.erp import ErpService, outbox
from tests.server.erp.office import PHOTO, SHA, attach_photo, held_job, rows
from tests.server.erp.world import World


async def test_row_appended_with_a_lost_answer_is_there_once(world: World) -> None:
    name, key = await held_job(world)
    for text in ("Chien dans la cour", "Sonner deux fois"):
        world.push(key, "append", list="notes", item_id=world.new_id(), item={"text": text})
    world.erp.faults.plan(
        Fault.CONNECTION_LOST_AFTER_COMMIT, lambda r: r.path.endswith("frappe.client.insert")
    )
    await world.service.write_back()
    await world.settle()
    shown = await world.shown("Dispatch Job", name)
    assert [row["text"] for row in shown["notes"]] == ["Chien dans la cour", "Sonner deux fois"]
    assert (world.waiting(), world.reviews()) == ([], [])


async def test_rows_that_were_removed_leave_the_other_rows_whole(world: World) -> None:
    for tag in ("Fibre", "Échelle"):
        await world.make("Dispatch Tag", tag_name=tag)
    name, key = await held_job(world, tags=[{"tag": "Fibre", "level": 2}, {"tag": "Échelle"}])
    tags = world.body("Dispatch Job", name)["tags"]
    world.push(key, "set", fields={"tags": [tags, tags[:1]]})
    await world.service.write_back()
    shown = await world.shown("Dispatch Job", name)
    assert [(row["tag"], row["level"], row["name"]) for row in shown["tags"]] == [
        ("Fibre", 2, tags[0]["id"])
    ]
    assert (world.waiting(), world.reviews()) == ([], [])


async def test_answer_in_a_step_patches_that_row_alone(world: World) -> None:
    name, key = await held_job(
        world,
        checklist=[
            {"step": "rx", "kind": "number", "required": 1, "note": "Du bureau"},
            {"step": "wifi"},
        ],
    )
    step = world.body("Dispatch Job", name)["checklist"][0]
    world.push(
        key,
        "set",
        fields={
            f"checklist.{step['id']}.value": [None, -18.5],
            f"checklist.{step['id']}.done": [False, True],
        },
    )
    await world.service.write_back()
    shown = (await world.shown("Dispatch Job", name))["checklist"]
    assert [(row["step"], row.get("value"), row["done"], row.get("note")) for row in shown] == [
        ("rx", "-18.5", 1, "Du bureau"),
        ("wifi", None, 0, None),
    ]
    assert world.body("Dispatch Job", name)["checklist"][0]["value"] == -18.5
    assert (world.waiting(), world.reviews()) == ([], [])


async def test_photo_that_never_comes_is_put_before_a_person_after_a_month(world: World) -> None:
    """A phone that was lost, or wiped, or lost its last writes: nothing may wait for ever."""
    _, key = await held_job(world)
    n = attach_photo(world, key)
    await world.service.write_back()
    world.wait(days=29)
    await world.service.write_back()
    assert world.office_of(n) == "waiting"

    world.wait(days=2)
    await world.service.write_back()

    (review,) = world.reviews()
    assert (world.office_of(n), world.waiting()) == ("review", [])
    assert (review["reason"], review["document_key"]) == ("photo-missing", key)


async def test_photo_that_is_still_on_a_phone_costs_the_site_nothing(world: World) -> None:
    """Once it was sought in the ERP, the minutes until it comes pass without a call."""
    name, key = await held_job(world)
    n = attach_photo(world, key)
    await world.settle(rounds=2)
    world.wire.sent.clear()
    for _ in range(5):
        world.wait(minutes=2)
        await world.service.write_back()
    assert (world.wire.calls(), world.office_of(n)) == ([], "waiting")

    text = world.push_set(key, work_notes="Texte")
    await world.service.write_back()
    assert (world.office_of(text), world.office_of(n)) == ("stored", "waiting")

    world.blobs[SHA] = PHOTO
    await world.service.blob_arrived(key)
    await world.service.write_back()
    (photo,) = (await world.shown("Dispatch Job", name))["photos"]
    assert photo["image"].startswith("/private/files/")
    assert (world.office_of(n), world.waiting()) == ("stored", [])


async def test_process_that_stood_still_uploads_no_photo_that_another_uploaded_meanwhile(
    world: World,
) -> None:
    """Between seeking and uploading a machine may stand still; the ERP refuses no second file."""
    name, key = await held_job(world)
    n = attach_photo(world, key)
    world.blobs[SHA] = PHOTO

    def stands_still(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if "File" in request.url.path:
            world.wire.after = None
            world.wait(minutes=3)
            with world.store.database.write() as connection:  # as another process does
                outbox.claim(connection, now_ms=world.now_ms(), limit=10)
        return response

    world.wire.after = stands_still
    await world.service.write_back()
    assert not any("upload_file" in call for call in world.wire.calls())
    assert world.office_of(n) == "waiting"

    world.wait(minutes=3)
    await world.service.write_back()
    assert len((await world.shown("Dispatch Job", name))["photos"]) == 1
    assert (world.office_of(n), world.waiting()) == ("stored", [])


async def test_photo_whose_work_was_forgotten_is_sought_in_the_erp_by_a_new_process(
    world: World,
) -> None:
    """A server put back to a backup has not the file, nor has its phone; the ERP has."""
    name, key = await held_job(world)
    n = attach_photo(world, key)
    await world.settle(rounds=2)
    await world.client.upload(
        ("Dispatch Job", name), file_name=f"{SHA}.jpg", content=PHOTO, mime="image/jpeg"
    )
    started = ErpService(world.client, world.store, rand=lambda: 0.5, read_blob=world.blobs.get)
    world.wait(minutes=2)
    await started.write_back()
    (photo,) = (await world.shown("Dispatch Job", name))["photos"]
    assert photo["image"].startswith("/private/files/")
    assert (world.office_of(n), rows(world, "File")) == ("stored", 1)


async def test_photo_row_does_not_wait_for_its_file(world: World) -> None:
    name, key = await held_job(world)
    n = attach_photo(world, key)
    text = world.push_set(key, work_notes="Texte")
    await world.service.write_back()
    (photo,) = (await world.shown("Dispatch Job", name))["photos"]
    assert (photo["caption"], photo["sha256"], photo.get("image")) == ("ONT posé", SHA, None)
    assert (world.office_of(n), world.office_of(text)) == ("waiting", "stored")
    world.blobs[SHA] = PHOTO
    await world.service.blob_arrived(key)
    await world.service.write_back()
    (photo,) = (await world.shown("Dispatch Job", name))["photos"]
    assert photo["image"].startswith("/private/files/")
    assert (world.office_of(n), world.waiting(), world.reviews()) == ("stored", [], [])


async def test_file_whose_answer_was_lost_is_not_uploaded_again(world: World) -> None:
    name, key = await held_job(world)
    attach_photo(world, key)
    world.blobs[SHA] = PHOTO
    world.erp.faults.plan(Fault.CONNECTION_LOST_AFTER_COMMIT, lambda r: "upload" in r.path)
    await world.settle()
    assert rows(world, "File") == 1
    (photo,) = (await world.shown("Dispatch Job", name))["photos"]
    assert photo["image"].startswith("/private/files/")
    assert (world.waiting(), world.reviews()) == ([], [])


async def test_file_that_a_server_put_back_to_a_backup_uploaded_before_is_found(
    world: World,
) -> None:
    """The work is new to it, and the ERP has the file: a file has no key to be refused by."""
    name, key = await held_job(world)
    await world.client.upload(
        ("Dispatch Job", name), file_name=f"{SHA}.jpg", content=PHOTO, mime="image/jpeg"
    )
    world.blobs[SHA] = PHOTO
    n = attach_photo(world, key)
    await world.settle()
    assert (world.office_of(n), rows(world, "File")) == ("stored", 1)


async def test_file_whose_answer_was_lost_is_found_under_the_documents_new_name(
    world: World,
) -> None:
    name, key = await held_job(world)
    attach_photo(world, key)
    world.blobs[SHA] = PHOTO
    world.erp.faults.plan(Fault.CONNECTION_LOST_AFTER_COMMIT, lambda r: "upload" in r.path)
    await world.service.write_back()
    form = {"doctype": "Dispatch Job", "old_name": name, "new_name": "DJ-ANCIEN"}
    await world.office("POST", "/api/method/frappe.client.rename_doc", form)
    await world.settle()
    assert rows(world, "File") == 1
    (photo,) = (await world.shown("Dispatch Job", "DJ-ANCIEN"))["photos"]
    assert photo["image"].startswith("/private/files/")


async def test_file_that_is_still_being_taken_in_is_not_sent_again_at_once(world: World) -> None:
    """A file has no key: what was asked must have ended before it is looked for."""
    _, key = await held_job(world)
    attach_photo(world, key)
    world.blobs[SHA] = PHOTO

    def too_slow(request: httpx.Request) -> None:
        if "upload" in request.url.path:
            raise httpx.ReadTimeout("a minute is over")

    world.wire.before = too_slow
    await world.service.write_back()
    world.wire.before = None
    world.wait(seconds=60)
    assert await world.service.write_back() == 0
    world.wait(seconds=31)
    assert await world.service.write_back() == 1
    assert rows(world, "File") == 1


async def test_signature_is_a_file_there_and_a_fingerprint_here(world: World) -> None:
    name, key = await held_job(world)
    n = world.push(
        key,
        "attach",
        sha256=SHA,
        size=len(PHOTO),
        mime="image/png",
        role="signature",
        field="signature",
    )
    world.push_set(key, signed_by="Mme Roy")
    await world.service.write_back()
    shown = await world.shown("Dispatch Job", name)
    assert ("signature" in shown, shown["signed_by"]) == (False, "Mme Roy")
    assert world.body("Dispatch Job", name)["signature"] == SHA
    world.blobs[SHA] = PHOTO
    await world.settle()
    assert (await world.shown("Dispatch Job", name))["signature"].startswith("/private/files/")
    assert world.body("Dispatch Job", name)["signature"] == SHA
    assert (world.office_of(n), world.waiting(), world.reviews()) == ("stored", [], [])
