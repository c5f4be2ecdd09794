"""What time alone changes, and what is forgotten when."""

from sqlalchemy import func, select

from server_sync.store.checking import findings
from server_sync.store.schema import erp_out, feed, outcome
from server_sync.sync import upkeep
from tests.server.http.house import JOB, KARIM, MARC, OTHER_JOB, House

TECHNICIAN = "0b5e3a52-6a1c-5b7e-9d58-0a8a4c1f2e09"


def held(house: House, audience: str = "DT-00001") -> set[str]:
    with house.server.store.read() as connection:
        return set(
            connection.execute(
                select(feed.c.key).where(feed.c.audience == audience, feed.c.is_in.is_(True))
            ).scalars()
        )


def rows(house: House, table: object) -> int:
    with house.server.store.read() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[arg-type]  # any table


def test_job_of_next_month_enters_the_scope_fourteen_days_before(house: House) -> None:
    house.job(scheduled_date="2026-10-20")
    assert held(house) == set()

    house.clock.forward(days=15)
    assert upkeep.rescope(house.server.store) == 1

    assert held(house) == {JOB}
    assert upkeep.rescope(house.server.store) == 0


def test_job_done_leaves_the_scope_after_seven_days(house: House) -> None:
    house.job(status="Completed")
    house.job(OTHER_JOB)
    house.clock.forward(days=8)

    upkeep.rescope(house.server.store)

    assert held(house) == {OTHER_JOB}, "work still open stays, however old"
    assert list(findings(house.server.store.database)) == []


async def test_review_closed_leaves_after_two_weeks(house: House) -> None:
    house.job(technician="DT-00002")
    marc, karim = await house.sign_in(MARC), await house.sign_in(KARIM)
    await marc.sync(marc.operation("set", fields={"resolution": [None, "x"]}))
    (review,) = (await karim.get("/v1/review")).json()["reviews"]
    await karim.post(f"/v1/review/{review['key']}", {"resolution": "keep"})
    house.clock.forward(days=15)

    upkeep.rescope(house.server.store)

    assert review["key"] not in held(house)


async def test_outcome_is_forgotten_after_ninety_days_but_not_while_work_waits(
    house: House,
) -> None:
    house.job()
    marc = await house.sign_in()
    await marc.sync(
        marc.operation("set", fields={"resolution": [None, "x"]}), marc.operation("dance")
    )
    house.clock.forward(days=91)

    upkeep.forget(house.server.store)

    assert (rows(house, outcome), rows(house, erp_out)) == (1, 1)


async def test_operation_repeated_after_its_outcome_was_forgotten_is_not_taken_again(
    house: House,
) -> None:
    house.job()
    marc = await house.sign_in()
    operation = marc.operation("set", fields={"resolution": [None, "x"]})
    await marc.sync(operation)
    house.server.store.transact(lambda tx: tx.settle(marc.id, 1, "stored"))
    house.clock.forward(days=91)
    upkeep.forget(house.server.store)
    house.put(JOB, **{**house.body(), "resolution": "y"})

    reply = await (await house.sign_in(id=marc.id)).sync(operation)

    assert [(o["n"], o["verdict"]) for o in reply["outcomes"]] == [(1, "applied")]
    assert house.body()["resolution"] == "y"


async def test_device_away_longer_than_departures_are_kept_gets_a_snapshot(house: House) -> None:
    house.job()
    house.job(OTHER_JOB)
    marc = await house.sign_in()
    cursor = await marc.cursor()
    house.put(OTHER_JOB, **{**house.body(OTHER_JOB), "assigned_technician": "DT-00002"})
    recent = (await marc.sync(cursor=cursor))["cursor"]
    house.clock.forward(days=91)
    upkeep.forget(house.server.store)
    marc = await house.sign_in(id=marc.id)

    assert "snapshot" in await marc.sync(cursor=cursor)
    assert "snapshot" not in await marc.sync(cursor=recent)


async def test_departure_within_ninety_days_is_told(house: House) -> None:
    house.job()
    marc = await house.sign_in()
    cursor = await marc.cursor()
    house.put(JOB, **{**house.body(), "assigned_technician": "DT-00002"})
    house.clock.forward(days=89)
    upkeep.forget(house.server.store)

    reply = await (await house.sign_in(id=marc.id)).sync(cursor=cursor)

    assert reply["changes"] == [{"key": JOB, "gone": True}]


async def test_work_done_while_assigned_is_taken_even_after_the_departure_is_forgotten(
    house: House,
) -> None:
    house.job()
    marc = await house.sign_in()
    note = marc.operation("append", list="notes", item_id="n1", item={"text": "fait"})
    house.clock.forward(minutes=10)
    house.put(JOB, **{**house.body(), "assigned_technician": "DT-00002"})
    house.clock.forward(days=100)
    upkeep.forget(house.server.store)

    reply = await (await house.sign_in(id=marc.id)).sync(note)

    assert reply["last_n"] == 1
    assert [row["id"] for row in house.body()["notes"]] == ["n1"]


def test_snapshots_are_made_ahead_for_who_was_heard_from(house: House) -> None:
    assert house.server.accounts.audiences_seen() == set()


async def test_audience_of_a_device_heard_from_is_warmed(house: House) -> None:
    marc = await house.sign_in()
    await marc.sync()

    assert house.server.accounts.audiences_seen() == {"DT-00001"}
    house.clock.forward(days=8)
    assert house.server.accounts.audiences_seen() == set()


def test_offer_that_ran_out_leaves_those_it_was_made_to(house: House) -> None:
    house.put(TECHNICIAN, "Dispatch Technician", name="DT-00001", full_name="Marc T.")
    house.job(technician=None, offered_until="2026-09-22T00:00:00.000000Z")
    assert held(house) == {JOB}

    house.clock.forward(days=1)
    upkeep.rescope(house.server.store)

    assert held(house) == set()
