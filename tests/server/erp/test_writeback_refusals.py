"""What the ERP refuses or ignores goes before a person; the rest of the work goes on."""

import json

from tests.server.erp.office import held_job
from tests.server.erp.world import World


async def test_value_the_erp_refuses_is_parked_with_its_message(world: World) -> None:
    name, key = await held_job(world)
    good = world.push_set(key, work_notes="Bien")
    bad = world.push_set(key, closed_reason="x" * 200)
    await world.service.write_back()
    assert (await world.shown("Dispatch Job", name))["work_notes"] == "Bien"
    assert (world.office_of(good), world.office_of(bad)) == ("stored", "review")
    (review,) = world.reviews()
    assert review["reason"] == "erp-refused"
    assert "140" in str(review["message"])
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


async def test_field_the_erp_ignores_is_told_by_name(world: World) -> None:
    name, key = await held_job(world)
    n = world.push_set(key, work_notes="Reste", signed_by="M. Roy")
    world.take_field("Dispatch Job", "signed_by")
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


async def test_stamp_the_erp_has_no_field_for_is_laid_to_the_move_alone(world: World) -> None:
    name, key = await held_job(world)
    other = world.push_set(key, work_notes="Reste")
    move = world.push(
        key, "transition", **{"from": "Dispatched", "to": "Cancelled", "by": "Sophie D."}
    )
    later = world.push_set(key, signed_by="M. Roy")
    world.take_field("Dispatch Job", "cancelled_by")
    await world.service.write_back()
    assert (await world.shown("Dispatch Job", name))["status"] == "Cancelled"
    assert [one["field"] for one in world.reviews()] == ["cancelled_by"]
    assert [world.office_of(n) for n in (other, move, later)] == ["stored", "review", "stored"]
