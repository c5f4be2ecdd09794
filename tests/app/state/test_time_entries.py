"""Time on a job: a timer that outlives a kill, entries written down, corrected, summed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from field_app.i18n import Words
from field_app.ports import SendState
from field_app.state.job.time_entries import TimeEntries
from field_app.state.job.time_form import TimeForm
from tests.app.at_work import LocalAccount, workspace
from tests.app.making import key

WORDS = Words("fr")
MINUTE_MS = 60_000


@pytest.fixture
def account(tmp_path: Path) -> LocalAccount:
    account = LocalAccount(tmp_path / "blobs")
    account.has_job(1, status="On Site")
    return account


async def times(account: LocalAccount, n: int = 1) -> TimeEntries:
    model = TimeEntries(workspace(account, f"/today/{key(n)}/time"), key(n), undone="Annulé")
    await model.load()
    return model


async def form(account: LocalAccount, row: str = "add") -> TimeForm:
    model = TimeForm(
        workspace(account, f"/today/{key(1)}/time/{row}"),
        key(1),
        row,
        instant=WORDS.instant,
        hour=WORDS.hour,
        local_day=WORDS.local_day,
    )
    await model.load()
    return model


async def written(account: LocalAccount, start: str, end: str) -> TimeForm:
    model = await form(account)
    model.type_start(start)
    model.type_end(end)
    await model.save()
    return model


@pytest.mark.parametrize(
    ("status", "activity"),
    [("En Route", "Travel"), ("On Site", "Work"), ("Paused", "Break"), ("Accepted", "Work")],
)
async def test_state_of_the_job_suggests_what_to_start(
    account: LocalAccount, status: str, activity: str
) -> None:
    account.has_job(1, status=status)

    assert (await times(account)).suggested == activity


async def test_timer_runs_on_after_the_app_was_killed(account: LocalAccount) -> None:
    """T-03: what runs is stored, not counted in memory."""
    await (await times(account)).start("Work")
    account.clock.go(25 * MINUTE_MS)

    model = await times(account)

    assert model.running is not None
    assert model.state_of(model.running.id) is SendState.ON_DEVICE
    assert (model.running.activity, model.totals) == ("Work", {"Work": 25 * MINUTE_MS})


async def test_switching_ends_what_runs_and_sums_each(account: LocalAccount) -> None:
    model = await times(account)
    await model.start("Travel")
    account.clock.go(10 * MINUTE_MS)
    await model.start("Work")
    account.clock.go(5 * MINUTE_MS)

    await model.stop()
    await model.load()

    assert model.running is None
    assert model.totals == {"Travel": 10 * MINUTE_MS, "Work": 5 * MINUTE_MS}


async def test_start_taken_back_lets_the_earlier_one_run_on(account: LocalAccount) -> None:
    model = await times(account)
    await model.start("Travel")
    account.clock.go(MINUTE_MS)
    await model.start("Work")

    await model.workspace.notices.take_back()
    await model.load()

    assert model.running is not None
    assert model.running.activity == "Travel"


async def test_what_runs_on_another_job_is_said_and_stopped_from_here(
    account: LocalAccount,
) -> None:
    account.has_job(2)
    await (await times(account, 2)).start("Travel")
    model = await times(account)
    assert [(r.label, r.activity) for r in model.elsewhere] == [("DJ-00002", "Travel")]

    await model.stop_elsewhere(model.elsewhere[0])
    await model.load()

    assert model.elsewhere == []


async def test_time_of_a_colleague_is_listed_and_not_stopped_here(account: LocalAccount) -> None:
    row = {"id": "t1", "activity": "Work", "started_at": "2026-04-27T15:00:00Z", "by": "DT-00002"}
    account.has_job(1, time_entries=[dict(row)])

    model = await times(account)

    assert (model.running, len(model.rows)) == (None, 1)


# --- written down afterwards


async def test_stretch_is_written_down_in_local_time(account: LocalAccount) -> None:
    await written(account, "9 h 05", "10:35")

    row = (await times(account)).rows[0]
    assert (row.activity, row.started_at, row.ended_at) == (
        "Work",
        "2026-04-27T13:05:00.000000Z",
        "2026-04-27T14:35:00.000000Z",
    )


async def test_next_stretch_begins_where_the_last_ended(account: LocalAccount) -> None:
    await written(account, "9", "10:35")

    assert (await form(account)).start_text == "10:35"


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        ("", "10:00", "hour-unreadable"),
        ("9", "25:00", "hour-unreadable"),
        ("neuf", "dix", "hour-unreadable"),
        ("10:00", "9:00", "time-order"),
        ("9:00", "9:00", "time-order"),
        ("11:00", "13:00", "time-to-come"),
    ],
)
async def test_absurd_stretch_is_refused_with_its_reason(
    account: LocalAccount, start: str, end: str, code: str
) -> None:
    model = await written(account, start, end)

    assert model.wrong is not None
    assert (model.wrong.code, account.replica.outbox.entries()) == (code, [])
    assert (model.start_text, model.end_text) == (start, end)


async def test_night_ends_the_day_after(account: LocalAccount) -> None:
    model = await form(account)
    model.turn(-1)
    model.type_start("22:30")
    model.type_end("1:15")

    assert await model.save()

    row = (await times(account)).rows[0]
    assert (row.started_at, row.ended_at) == (
        "2026-04-27T02:30:00.000000Z",
        "2026-04-27T05:15:00.000000Z",
    )


async def test_day_to_come_is_not_offered(account: LocalAccount) -> None:
    model = await form(account)

    model.turn(+1)

    assert model.day == "2026-04-27"


# --- corrected


async def correct(account: LocalAccount, change: Callable[[TimeForm], None]) -> TimeForm:
    row = (await times(account)).rows[0]
    model = await form(account, f"correct/{row.id}")
    change(model)
    await model.save()
    return model


async def test_correction_stands_for_the_entry(account: LocalAccount) -> None:
    await written(account, "9:00", "10:00")

    def change(model: TimeForm) -> None:
        assert (model.start_text, model.end_text) == ("09:00", "10:00")
        model.choose("Break")
        model.type_end("9:30")

    await correct(account, change)

    model = await times(account)
    assert model.totals == {"Break": 30 * MINUTE_MS}
    assert len(account.body(key(1))["time_entries"]) == 2  # type: ignore[arg-type]  # a table


async def test_entry_taken_away_counts_no_more_and_cannot_be_corrected(
    account: LocalAccount,
) -> None:
    await written(account, "9:00", "10:00")
    row = (await times(account)).rows[0]
    model = await form(account, f"correct/{row.id}")

    assert await model.remove()

    assert (await times(account)).totals == {}
    assert (await form(account, f"correct/{row.id}")).is_row_gone


async def test_running_entry_is_corrected_with_an_end(account: LocalAccount) -> None:
    await (await times(account)).start("Work")
    account.clock.go(90 * MINUTE_MS)

    def change(model: TimeForm) -> None:
        assert model.end_text == ""
        model.type_end("13:00")

    await correct(account, change)

    model = await times(account)
    assert (model.running, model.totals) == (None, {"Work": 60 * MINUTE_MS})


async def test_entry_is_stored_once_however_often_it_is_pressed(account: LocalAccount) -> None:
    model = await form(account)
    model.type_start("9")
    model.type_end("10")
    model.is_busy = True

    assert not await model.save()
    assert account.replica.outbox.entries() == []


async def test_intents_lead_to_the_forms(account: LocalAccount) -> None:
    await written(account, "9", "10")
    model = await times(account)
    model.add()
    assert model.workspace.navigator.place.row == "add"
    model.correct(model.rows[0])
    assert model.workspace.navigator.place.row == f"correct/{model.rows[0].id}"
