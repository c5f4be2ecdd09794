"""A bad proxy and a busy office over real sockets: sixty faults in every run, a thousand by hand.

`python -m tests.faults --faults 1000` is the long form.
"""

import json
from collections.abc import Awaitable, Callable

import pytest

from tests.faults.field import Field, in_the_field
from tests.faults.proxy import MESSAGE, Trouble
from tests.faults.session import run

FAULTS = 60


@pytest.mark.timeout(300)
async def test_sixty_faults_lose_nothing_and_double_nothing() -> None:
    """T-20, IF-04: promised means in the ERP once, or before a person with the ERP's words."""
    result = await run(FAULTS, seed=3)

    assert result.is_clean, result
    assert (result.faults, result.kinds > 8) == (FAULTS, True)


@pytest.mark.parametrize(
    "trouble",
    [
        *(Trouble.CLOSED_AFTER, Trouble.PAGE_500_AFTER, Trouble.GATEWAY_504_AFTER),
        *(Trouble.STALE_417, Trouble.REFUSED_417, Trouble.LIMITED_429),
    ],
)
async def test_row_and_photo_are_there_once_whatever_becomes_of_their_calls(
    trouble: Trouble,
) -> None:
    writes = iter([trouble] * 3)

    def choose(method: str, path: str) -> Trouble | None:
        is_write = path.endswith(("frappe.client.insert", "upload_file")) or method == "PUT"
        return next(writes, None) if is_write else None

    with in_the_field(choose, seed=1) as (field, _):
        await field.begin(jobs=1)
        key, name = next(iter(field.jobs.items()))
        field.note(key)
        field.photo(key)
        for _ in range(6):
            field.wait(minutes=6)
            await field.turn()
        shown = await field.shown("Dispatch Job", name)
        reviews, waiting = field.reviews(), field.waiting()
        await field.client.close()

    (note,), (photo,) = field.ledger.notes, field.ledger.photos
    if trouble is Trouble.REFUSED_417:
        assert {one["message"] for one in reviews} == {MESSAGE}
        assert note[1] in json.dumps(reviews)
        return
    assert [row["text"] for row in shown["notes"]] == [note[1]]
    assert [(row["sha256"], bool(row["image"])) for row in shown["photos"]] == [(photo[1], True)]
    assert (waiting, reviews) == ([], [])


Act = Callable[[Field], Awaitable[str]]


def nothing_happens(_method: str, _path: str) -> Trouble | None:
    """A proxy without a fault."""
    return None


async def office_asks_for_more(field: Field) -> str:
    """The office adds a mandatory field of its own to our doctype."""
    form = {"dt": "Service Equipment", "fieldname": "shelf", "fieldtype": "Data", "reqd": 1}
    await field.office("POST", "/api/resource/Custom Field", form)
    field.birth("")
    return "Shelf"


async def office_lets_a_technician_go(field: Field) -> str:
    """The technician whom a job names is deleted in the office before the job arrives there."""
    gone = await field.make("Dispatch Technician", full_name="Parti")
    await field.service.poll()
    await field.office("DELETE", f"/api/resource/Dispatch Technician/{gone}")
    key = field.new_id()
    field.push(
        key,
        "create",
        doctype="Dispatch Job",
        body={"subject": "Visite", "assigned_technician": gone},
    )
    return gone


@pytest.mark.parametrize("act", [office_asks_for_more, office_lets_a_technician_go])
async def test_what_the_office_makes_impossible_is_decided_by_a_person_with_the_erps_words(
    act: Act,
) -> None:
    with in_the_field(nothing_happens, seed=1) as (field, _):
        await field.begin(jobs=1)
        named = await act(field)
        for _ in range(3):
            await field.turn()
            field.wait(minutes=6)
        (review,) = field.reviews()
        waiting = field.waiting()
        await field.client.close()

    assert (review["reason"], review["state"]) == ("erp-refused", "open")
    assert named in str(review["message"])
    assert waiting == []
