"""Search as its screen drives it: as one types, back again, recent ones."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from field_app.ports import FoundIn, Hits
from field_app.state.day.search import Card, Search
from field_app.state.place import Part, Place, Room
from field_app.state.workspace import Workspace
from tests.app.at_work import LocalAccount, workspace
from tests.app.making import key as make_key


@pytest.fixture
def account(tmp_path: Path) -> LocalAccount:
    return LocalAccount(tmp_path)


@pytest.fixture
def at(account: LocalAccount) -> Workspace:
    account.has_job(1)
    return workspace(account)


def search(at: Workspace) -> Search:
    return Search(at, pause_s=0)


def groups(model: Search) -> list[FoundIn]:
    return [*model.hits.groups] if model.hits else []


async def test_what_is_typed_is_looked_for(at: Workspace) -> None:
    model = search(at)

    await model.typed("rue x hun")

    assert groups(model) == [FoundIn.JOBS, FoundIn.PLACES]


async def test_letters_typed_in_one_breath_are_looked_for_once(
    account: LocalAccount, at: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    answer = account.reading.hits

    def hits(text: str) -> Hits:
        asked.append(text)
        return answer(text)

    monkeypatch.setattr(account.reading, "hits", hits)
    model = Search(at, pause_s=0.01)

    await asyncio.gather(*(model.typed("huntingdon"[:n]) for n in range(1, 11)))

    assert asked == ["huntingdon"]


async def test_one_letter_finds_nothing_yet(at: Workspace) -> None:
    model = search(at)
    await model.typed("h")
    assert (model.hits, model.is_nothing_found) == (None, False)

    await model.typed("introuvable")
    assert model.is_nothing_found


async def test_job_opens_at_once_and_the_search_is_there_when_one_comes_back(
    at: Workspace,
) -> None:
    model = search(at)
    await model.typed("huntingdon")
    assert model.hits is not None

    await model.open(model.hits.groups[FoundIn.PLACES][0])

    assert at.navigator.place == Place(Room.SEARCH, make_key(1))
    again = search(at)
    await again.refresh()
    assert (again.text, groups(again)) == ("huntingdon", groups(model))
    assert again.recent == ["huntingdon"]


async def test_find_that_leads_to_several_jobs_shows_them(
    account: LocalAccount, at: Workspace
) -> None:
    account.has_job(2)
    model = search(at)
    await model.typed("huntingdon")
    assert model.hits is not None

    await model.open(model.hits.groups[FoundIn.PLACES][0])
    assert at.navigator.place == Place(Room.SEARCH, make_key(900), Part.CARD)
    assert at.navigator.place.parent == Place(Room.SEARCH)
    assert at.navigator.place.job is None

    card = Card(at, make_key(900))
    await card.refresh()
    assert card.hit is not None
    assert [job.label for job in card.hit.jobs] == ["DJ-00001", "DJ-00002"]
    card.open(make_key(2))
    assert at.navigator.place == Place(Room.SEARCH, make_key(2))


async def test_find_that_left_the_device_says_so(account: LocalAccount, at: Workspace) -> None:
    card = Card(at, "nowhere")
    turns: list[int] = []
    forget = card.follow(lambda: turns.append(1))
    account.tell_news()
    forget()

    await card.refresh()

    assert (card.is_gone, turns) == (True, [1])


async def test_recent_searches_are_kept_each_once_and_can_be_forgotten(
    account: LocalAccount, at: Workspace
) -> None:
    for text in ("Roy", "rue x", " roy ", "", *(f"n{n}" for n in range(11))):
        await account.edit(lambda acts, text=text: acts.remember_search(text))  # type: ignore[misc]  # bound now
    model = search(at)
    await model.refresh()
    assert len(model.recent) == 12
    assert model.recent[-1] == "roy"

    await model.again("huntingdon")
    assert groups(model) == [FoundIn.JOBS, FoundIn.PLACES]
    await model.forget()

    assert model.recent == []


async def test_news_is_followed(account: LocalAccount, at: Workspace) -> None:
    model = search(at)
    turns: list[int] = []
    forget = model.follow(lambda: turns.append(1))

    account.tell_news()
    forget()
    account.tell_news()

    assert turns == [1]


async def test_customer_leads_the_office_to_their_page_and_a_technician_to_the_job(
    account: LocalAccount, at: Workspace
) -> None:
    """OP-03: in the app, not in the ERP's desk."""
    model = search(at)
    await model.again("lucie")
    assert model.hits is not None
    (hit,) = model.hits.groups[FoundIn.CUSTOMERS]
    await model.open(hit)
    assert at.navigator.place.room is Room.SEARCH

    account.person = replace(account.person, roles=frozenset({"dispatcher"}))
    await model.open(hit)

    assert at.navigator.place == Place(Room.CLIENTS, "CUST-00001")
