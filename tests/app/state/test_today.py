"""The day's jobs: now and next on top."""

from pathlib import Path

import pytest

from field_app.state.day.listing import Choice
from field_app.state.day.today import Today
from field_app.state.window import COUNT
from tests.app.at_work import LocalAccount, workspace


@pytest.fixture
def account(tmp_path: Path) -> LocalAccount:
    return LocalAccount(tmp_path)


@pytest.fixture
def today(account: LocalAccount) -> Today:
    return Today(workspace(account))


async def test_job_at_work_is_now_and_the_first_not_begun_is_next(
    account: LocalAccount, today: Today
) -> None:
    account.has_job(1, status="Completed", scheduled_time="08:00:00")
    account.has_job(2, status="On Site", scheduled_time="09:00:00")
    account.has_job(3, status="Dispatched", scheduled_time="11:00:00")
    account.has_job(4, status="Dispatched", scheduled_time="13:00:00")

    await today.refresh()

    assert today.now is not None
    assert today.next is not None
    assert (today.now.label, today.next.label) == ("DJ-00002", "DJ-00003")
    assert [job.label for job in today.others] == ["DJ-00001", "DJ-00004"]
    assert today.done == 1


async def test_job_on_site_comes_before_one_on_the_way(account: LocalAccount, today: Today) -> None:
    account.has_job(1, status="En Route", scheduled_time="08:00:00")
    account.has_job(2, status="On Site", scheduled_time="09:00:00")

    await today.refresh()

    assert today.now is not None
    assert today.now.label == "DJ-00002"


async def test_bundle_that_lacks_its_address_is_not_ready(
    account: LocalAccount, today: Today
) -> None:
    """T-01."""
    account.has_job(1)
    account.has_job(2, service_location="LOC-00077")

    await today.refresh()

    assert [job.is_ready for job in today.jobs or ()] == [True, False]


async def test_unsent_work_is_counted_on_its_job(account: LocalAccount, today: Today) -> None:
    """T-02."""
    key = account.has_job(1)
    await account.edit(lambda acts: acts.note(key, "Sonnette brisée"))

    await today.refresh()

    assert [job.unsent for job in today.jobs or ()] == [1]


async def test_days_are_turned_and_today_is_found_again(
    account: LocalAccount, today: Today
) -> None:
    account.has_job(1, scheduled_date="2026-04-28")

    await today.turn(1)
    assert (today.day, today.is_today, len(today.jobs or ())) == ("2026-04-28", False, 1)
    await today.turn(0)
    assert (today.day, today.is_today) == ("2026-04-27", True)


async def test_offer_is_listed_apart(account: LocalAccount, today: Today) -> None:
    account.has_job(1, assigned_technician=None)
    account.has_job(2)

    await today.choose(Choice.OFFERS)

    assert [job.label for job in today.jobs or ()] == ["DJ-00001"]
    assert (today.offers_total, today.now, today.next) == (1, None, None)


async def test_long_list_holds_a_stretch_and_follows_the_finger(
    account: LocalAccount, today: Today
) -> None:
    for n in range(1, 301):
        account.has_job(n, checklist=[])

    await today.choose(Choice.ALL)
    assert (len(today.jobs or ()), today.window.total) == (COUNT, 300)
    await today.scrolled(150 * 128, row_px=128)

    labels = [job.label for job in today.jobs or ()]
    assert labels[0] == "DJ-00121"
    assert len(labels) == COUNT


async def test_news_is_heard_until_it_is_no_longer_wanted(
    account: LocalAccount, today: Today
) -> None:
    heard: list[int] = []
    forget = today.follow(lambda: heard.append(1))

    account.tell_news()
    forget()
    account.tell_news()

    assert heard == [1]


async def test_list_is_found_again_as_it_was_left(account: LocalAccount) -> None:
    for n in range(1, 301):
        account.has_job(n, checklist=[])
    at = workspace(account)
    left = Today(at)
    await left.choose(Choice.ALL)
    await left.scrolled(150 * 128, row_px=128)

    back = Today(at, row_px=128)
    await back.refresh()

    assert (back.choice, back.offset_px) == (Choice.ALL, 150 * 128)
    assert [job.label for job in back.jobs or ()] == [job.label for job in left.jobs or ()]


async def test_day_that_was_left_is_found_again_and_today_follows_the_calendar(
    account: LocalAccount,
) -> None:
    at = workspace(account)
    await Today(at).turn(1)
    assert Today(at).day == "2026-04-28"

    await Today(at).turn(0)

    assert (at.listing.day, Today(at).is_today) == (None, True)


async def test_other_choice_begins_at_the_top(account: LocalAccount) -> None:
    account.has_job(1)
    at = workspace(account)
    model = Today(at)
    await model.choose(Choice.ALL)
    await model.scrolled(900, row_px=128)

    await model.choose(Choice.DAY)
    await model.scrolled(300, row_px=128)

    assert (at.listing.offset_px, model.offset_px) == (0, 0)
