"""A time in the hour that repeats, while the document moves on before its write is settled."""

from server_sync.embedded_erp import Fault
from tests.server.erp.office import held_job
from tests.server.erp.world import World

SECOND = "2026-11-01T06:03:49.511000Z"
"""01:03 on the site's clock, for the second time."""
LATER = "2026-11-01T07:10:48.848000Z"


async def test_time_that_the_erp_has_already_is_not_taken_for_refused(world: World) -> None:
    """Written, its answer lost; then what came after it was refused, so parts are tried alone."""
    name, key = await held_job(world)
    first = world.push_set(key, signed_at=SECOND)
    world.erp.faults.plan(Fault.CONNECTION_LOST_AFTER_COMMIT, lambda r: r.method == "PUT")
    await world.service.write_back()
    later = world.push_set(key, signed_at=LATER)
    refused = world.push_set(key, closed_reason="x" * 200)

    await world.settle()

    assert (world.office_of(first), world.office_of(later)) == ("stored", "stored")
    assert world.office_of(refused) == "review"
    dropped = [
        r["field"] for r in world.reviews() if r["reason"] == "erp-refused" and r.get("field")
    ]
    assert dropped == []
    assert world.body("Dispatch Job", name)["signed_at"] == LATER
