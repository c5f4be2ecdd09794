"""A suggestion at the server: it fills what is empty, loses to every other word, and is told."""

import json
from typing import Any

from tests.server.http.house import JOB, KARIM, MARC, NADIA, Device, House

PATH = "checklist.s4.value"
READ = "A4:2B:B0:1C:9F:3E"
TYPED = "A4:2B:B0:1C:9F:3B"


def put_job(house: House, value: str | None = None, **more: Any) -> None:  # noqa: ANN401 - any JSON
    row = {"id": "s4", "step": "s4", "kind": "scan", "source": "photo", "done": True}
    house.job(checklist=[row if value is None else {**row, "value": value}], **more)


async def suggest(device: Device, **more: Any) -> str:  # noqa: ANN401 - any JSON
    fields = {PATH: [None, READ], "checklist.s4.source": [None, "ocr"]}
    said = await device.sync(device.operation("set", fields=fields, yields_to=PATH, **more))
    return str(said["outcomes"][0]["verdict"])


def value(house: House) -> object:
    rows: Any = house.body()["checklist"]
    return rows[0].get("value")


def reviews(house: House) -> list[dict[str, Any]]:
    rows = house.server.store.database.run(
        lambda c: c.exec_driver_sql("SELECT body FROM doc WHERE doctype = 'Sync Review'").scalars()
    )
    return [json.loads(text) for text in rows]


async def test_empty_answer_is_filled(house: House) -> None:
    put_job(house)
    marc = await house.sign_in(MARC)

    assert await suggest(marc) == "applied"
    assert (value(house), reviews(house)) == (READ, [])


async def test_typed_answer_stands_and_the_supervisor_is_told(house: House) -> None:
    """T-09."""
    put_job(house, TYPED)
    marc = await house.sign_in(MARC)

    assert await suggest(marc) == "superseded"
    assert value(house) == TYPED
    (review,) = reviews(house)
    assert (review["reason"], review["field"], review["state"]) == (
        "ocr-disagreement",
        PATH,
        "open",
    )
    assert (review["kept"], review["lost"]) == (json.dumps(TYPED), json.dumps(READ))


async def test_answer_that_another_technician_gave_meanwhile_stands(house: House) -> None:
    """Marc's phone saw nothing in the field when the label was read."""
    put_job(house)
    marc = await house.sign_in(MARC)
    nadia = await house.sign_in(NADIA)
    house.put(JOB, **{**house.body(), "assigned_technician": "DT-00002"})
    await nadia.sync(nadia.operation("set", fields={PATH: [None, TYPED]}))
    house.put(JOB, **{**house.body(), "assigned_technician": "DT-00001"})

    assert await suggest(marc) == "superseded"
    assert value(house) == TYPED


async def test_closed_job_gets_no_answer_any_more(house: House) -> None:
    put_job(house, status="Completed")
    marc = await house.sign_in(MARC)

    assert await suggest(marc) == "superseded"
    assert value(house) is None
    assert [one["reason"] for one in reviews(house)] == ["ocr-disagreement"]


async def test_suggestion_repeated_is_told_once(house: House) -> None:
    put_job(house, TYPED)
    marc = await house.sign_in(MARC)
    operation = marc.operation("set", fields={PATH: [None, READ]}, yields_to=PATH)
    await marc.sync(operation)
    await marc.sync(operation)

    assert len(reviews(house)) == 1


async def test_supervisor_can_have_the_label_believed_after_all(house: House) -> None:
    """On a closed job too: a person decides, not the reading."""
    put_job(house, status="Completed")
    marc, karim = await house.sign_in(MARC), await house.sign_in(KARIM)
    await suggest(marc)
    listed = (await karim.get("/v1/review")).json()["reviews"]
    answer = await karim.post(f"/v1/review/{listed[0]['key']}", {"resolution": "apply"})

    assert answer.status_code == 200
    assert value(house) == READ
