"""Offers: asked for here, mine only once the server says so, lost in words."""

from pathlib import Path

import pytest

from field_app.ports import Section, SendState
from field_app.state.day.listing import Choice
from field_app.state.day.offers import Offer, OfferState
from field_app.state.day.today import Today
from field_app.state.job.job import Job
from field_app.state.sending.outbox import Outbox
from field_app.state.workspace import Workspace
from tests.app.at_work import LocalAccount, workspace
from tests.app.making import MARC
from tests.app.state.reviewed import verdict

UNTIL = "2026-04-28T21:00:00.000Z"


@pytest.fixture
def account(tmp_path: Path) -> LocalAccount:
    return LocalAccount(tmp_path)


@pytest.fixture
def at(account: LocalAccount) -> Workspace:
    return workspace(account)


def offered(account: LocalAccount, n: int = 1) -> str:
    return account.has_job(n, assigned_technician=None, status="Open", offered_until=UNTIL)


async def job_of(at: Workspace, key: str) -> Job:
    model = Job(at, key)
    await model.refresh()
    return model


async def offer_of(at: Workspace, key: str) -> Offer:
    offer = (await job_of(at, key)).offer
    assert offer is not None
    return offer


async def test_offer_is_answered_before_anything_else(account: LocalAccount, at: Workspace) -> None:
    job = await job_of(at, offered(account))

    assert job.offer is not None
    assert (job.offer.state, job.offer.until) == (OfferState.OPEN, UNTIL)
    assert (job.next_move, job.other_moves) == (None, [])


async def test_accepting_offline_only_asks_for_the_job(
    account: LocalAccount, at: Workspace
) -> None:
    key = offered(account)

    await (await offer_of(at, key)).accept()

    offer = await offer_of(at, key)
    assert (offer.state, offer.may_answer) == (OfferState.REQUESTED, False)
    assert account.body(key).get("assigned_technician") is None
    assert at.notices.current is not None
    assert at.notices.current.key == "offer.requested.saved"


async def test_request_that_has_not_left_can_be_taken_back(
    account: LocalAccount, at: Workspace
) -> None:
    key = offered(account)
    await (await offer_of(at, key)).accept()

    await at.notices.take_back()

    assert (await offer_of(at, key)).state is OfferState.OPEN


async def test_job_that_the_server_gave_us_is_no_offer_any_more(
    account: LocalAccount, at: Workspace
) -> None:
    key = offered(account)
    await (await offer_of(at, key)).accept()
    account.has_job(1, assigned_technician=MARC, status="Accepted", offered_until=UNTIL)

    job = await job_of(at, key)

    assert job.offer is None
    assert job.next_move is not None


async def test_declined_offer_may_still_be_taken(account: LocalAccount, at: Workspace) -> None:
    key = offered(account)

    await (await offer_of(at, key)).decline("Trop loin")

    offer = await offer_of(at, key)
    assert (offer.state, offer.may_answer) == (OfferState.DECLINED, True)


async def test_offer_that_ended_is_over(account: LocalAccount, at: Workspace) -> None:
    key = offered(account)
    account.clock.go(3 * 24 * 3_600_000)

    offer = await offer_of(at, key)

    assert (offer.state, offer.may_answer) == (OfferState.OVER, False)


async def test_list_says_what_was_answered_and_counts_what_is_open(
    account: LocalAccount, at: Workspace
) -> None:
    keys = [offered(account, n) for n in (1, 2, 3)]
    await account.edit(lambda acts: acts.decline_offer(keys[0]))
    await account.edit(lambda acts: acts.accept_offer(keys[2]))
    today = Today(at)

    await today.choose(Choice.OFFERS)

    assert today.jobs is not None
    assert [(job.label, job.answer) for job in today.jobs] == [
        ("DJ-00002", None),
        ("DJ-00003", "Accept"),
        ("DJ-00001", "Decline"),
    ]
    assert today.offers_total == 2


async def test_offer_lost_to_another_is_told_until_it_was_seen(
    account: LocalAccount, at: Workspace
) -> None:
    key = offered(account)
    made = await account.edit(lambda acts: acts.accept_offer(key))
    verdict(account, made, said="rejected", problem="offer-taken", office="closed")
    outbox = Outbox(at)

    await outbox.refresh()
    assert outbox.page is not None
    [line] = outbox.page.entries
    assert line.section is Section.NEEDS_YOU
    problem = getattr(line, "problem", None)
    assert problem is not None
    assert problem.sentence() == "Une autre personne a pris ce travail avant vous."

    await account.edit(lambda acts: acts.set_aside(made.id, ""))
    await outbox.toggle_office()
    [line] = outbox.page.entries
    assert line.section is Section.OFFICE
    assert getattr(line, "state", None) in (SendState.CLOSED, SendState.NEEDS_YOU)
