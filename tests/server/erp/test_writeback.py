"""Work of the field on its way into the ERP: once, in order, and nothing lost on the way."""

import hashlib
import json

import httpx
import pytest
from sqlalchemy import update

from server_sync.embedded_erp import Fault
from server_sync.embedded_erp.calls import Request
from server_sync.erp.writeback import TRIES_MAX
from server_sync.store.schema import erp_out
from tests.server.erp.world import Json, World


async def held_job(world: World, **values: Json) -> tuple[str, str]:
    """A job that both sides have: its name and our key."""
    name = await world.job(**values)
    await world.service.poll()
    world.wire.sent.clear()
    world.wait(seconds=1)
    return name, world.doc("Dispatch Job", name).key


def rows(world: World, doctype: str) -> int:
    return int(world.sql(f'SELECT COUNT(*) FROM "tab{doctype}"')[0][0])  # noqa: S608 - a doctype of ours


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


async def test_value_the_erp_refuses_is_parked_with_its_message(world: World) -> None:
    name, key = await held_job(world)
    good = world.push_set(key, work_notes="Bien")
    bad = world.push_set(key, closed_reason="x" * 200)
    await world.service.write_back()
    assert (await world.shown("Dispatch Job", name))["work_notes"] == "Bien"
    assert (world.office_of(good), world.office_of(bad)) == ("stored", "review")
    (review,) = world.reviews()
    assert review["reason"] == "erp-refused"
    assert "closed_reason" not in world.body("Dispatch Job", name)
    assert world.waiting() == []


async def test_group_is_parked_whole_when_the_erp_refuses_a_part(world: World) -> None:
    name, key = await held_job(world)
    group = {"id": "group-0001", "size": 2}
    caller_ops = [
        ("set", {"fields": {"work_notes": [None, "Bien"]}}),
        ("set", {"fields": {"closed_reason": [None, "x" * 200]}}),
    ]
    world.push_group(key, caller_ops, group)
    alone = world.push_set(key, signed_by="Mme Roy")
    await world.service.write_back()
    shown = await world.shown("Dispatch Job", name)
    assert ("work_notes" in shown, shown["signed_by"]) == (False, "Mme Roy")
    assert world.office_of(alone) == "stored"
    assert len(world.reviews()) == 2
    assert world.waiting() == []


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


async def test_field_the_erp_ignores_is_told_by_name(world: World) -> None:
    name, key = await held_job(world)
    n = world.push_set(key, work_notes="Reste", signed_by="M. Roy")
    world.erp.site.forms.get("Dispatch Job").fields.pop("signed_by")
    await world.service.write_back()
    (review,) = world.reviews()
    assert (review["reason"], review["field"], json.loads(review["lost"])) == (
        "erp-refused",
        "signed_by",
        "M. Roy",
    )
    assert world.office_of(n) == "review"
    assert world.body("Dispatch Job", name)["work_notes"] == "Reste"
    assert world.waiting() == []


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


# --- files

PHOTO = b"\xff\xd8\xff\xe0 a photo"
SHA = hashlib.sha256(PHOTO).hexdigest()


def attach_photo(world: World, key: str) -> int:
    return world.push(
        key,
        "attach",
        sha256=SHA,
        size=len(PHOTO),
        mime="image/jpeg",
        role="photo",
        list="photos",
        item_id=world.new_id(),
        item={"caption": "ONT posé"},
    )


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


# --- several processes, outages


async def test_document_claimed_by_another_process_is_left_alone(world: World) -> None:
    _, key = await held_job(world)
    world.push_set(key, work_notes="Une fois")
    with world.store.database.write() as connection:
        connection.execute(update(erp_out).values(claimed_ms=world.now_ms() + 1000))
    assert await world.service.write_back() == 0
    await world.service.recover()
    assert await world.service.write_back() == 1


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


def put(name: str, values: Json) -> Json:
    """A request of somebody in the office."""
    return Request(
        "PUT",
        f"/api/resource/Dispatch Job/{name}",
        "",
        {"authorization": "token key:secret", "content-type": "application/json"},
        json.dumps(values).encode(),
    )


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


async def test_field_that_no_model_describes_is_not_written_but_kept(world: World) -> None:
    name, key = await held_job(world)
    n = world.push_set(key, couleur_du_toit="rouge")
    await world.service.write_back()
    shown = await world.shown("Dispatch Job", name)
    assert "couleur_du_toit" not in shown
    assert [one["field"] for one in world.reviews()] == ["couleur_du_toit"]
    assert (world.office_of(n), world.waiting()) == ("review", [])


async def test_time_that_is_none_is_refused_before_any_write(world: World) -> None:
    _, key = await held_job(world)
    n = world.push_set(key, signed_at="tantôt")
    await world.service.write_back()
    assert (world.wire.writes(), world.office_of(n)) == ([], "review")
    assert world.waiting() == []


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


async def test_document_without_a_create_waits_for_a_person(world: World) -> None:
    key = world.new_id()
    world.push(key, "create", doctype="Service Equipment", body={"equipment_type": "ONT"})
    n = world.push_set(key, firmware="2.0")
    with world.store.database.write() as connection:
        connection.execute(update(erp_out).where(erp_out.c.n != n).values(state="review"))
    await world.service.write_back()
    assert [one["reason"] for one in world.reviews()] == ["waits-for-create"]


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


async def test_row_that_the_office_deleted_parks_the_answer_for_it(world: World) -> None:
    name, key = await held_job(world, checklist=[{"step": "rx"}])
    row = world.body("Dispatch Job", name)["checklist"][0]["id"]
    world.push(key, "set", fields={f"checklist.{row}.done": [False, True]})
    await world.change("Dispatch Job", name, checklist=[])
    await world.service.write_back()
    assert [one["reason"] for one in world.reviews()] == ["row-missing"]
    assert world.waiting() == []


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
