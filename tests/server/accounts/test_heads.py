"""What devices say of themselves: the office sees who holds unsent work, and when it heard so."""

from typing import Any

import pytest
from sqlalchemy import event

from field_core.capabilities import Role
from server_sync.accounts import DeviceStatus, Person
from server_sync.sync.contact import FACT_CHARACTERS_MAX, HEADS_MAX
from tests.server.http.house import KARIM, MARC, PASSWORD, SOPHIE, Device, House

HEADS = {"unsent": 3, "blobs": 1, "oldest_ms": 1_789_990_000_000, "free_mb": 812, "app": "1.4.0"}
BILLING = Person("lise@example.test", "Lise B.", (Role.BILLING,))


async def listed(house: House, device: Device) -> dict[str, Any]:
    """Return a device as the dispatcher sees it."""
    sophie = await house.sign_in(SOPHIE)
    devices = (await sophie.get("/v1/devices")).json()["devices"]
    found: dict[str, Any] = next(d for d in devices if d["id"] == device.id)
    return found


@pytest.mark.parametrize(
    ("person", "status"), [(MARC, 403), (BILLING, 403), (SOPHIE, 200), (KARIM, 200)]
)
async def test_devices_are_shown_to_dispatcher_and_supervisor_alone(
    house: House, person: Person, status: int
) -> None:
    house.server.accounts.add(person, password=PASSWORD)
    device = await house.sign_in(person)

    assert (await device.get("/v1/devices")).status_code == status


async def test_devices_without_a_session_are_not_shown(house: House) -> None:
    assert (await house.client.get("/v1/devices")).status_code == 401


async def test_device_is_shown_with_what_it_still_holds_and_when_it_said_so(house: House) -> None:
    marc = await house.sign_in()
    await marc.sync(heads=HEADS)
    told_ms = house.clock.ms

    found = await listed(house, marc)

    assert (found["heads"], found["heads_ms"]) == (HEADS, told_ms)
    assert (found["full_name"], found["technician"], found["status"], found["seen_ms"]) == (
        "Marc T.",
        "DT-00001",
        "active",
        told_ms,
    )


async def test_device_that_told_nothing_yet_is_shown_without(house: House) -> None:
    marc = await house.sign_in()

    found = await listed(house, marc)

    assert (found["heads"], found["heads_ms"]) == (None, 0)


async def test_heads_told_within_a_minute_replace_the_ones_before(house: House) -> None:
    marc = await house.sign_in()
    await marc.sync(heads=HEADS)
    house.clock.forward(minutes=0.1)

    await marc.sync(heads={**HEADS, "unsent": 0})

    found = await listed(house, marc)
    assert (found["heads"]["unsent"], found["heads_ms"]) == (0, house.clock.ms)


@pytest.mark.parametrize("values", [[], ["fait"]])
async def test_heads_stay_with_their_time_while_the_device_has_nothing_new_to_tell(
    house: House, values: list[str]
) -> None:
    house.job()
    marc = await house.sign_in()
    await marc.sync(heads=HEADS)
    told_ms = house.clock.ms
    house.clock.forward(minutes=10)

    ops = [marc.operation("set", fields={"resolution": [None, value]}) for value in values]
    await marc.sync(*ops)

    found = await listed(house, marc)
    assert (found["heads"], found["heads_ms"]) == (HEADS, told_ms)
    assert found["seen_ms"] == house.clock.ms


async def test_heads_come_with_operations_too(house: House) -> None:
    house.job()
    marc = await house.sign_in()

    await marc.sync(marc.operation("set", fields={"resolution": [None, "fait"]}), heads=HEADS)

    assert (await listed(house, marc))["heads"] == HEADS


async def test_heads_of_a_draining_device_tell_whether_it_is_empty(house: House) -> None:
    marc = await house.sign_in()
    house.server.accounts.revoke(marc.id, DeviceStatus.DRAINING)

    await marc.sync(heads={"unsent": 0, "blobs": 0})

    found = await listed(house, marc)
    assert (found["status"], found["heads"]) == ("drain", {"unsent": 0, "blobs": 0})


async def test_heads_without_end_are_cut(house: House) -> None:
    marc = await house.sign_in()

    await marc.sync(
        heads={"app": "x" * 5000, "unsent": 10**30, **{f"fact {n}": n for n in range(90)}}
    )

    heads = (await listed(house, marc))["heads"]
    assert (len(heads), len(heads["app"]), heads["unsent"]) == (
        HEADS_MAX,
        FACT_CHARACTERS_MAX,
        1 << 62,
    )


async def test_idle_contact_within_a_minute_writes_nothing(house: House) -> None:
    marc = await house.sign_in()
    cursor = await marc.cursor()
    await marc.sync(cursor=cursor, heads=HEADS)
    written: list[str] = []
    engine = house.server.store.database.engine

    def note(*arguments: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own
        if not arguments[2].startswith(("SELECT", "BEGIN", "PRAGMA")):
            written.append(arguments[2])

    event.listen(engine, "before_cursor_execute", note)
    await marc.sync(cursor=cursor)

    assert written == []
