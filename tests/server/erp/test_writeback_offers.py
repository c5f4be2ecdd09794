"""An accepted offer on its way into the ERP: the assignment, the state and the answer."""

from tests.server.erp.world import World

UNTIL = "2026-07-17 17:00:00"


async def offered(world: World) -> tuple[str, str, str]:
    """Return the name and key of a job on offer, and whose phone it is."""
    technician = await world.make("Dispatch Technician", full_name="Ti-Guy Tremblay")
    name = await world.make("Dispatch Job", subject="Offert", status="Open", offered_until=UNTIL)
    await world.service.poll()
    return name, world.doc("Dispatch Job", name).key, technician


def accept(world: World, key: str, technician: str) -> int:
    return world.push(
        key,
        "append",
        list="responses",
        item_id=world.new_id(),
        item={"technician": technician, "answer": "Accept"},
    )


async def test_accepted_offer_is_assigned_in_the_erp(world: World) -> None:
    name, key, technician = await offered(world)
    n = accept(world, key, technician)
    await world.service.poll()  # the ERP does not know yet: its word must not take the job back
    assert world.body("Dispatch Job", name)["assigned_technician"] == technician

    await world.settle()

    shown = await world.shown("Dispatch Job", name)
    assert (shown["assigned_technician"], shown["status"]) == (technician, "Accepted")
    assert [row["answer"] for row in shown["responses"]] == ["Accept"]
    assert (world.office_of(n), world.waiting(), world.reviews()) == ("stored", [], [])


async def test_office_that_assigned_it_meanwhile_has_the_last_word(world: World) -> None:
    name, key, technician = await offered(world)
    other = await world.make("Dispatch Technician", full_name="Ginette Roy")
    accept(world, key, technician)
    await world.change("Dispatch Job", name, assigned_technician=other)

    await world.settle()

    shown = await world.shown("Dispatch Job", name)
    assert shown["assigned_technician"] == other
    assert world.body("Dispatch Job", name)["assigned_technician"] == other
    lost = [(r["field"], r["lost"]) for r in world.reviews() if r["field"] == "assigned_technician"]
    assert lost == [("assigned_technician", f'"{technician}"')]
