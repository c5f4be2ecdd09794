"""What a scrape is told that only the database knows."""

import re

from tests.server.http.house import House

FIGURE = re.compile(r"^gigafibre_(\w+)(\{.*\})? ([0-9.]+)$", re.MULTILINE)


async def figures(house: House) -> dict[str, float]:
    text = (await house.client.get("/metrics")).text
    return {f"{name}{labels}": float(value) for name, labels, value in FIGURE.findall(text)}


async def test_work_for_the_erp_ages_from_the_moment_it_was_received(house: House) -> None:
    house.job()
    marc = await house.sign_in()
    late = marc.operation("set", fields={"resolution": [None, "fait"]})
    house.clock.forward(minutes=8)  # made before the phone found a signal
    await marc.sync(late)
    house.clock.forward(minutes=5)
    await marc.sync(marc.operation("append", list="notes", item_id="n1", item={"text": "plus"}))

    found = await figures(house)

    assert (found["erp_out_waiting"], found["erp_out_oldest_seconds"]) == (2, 300)


async def test_nothing_that_waits_has_no_age(house: House) -> None:
    house.clock.forward(days=1)

    found = await figures(house)

    assert (found["erp_out_waiting"], found["erp_out_oldest_seconds"]) == (0, 0)


async def test_devices_and_open_reviews_are_counted(house: House) -> None:
    house.job()
    marc, _ = await house.sign_in(), await house.sign_in()
    await marc.sync(marc.operation("set", key="nowhere", fields={"resolution": [None, "x"]}))

    found = await figures(house)

    assert (found['devices{status="active"}'], found["reviews_open"]) == (2, 1)
