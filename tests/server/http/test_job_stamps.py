"""Who ended a job and when: stamped by the move, whoever of our people makes it."""

from typing import Any, Final

from field_core.instants import ms_to_text
from tests.server.http.house import JOB, SOPHIE, Device, House

ENDED: Final = ("completed_at", "cancelled_at", "cancelled_by")


def stamps(house: House) -> dict[str, Any]:
    return {name: value for name, value in house.body(JOB).items() if name in ENDED}


def move(device: Device, before: str, to: str, **more: str) -> dict[str, Any]:
    return device.operation("transition", **{"from": before, "to": to, **more})


async def test_job_cancelled_by_a_dispatcher_says_when_and_by_whom(house: House) -> None:
    house.job()
    sophie = await house.sign_in(SOPHIE)

    await sophie.sync(move(sophie, "Dispatched", "Cancelled"))

    now = ms_to_text(house.clock.ms)
    assert stamps(house) == {"cancelled_at": now, "cancelled_by": "Sophie D."}
    assert house.body(JOB)["status_log"][0]["by"] == "Sophie D."


async def test_move_that_names_somebody_else_is_signed_by_who_is_signed_in(house: House) -> None:
    house.job()
    sophie = await house.sign_in(SOPHIE)

    await sophie.sync(move(sophie, "Dispatched", "Cancelled", by="Sophie, répartition"))

    assert house.body(JOB)["cancelled_by"] == SOPHIE.full_name


async def test_move_of_a_technician_is_signed_with_their_id(house: House) -> None:
    house.job()
    marc = await house.sign_in()

    await marc.sync(move(marc, "Dispatched", "On Site"))

    assert house.body(JOB)["status_log"][0]["by"] == "DT-00001"


async def test_technician_may_not_cancel(house: House) -> None:
    house.job()
    marc = await house.sign_in()

    reply = await marc.sync(move(marc, "Dispatched", "Cancelled"))

    assert (reply["outcomes"][0]["verdict"], stamps(house)) == ("rejected", {})


async def test_job_reopened_has_no_end(house: House) -> None:
    house.job()
    marc = await house.sign_in()
    await marc.sync(move(marc, "Dispatched", "Completed"))
    assert stamps(house) == {"completed_at": ms_to_text(house.clock.ms)}

    await marc.sync(move(marc, "Completed", "On Site", reason="toujours en panne"))

    assert (stamps(house), house.body(JOB)["status"]) == ({}, "On Site")
