"""History of a job: visits before and after, how it moved, what was done here."""

from pathlib import Path

import pytest

from field_app.i18n import Words
from field_app.ports import SendState
from field_app.saying import say
from field_app.state.job.history import History
from field_core.canon import Json
from field_core.operations import Verdict
from field_core.status import JobStatus
from field_core.wire import Outcome
from tests.app.at_work import LocalAccount, workspace
from tests.app.making import MARC, key, reply


@pytest.fixture
def account(tmp_path: Path) -> LocalAccount:
    account = LocalAccount(tmp_path / "blobs")
    account.has_job(1, status="Accepted")
    account.arrives(40, {"name": MARC, "full_name": "Marc R."}, "Dispatch Technician")
    return account


async def history(account: LocalAccount) -> History:
    model = History(workspace(account, f"/today/{key(1)}/history"), key(1))
    await model.load()
    return model


async def test_visits_to_the_address_are_parted_into_before_and_after(
    account: LocalAccount,
) -> None:
    notes: list[Json] = [{"id": "n1", "text": "ancienne"}, {"id": "n2", "text": "Câble changé"}]
    account.has_job(2, scheduled_date="2026-04-20", status="Completed", notes=notes)
    account.has_job(3, scheduled_date="2026-05-04", status="Scheduled")
    account.has_job(4, scheduled_date=None, status="Open")
    account.has_job(5, scheduled_date="2026-04-30", status="Cancelled")
    account.has_job(6, service_location="LOC-00002")

    model = await history(account)

    assert [(v.label, v.technician, v.last_note) for v in model.earlier] == [
        ("DJ-00005", "Marc R.", None),
        ("DJ-00002", "Marc R.", "Câble changé"),
    ]
    assert [visit.label for visit in model.later] == ["DJ-00003", "DJ-00004"]


async def test_visit_leads_to_its_job(account: LocalAccount) -> None:
    account.has_job(2, scheduled_date="2026-04-20", status="Completed")
    model = await history(account)

    model.visit(model.earlier[0])

    assert model.workspace.navigator.place.path == f"/today/{key(2)}"


async def test_move_made_here_tells_work_time_and_when_it_was_received(
    account: LocalAccount,
) -> None:
    account.acts.move(key(1), JobStatus.EN_ROUTE)
    model = await history(account)
    move = model.data.moves[0] if model.data else None
    assert move is not None
    assert (move.to_status, move.at, move.received_ms, model.state_of(move.id)) == (
        "En Route",
        "2026-04-27T16:00:00.000000Z",
        None,
        SendState.ON_DEVICE,
    )

    entry = account.replica.outbox.entries()[0]
    taken = Outcome(n=entry.n, op=entry.id[-8:], verdict=Verdict.APPLIED, seq=99, office="stored")
    account.replica.apply(reply(outcomes=[taken], last_n=1), now_ms=1_777_309_200_000)
    await model.load()

    assert model.data is not None
    assert model.data.moves[0].received_ms == 1_777_309_200_000
    assert model.state_of(move.id) is SendState.IN_OFFICE


async def test_what_was_done_here_is_told_in_words_newest_first(account: LocalAccount) -> None:
    account.acts.note(key(1), "Sonnette brisée")
    account.clock.go(60_000)
    account.acts.move(key(1), JobStatus.EN_ROUTE)

    model = await history(account)

    assert model.data is not None
    said = [say(Words("fr"), line.sentence) for line in model.data.done]
    assert len(said) == 2
    assert "Sonnette brisée" in said[1]
    assert {line.state for line in model.data.done} == {SendState.ON_DEVICE}


async def test_job_without_a_location_has_no_visits(account: LocalAccount) -> None:
    body = {k: v for k, v in account.body(key(1)).items() if k != "service_location"}
    account.arrives(1, body)
    account.has_job(2)

    model = await history(account)

    assert (model.earlier, model.later) == ([], [])


async def test_job_that_is_gone_is_said_to_be(account: LocalAccount) -> None:
    model = History(workspace(account), key(77))
    await model.load()

    assert (model.is_gone, model.earlier, model.later, model.facts) == (True, (), [], None)
