"""What a call over HTTP asks of the database: one view for who calls and what they read."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from tests.server.http.house import House

SHA = "0" * 64


@contextmanager
def opened(house: House) -> Iterator[list[str]]:
    """Collect how transactions are opened meanwhile."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("BEGIN"):
            found.append(statement)

    engine = house.server.store.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def test_idle_exchange_is_one_transaction_that_reads(house: House) -> None:
    house.job()
    marc = await house.sign_in()
    cursor = (await marc.sync(cursor=await marc.cursor()))["cursor"]

    with opened(house) as found:
        await marc.sync(cursor=cursor)

    assert found == ["BEGIN"]


async def test_push_is_one_transaction_that_writes_and_one_that_reads(house: House) -> None:
    house.job()
    marc = await house.sign_in()
    cursor = await marc.cursor()

    with opened(house) as found:
        await marc.sync(marc.operation("set", fields={"resolution": [None, "fait"]}), cursor=cursor)

    assert found == ["BEGIN IMMEDIATE", "BEGIN"]


async def test_contact_is_written_down_once_a_minute(house: House) -> None:
    marc = await house.sign_in()
    cursor = (await marc.sync(cursor=await marc.cursor()))["cursor"]
    house.clock.forward(minutes=2)

    with opened(house) as found:
        await marc.sync(cursor=cursor)
        await marc.sync(cursor=cursor)

    assert found == ["BEGIN", "BEGIN IMMEDIATE", "BEGIN"]


@pytest.mark.parametrize("path", [f"/v1/blobs/{SHA}", f"/v1/snapshots/{SHA}"])
async def test_file_that_is_not_here_is_looked_for_in_one_transaction(
    house: House, path: str
) -> None:
    marc = await house.sign_in()
    method = "HEAD" if "blobs" in path else "GET"

    with opened(house) as found:
        answer = await house.client.request(method, path, headers=marc.headers)

    assert answer.status_code == 404
    assert found == ["BEGIN"]


async def test_call_of_a_stranger_asks_the_database_nothing(house: House) -> None:
    operation = {"kind": "set", "id": "x", "n": 1, "key": "k", "fields": {}}

    with opened(house) as found:
        answer = await house.client.post(
            "/v1/sync",
            json={"now": [0, 0, "boot"], "ops": [operation]},
            headers={"Authorization": "Bearer made-up"},
        )

    assert answer.status_code == 401
    assert found == []
