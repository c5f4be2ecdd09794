"""The operator's check finds what should never be."""

from typing import Any

import pytest
from sqlalchemy import text, update

from server_sync.store.checking import findings
from server_sync.store.schema import counter, device, doc, feed, feed_sum
from tests.server.http.house import House


async def lived_in(house: House) -> None:
    house.job()
    marc = await house.sign_in()
    await marc.sync(marc.operation("set", fields={"resolution": [None, "fait"]}))


async def test_database_that_was_used_is_found_in_order(house: House) -> None:
    await lived_in(house)

    assert list(findings(house.server.store.database)) == []


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (update(feed_sum).values(n=feed_sum.c.n + 1), "does not match its feed"),
        (update(feed).values(rev=99), "does not match its feed"),
        (update(counter).values(value=0), "ahead of its counter"),
        (update(doc).values(body='{"subject":"autre"}'), "does not match its hash"),
        (update(device).values(last_n=0), "beyond its last number"),
        (text("DROP TABLE erp_seen"), "the table erp_seen is missing"),
        (text("ALTER TABLE blob DROP COLUMN mime"), "the column blob.mime is missing"),
        (text("DROP INDEX outcome_by_op"), "the index outcome_by_op is missing"),
    ],
)
async def test_damage_is_told(house: House, damage: Any, says: str) -> None:  # noqa: ANN401 - a test's own value
    await lived_in(house)
    house.server.store.database.run(lambda c: c.execute(damage))

    assert any(says in line for line in findings(house.server.store.database))
