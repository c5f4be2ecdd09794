"""Notes of a job: a feed that only grows, and a draft that outlives being left."""

from pathlib import Path

import pytest

from field_app.ports import SendState
from field_app.state.job.notes import LENGTH_MAX, Notes
from tests.app.at_work import LocalAccount, workspace
from tests.app.making import MARC, key


@pytest.fixture
def account(tmp_path: Path) -> LocalAccount:
    account = LocalAccount(tmp_path / "blobs")
    account.has_job(1)
    account.arrives(40, {"name": MARC, "full_name": "Marc R."}, "Dispatch Technician")
    return account


async def opened(account: LocalAccount) -> Notes:
    model = Notes(workspace(account), key(1), undone="Annulé")
    await model.load()
    return model


async def test_note_is_kept_with_who_and_when(account: LocalAccount) -> None:
    model = await opened(account)
    model.type("  Sonnette brisée\nfrapper fort ")

    assert await model.save()
    await model.load()

    row = model.rows[0]
    assert model.facts is not None
    assert (row.text, model.facts.who(row.by), row.at) == (
        "Sonnette brisée\nfrapper fort",
        "Marc R.",
        "2026-04-27T16:00:00.000000Z",
    )
    assert (model.state_of(row.id), model.text) == (SendState.ON_DEVICE, "")


@pytest.mark.parametrize("text", ["", "  \n "])
async def test_empty_note_is_none(account: LocalAccount, text: str) -> None:
    model = await opened(account)
    model.type(text)

    assert not await model.save()
    assert account.replica.outbox.entries() == []


async def test_note_without_end_is_refused_and_stays_in_the_field(account: LocalAccount) -> None:
    model = await opened(account)
    model.type("x" * (LENGTH_MAX + 1))

    assert not await model.save()

    notice = model.workspace.notices.current
    assert notice is not None
    assert notice.problem is not None
    assert (notice.problem.code, len(model.text)) == ("note-too-long", LENGTH_MAX + 1)


async def test_note_is_added_once_however_often_it_is_pressed(account: LocalAccount) -> None:
    model = await opened(account)
    model.type("x")
    model.is_busy = True

    assert not await model.save()
    assert account.replica.outbox.entries() == []


async def test_correction_stands_beside_what_it_corrects(account: LocalAccount) -> None:
    model = await opened(account)
    model.type("Clé sous le tapis")
    await model.save()
    await model.load()
    model.correct(model.rows[0])
    assert model.text == "Clé sous le tapis"

    model.type("Clé sous le pot")
    await model.save()
    await model.load()

    old, new = model.rows
    assert (old.is_corrected, model.original(new), model.corrects) == (True, old, None)


async def test_correction_that_is_dropped_leaves_an_empty_field(account: LocalAccount) -> None:
    model = await opened(account)
    model.type("x")
    await model.save()
    await model.load()
    model.correct(model.rows[0])

    model.drop_correction()

    assert (model.corrects, model.text) == (None, "")


async def test_what_is_being_written_outlives_a_kill(account: LocalAccount) -> None:
    """T-03."""
    model = await opened(account)
    model.type("à moitié éc")
    await model.leave_writing()

    again = await opened(account)

    assert again.text == "à moitié éc"


async def test_draft_of_a_note_that_was_added_is_gone(account: LocalAccount) -> None:
    model = await opened(account)
    model.type("x")
    await model.leave_writing()
    await model.save()

    assert (await opened(account)).text == ""


async def test_news_does_not_bring_the_draft_back_over_what_is_written(
    account: LocalAccount,
) -> None:
    model = await opened(account)
    model.type("un")
    await model.leave_writing()
    model.type("")

    await model.load()

    assert model.text == ""
    await model.leave_writing()


async def test_refusal_keeps_what_was_written(account: LocalAccount) -> None:
    model = await opened(account)
    model.type("x")
    account.refusal = "disk-full"

    assert not await model.save()
    assert (model.text, model.is_busy) == ("x", False)


async def test_undo_takes_an_unsent_note_back(account: LocalAccount) -> None:
    model = await opened(account)
    model.type("x")
    await model.save()

    await model.workspace.notices.take_back()
    await model.load()

    assert model.rows == []
