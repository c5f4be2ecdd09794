"""Reviews: who sees them, and what deciding does to the document and the ERP's queue."""

from typing import Any

import pytest
from sqlalchemy import select

from server_sync.store.documents import Doc
from server_sync.store.schema import erp_out, outcome
from tests.server.http.house import (
    JOB,
    KARIM,
    MARC,
    NADIA,
    SOPHIE,
    Device,
    House,
)


async def reviews(device: Device, state: str = "open") -> list[dict[str, Any]]:
    answer = await device.get(f"/v1/review?state={state}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json().get("reviews", [])
    return found


async def decide(device: Device, key: str, resolution: str) -> tuple[int, dict[str, Any]]:
    answer = await device.post(f"/v1/review/{key}", {"resolution": resolution})
    return answer.status_code, answer.json()


def queued(house: House) -> list[tuple[str, int]]:
    with house.server.store.read() as connection:
        return [(row.device, row.n) for row in connection.execute(select(erp_out))]


def office_state(house: House, device: Device, n: int) -> str | None:
    with house.server.store.read() as connection:
        state: str | None = connection.execute(
            select(outcome.c.office).where(outcome.c.device == device.id, outcome.c.n == n)
        ).scalar_one()
    return state


async def parked(house: House, **operation: Any) -> tuple[Device, Device, str]:  # noqa: ANN401 - a test's own value
    """Have Nadia work on Marc's job; return her device, Karim's, and the review."""
    house.job()
    nadia, karim = await house.sign_in(NADIA), await house.sign_in(KARIM)
    kind = operation.pop("kind", "set")
    operation = operation or {"fields": {"resolution": [None, "posé"]}}
    reply = await nadia.sync(nadia.operation(kind, **operation))
    assert reply["last_n"] == 1
    (review,) = await reviews(karim)
    return nadia, karim, review["key"]


async def test_work_parked_is_seen_by_the_office_and_by_who_did_it(house: House) -> None:
    nadia, karim, key = await parked(house)

    seen = {
        person.full_name: [r["key"] for r in await reviews(await house.sign_in(person))]
        for person in (MARC, SOPHIE)
    }

    assert seen == {"Marc T.": [], "Sophie D.": [key]}
    assert [r["key"] for r in await reviews(nadia)] == [key]
    assert [r["body"]["reason"] for r in await reviews(karim)] == ["not-assigned"]


async def test_work_applied_changes_the_document_and_goes_to_the_erp_as_its_own(
    house: House,
) -> None:
    nadia, karim, key = await parked(house)

    status, review = await decide(karim, key, "apply")

    assert (status, review["body"]["state"], review["body"]["resolved_by"]) == (
        200,
        "closed",
        KARIM.email,
    )
    assert house.body()["resolution"] == "posé"
    assert queued(house) == [(nadia.id, 1)]
    assert office_state(house, nadia, 1) == "waiting"


async def test_decision_repeated_after_lost_answer_is_taken_once(house: House) -> None:
    _, karim, key = await parked(house)

    assert await decide(karim, key, "apply") == await decide(karim, key, "apply")
    assert len(queued(house)) == 1


async def test_decision_against_one_already_taken_is_refused(house: House) -> None:
    _, karim, key = await parked(house)
    await decide(karim, key, "keep")

    status, body = await decide(karim, key, "apply")

    assert (status, body["code"]) == (409, "changed-since")


@pytest.mark.parametrize("resolution", ["keep", "acknowledge"])
async def test_review_closed_without_applying_changes_nothing(
    house: House, resolution: str
) -> None:
    _, karim, key = await parked(house)

    assert (await decide(karim, key, resolution))[0] == 200

    assert "resolution" not in house.body()
    assert queued(house) == []
    assert await reviews(karim) == []
    assert [r["body"]["resolution"] for r in await reviews(karim, "closed")] == [resolution]


async def test_row_parked_is_added_when_applied(house: House) -> None:
    _, karim, key = await parked(
        house, kind="append", list="notes", item_id="note-1", item={"text": "clé sous le tapis"}
    )

    await decide(karim, key, "apply")

    assert house.body()["notes"] == [
        {"id": "note-1", "text": "clé sous le tapis", "by": NADIA.technician}
    ]


async def test_photo_parked_is_attached_when_applied(house: House) -> None:
    sha = "ab" * 32
    _, karim, key = await parked(
        house,
        kind="attach",
        sha256=sha,
        size=3,
        mime="image/png",
        role="photo",
        list="photos",
        item_id="p1",
    )

    await decide(karim, key, "apply")

    assert [p["sha256"] for p in house.body()["photos"]] == [sha]
    assert JOB in house.server.blobs.referring(sha)


async def test_transition_parked_follows_the_status_table_when_applied(house: House) -> None:
    _, karim, key = await parked(
        house, kind="transition", **{"from": "Dispatched", "to": "On Site"}
    )

    await decide(karim, key, "apply")

    assert house.body()["status"] == "On Site"


async def test_transition_no_table_allows_stays_open_when_applied(house: House) -> None:
    _, karim, key = await parked(
        house, kind="transition", **{"from": "Dispatched", "to": "On Site"}
    )
    house.put(JOB, **{**house.body(), "status": "Cancelled"})

    status, body = await decide(karim, key, "apply")

    assert (status, body["code"]) == (409, "illegal-transition")
    assert len(await reviews(karim)) == 1


async def test_value_that_lost_is_put_in_place_when_applied(house: House) -> None:
    house.job(subject="Installation")
    sophie, karim = await house.sign_in(SOPHIE), await house.sign_in(KARIM)
    await sophie.sync(sophie.operation("set", fields={"subject": ["Réparation", "Retrait"]}))
    (review,) = [r for r in await reviews(karim) if r["body"]["field"] == "subject"]
    assert house.body()["subject"] == "Installation"

    status, _ = await decide(karim, review["key"], "apply")

    assert (status, house.body()["subject"]) == (200, "Retrait")
    assert len(queued(house)) >= 1


async def test_late_work_has_nothing_to_apply(house: House) -> None:
    house.job()
    marc, karim = await house.sign_in(MARC), await house.sign_in(KARIM)
    house.put(JOB, **{**house.body(), "status": "Cancelled"})
    await marc.sync(marc.operation("append", list="notes", item_id="n1", item={"text": "fait"}))
    (review,) = await reviews(karim)

    status, body = await decide(karim, review["key"], "apply")

    assert (review["body"]["reason"], status, body["code"]) == ("late-work", 422, "invalid-value")
    assert (await decide(karim, review["key"], "acknowledge"))[0] == 200


async def test_decision_made_offline_by_an_operation_applies_too(house: House) -> None:
    nadia, karim, key = await parked(house)

    await karim.sync(
        karim.operation(
            "set", key, fields={"state": ["open", "closed"], "resolution": [None, "apply"]}
        )
    )

    assert house.body()["resolution"] == "posé"
    assert queued(house) == [(nadia.id, 1)]


@pytest.mark.parametrize("person", [MARC, SOPHIE])
async def test_review_is_decided_by_a_supervisor_alone(house: House, person: Any) -> None:  # noqa: ANN401 - a test's own value
    _, _, key = await parked(house)

    assert (await decide(await house.sign_in(person), key, "keep"))[0] == 403


async def test_review_unknown_cannot_be_decided(house: House) -> None:
    karim = await house.sign_in(KARIM)
    house.job()

    assert [(await decide(karim, key, "keep"))[0] for key in ("nothing", JOB)] == [404, 404]


async def test_reviews_in_a_state_that_is_none_are_refused(house: House) -> None:
    karim = await house.sign_in(KARIM)

    assert (await karim.get("/v1/review?state=odd")).status_code == 400


async def test_step_parked_is_done_on_the_row_as_it_is_now_when_applied(house: House) -> None:
    house.job()
    step = {"id": "row-1", "label_fr": "Signal", "value": "-20"}
    house.put(JOB, **{**house.body(), "checklist": [step]})
    nadia, karim = await house.sign_in(NADIA), await house.sign_in(KARIM)
    await nadia.sync(nadia.operation("set", fields={"checklist.row-1.value": [None, "-18"]}))
    (review,) = await reviews(karim)

    assert (await decide(karim, review["key"], "apply"))[0] == 200

    assert house.body()["checklist"] == [{**step, "value": "-18"}]


async def test_signature_parked_is_put_in_place_when_applied(house: House) -> None:
    sha = "cd" * 32
    _, karim, key = await parked(
        house, kind="attach", sha256=sha, size=3, mime="image/png", role="signature",
        field="signature")  # fmt: skip

    status, body = await decide(karim, key, "apply")

    assert (status, house.body().get("signature")) == (200, sha), body


async def test_create_refused_to_a_technician_is_made_when_applied(house: House) -> None:
    marc, karim = await house.sign_in(MARC), await house.sign_in(KARIM)
    made = "0b5e3a52-6a1c-5b7e-9d58-0a8a4c1f2e77"
    await marc.sync(
        marc.operation(
            "create", made, doctype="Dispatch Job", body={"subject": "Retour", "status": "Open"}
        )
    )
    (review,) = await reviews(karim)

    status, _ = await decide(karim, review["key"], "apply")

    assert (status, house.body(made)["subject"]) == (200, "Retour")
    assert queued(house) == [(marc.id, 1)]


async def test_operation_unreadable_stays_open_when_applied(house: House) -> None:
    marc, karim = await house.sign_in(MARC), await house.sign_in(KARIM)
    await marc.sync(marc.operation("dance"))
    (review,) = await reviews(karim)

    status, body = await decide(karim, review["key"], "apply")

    assert (status, body["code"]) == (400, "bad-request")
    assert len(await reviews(karim)) == 1


async def test_work_on_a_document_that_was_removed_stays_open_when_applied(house: House) -> None:
    _, karim, key = await parked(house)
    house.server.store.transact(lambda tx: tx.put(_removed(tx.get(JOB))))

    status, body = await decide(karim, key, "apply")

    assert (status, body["code"]) == (409, "document-removed")


def _removed(document: Doc | None) -> Doc:
    assert document is not None, "the job is there"
    return document.with_body(None)


async def test_note_applied_later_is_signed_by_who_wrote_it(house: House) -> None:
    claim = {"text": "Vu", "by": "DT-00009"}
    _, karim, key = await parked(house, kind="append", list="notes", item_id="n1", item=claim)

    await decide(karim, key, "apply")

    assert house.body()["notes"] == [{"id": "n1", "text": "Vu", "by": NADIA.technician}]


async def test_work_of_the_office_applied_later_is_signed_by_full_name(house: House) -> None:
    house.job()
    sophie, karim = await house.sign_in(SOPHIE), await house.sign_in(KARIM)
    act = {"id": "group-0001", "size": 2}
    await sophie.sync(
        sophie.operation(
            "append", list="notes", item_id="n1", item={"text": "Rappelée"}, group=act
        ),
        sophie.operation("set", fields={"docstatus": [0, 1]}, group=act),
    )
    kept = [one for one in await reviews(karim) if '"append"' in one["body"]["operation"]]

    await decide(karim, kept[0]["key"], "apply")

    assert house.body()["notes"] == [{"id": "n1", "text": "Rappelée", "by": SOPHIE.full_name}]
