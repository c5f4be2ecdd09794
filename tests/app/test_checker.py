"""Questions to the office: stored first, asked when possible, looked after to their end."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from field_app.ports import CheckState, Wanted
from field_app.sync.checking import rows
from field_app.sync.checking.checker import CHANGE_WITHIN_MS, Checker
from field_app.sync.replica import Replica
from field_core.cpe.report import Act
from tests.app.at_work import LocalAccount
from tests.app.diagnosed import act, report, run_of, visit
from tests.app.making import Clock, Ids
from tests.app.staged_office import StagedOffice

REFRESH = Wanted(Act.REFRESH)


@pytest.fixture
def here(tmp_path: Path) -> tuple[LocalAccount, str]:
    account, _, ont = visit(tmp_path)
    return account, ont


async def state(account: LocalAccount, ont: str) -> CheckState:
    return (await account.checking.checks(ont))[0].state


async def test_question_without_signal_waits_and_is_no_failure(
    here: tuple[LocalAccount, str],
) -> None:
    """T-13."""
    account, ont = here

    await account.checking.ask(ont, REFRESH, job="j")
    is_looking = await account.checking.work()

    assert await state(account, ont) is CheckState.LATER
    assert not is_looking


async def test_question_asked_offline_is_asked_by_itself_after_a_kill(tmp_path: Path) -> None:
    """T-13: a row in SQLite, and nothing else, is what waits."""
    file, office = tmp_path / "replica.db", StagedOffice()

    def checker() -> Checker:
        async def desk(work):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - any work
            return work()

        return Checker(
            Replica(sqlite3.connect(file)), desk=desk, call=office.call,
            now_ms=Clock().now_ms, new_id=Ids().new,
        )  # fmt: skip

    first = checker()
    check = await first.ask("ont", REFRESH)
    await first.work()
    office.says("POST", "/v1/equipment/ont/acts", act(check.id, "done"))
    office.says("GET", "/v1/equipment/ont/report", report("ont"))

    again = checker()
    await again.work()

    kept = await again.report("ont")
    assert (await again.checks("ont"))[0].state is CheckState.DONE
    assert kept is not None
    assert kept.report.snapshot is not None


async def test_202_stays_queued_until_the_office_says_how_it_ended(
    here: tuple[LocalAccount, str],
) -> None:
    """T-14."""
    account, ont = here
    check = await account.checking.ask(ont, REFRESH)
    path = f"/v1/equipment/{ont}"
    account.office.says("POST", f"{path}/acts", act(check.id, "queued", until="2026-04-28"))

    assert await account.checking.work()
    queued = await state(account, ont)
    account.office.says("GET", f"{path}/acts", {"acts": [act(check.id, "queued")]})
    await account.checking.work()
    still = await state(account, ont)
    account.office.says("GET", f"{path}/acts", {"acts": [act(check.id, "done")]})
    account.office.says("GET", f"{path}/report", report(ont))
    await account.checking.work()

    assert (queued, still) == (CheckState.QUEUED, CheckState.QUEUED)
    assert await state(account, ont) is CheckState.DONE


async def test_act_that_is_done_is_done_only_once_its_report_is_here(
    here: tuple[LocalAccount, str],
) -> None:
    account, ont = here
    check = await account.checking.ask(ont, REFRESH)
    path = f"/v1/equipment/{ont}"
    account.office.says("POST", f"{path}/acts", act(check.id, "done"))

    await account.checking.work()
    before = await state(account, ont)
    account.office.says("GET", f"{path}/report", report(ont))
    await account.checking.work()

    assert (before, await state(account, ont)) == (CheckState.RUNNING, CheckState.DONE)


@pytest.mark.parametrize(
    ("status", "code", "after"),
    [
        (409, "cpe-busy", CheckState.LATER),
        (503, "busy", CheckState.LATER),
        (401, "signed-out", CheckState.LATER),
        (422, "cpe-channel", CheckState.FAILED),
        (404, "unknown-document", CheckState.FAILED),
    ],
)
async def test_refusal_ends_a_question_only_where_asking_again_is_no_use(
    here: tuple[LocalAccount, str], status: int, code: str, after: CheckState
) -> None:
    account, ont = here
    await account.checking.ask(ont, REFRESH)
    account.office.says("POST", f"/v1/equipment/{ont}/acts", {"code": code}, status=status)

    await account.checking.work()

    assert await state(account, ont) is after


async def test_restart_asked_for_offline_is_given_up_not_done_an_hour_later(
    here: tuple[LocalAccount, str],
) -> None:
    account, ont = here
    await account.checking.ask(ont, Wanted(Act.REBOOT, is_confirmed=True))
    account.clock.wall_ms += CHANGE_WITHIN_MS + 1
    account.office.says("POST", f"/v1/equipment/{ont}/acts", act("x", "running"))

    await account.checking.work()

    (check,) = await account.checking.checks(ont)
    assert (check.state, check.problem) == (CheckState.FAILED, "cpe-away")
    assert account.office.asked == []


async def test_same_question_that_waits_is_asked_once(here: tuple[LocalAccount, str]) -> None:
    account, ont = here

    one, two = await account.checking.ask(ont, REFRESH), await account.checking.ask(ont, REFRESH)

    assert one == two


async def test_device_that_the_office_does_not_have_yet_is_not_asked_about(
    here: tuple[LocalAccount, str],
) -> None:
    account, ont = here
    account.replica.db.conn.execute(
        "INSERT INTO outbox (id, device, n, key, doctype, kind, operation, at, made_ms) "
        "VALUES ('o', 'd', 99, ?, 'Service Equipment', 'set', '{}', '', 0)",
        (ont,),
    )

    await account.checking.ask(ont, REFRESH)
    await account.checking.work()

    assert account.office.asked == []


async def test_report_alone_is_asked_for_and_kept_with_its_reason(
    here: tuple[LocalAccount, str],
) -> None:
    account, ont = here
    blank = {"equipment": ont, "read_at": "2026-04-27T13:00:00Z", "reason": "cpe-unknown"}
    account.office.says("GET", f"/v1/equipment/{ont}/report", blank)

    await account.checking.ask(ont, Wanted())
    await account.checking.work()

    (check,) = await account.checking.checks(ont)
    assert check.problem == "cpe-unknown"


async def test_act_that_was_done_stays_done_though_its_report_has_a_reason(
    here: tuple[LocalAccount, str],
) -> None:
    account, ont = here
    check = await account.checking.ask(ont, REFRESH)
    path = f"/v1/equipment/{ont}"
    account.office.says("POST", f"{path}/acts", act(check.id, "done"))
    blank = {"equipment": ont, "read_at": "2026-04-27T13:00:00Z", "reason": "acs-unreachable"}
    account.office.says("GET", f"{path}/report", blank)

    await account.checking.work()

    assert await state(account, ont) is CheckState.DONE


async def test_answer_of_no_sense_leaves_the_question_waiting(
    here: tuple[LocalAccount, str],
) -> None:
    account, ont = here
    account.office.says("POST", f"/v1/equipment/{ont}/acts", {"nothing": 1})

    await account.checking.ask(ont, REFRESH)
    await account.checking.work()

    assert await state(account, ont) is CheckState.LATER


async def test_act_that_the_office_no_longer_knows_has_an_unknown_outcome(
    here: tuple[LocalAccount, str],
) -> None:
    account, ont = here
    check = await account.checking.ask(ont, REFRESH)
    account.office.says("POST", f"/v1/equipment/{ont}/acts", act(check.id, "running"))
    account.office.says("GET", f"/v1/equipment/{ont}/acts", {"acts": []})

    await account.checking.work()
    await account.checking.work()

    assert (await account.checking.checks(ont))[0].problem == "cpe-unknown-outcome"


async def test_waiting_question_is_taken_back_here_or_at_the_office(
    here: tuple[LocalAccount, str],
) -> None:
    account, ont = here
    check = await account.checking.ask(ont, REFRESH)
    await account.checking.give_up(check.id)
    other = await account.checking.ask(ont, Wanted(Act.PING, host="h"))
    path = f"/v1/equipment/{ont}/acts"
    account.office.says("POST", path, act(other.id, "queued"))
    account.office.says("DELETE", f"{path}/{other.id}", act(other.id, "cancelled"))
    await account.checking.work()

    await account.checking.give_up(other.id)

    problems = [check.problem for check in await account.checking.checks(ont)]
    assert problems == ["cpe-away", "cpe-away"]


async def test_runs_of_a_job_are_kept_newest_first_and_only_so_many(
    here: tuple[LocalAccount, str],
) -> None:
    account, _ = here
    for number in range(rows.RUNS_KEPT + 3):
        account.clock.wall_ms += 1000
        await account.checking.keep_run(run_of(number=f"run-{number:02}", job="j"))

    kept = await account.checking.runs("j")

    assert [one.run.id for one in kept[:2]] == ["run-12", "run-11"]
    assert len(kept) == rows.RUNS_KEPT


async def test_month_drops_what_ended_and_nothing_that_waits(
    here: tuple[LocalAccount, str],
) -> None:
    account, ont = here
    await account.checking.ask(ont, REFRESH)
    await account.checking.keep_run(run_of(job="j"))

    rows.clean(account.replica, now_ms=account.clock.wall_ms + rows.KEPT_MS + 1)

    assert await state(account, ont) is CheckState.LATER
    assert await account.checking.runs("j") == []


async def test_checker_at_work_asks_as_soon_as_it_is_told_to(
    here: tuple[LocalAccount, str],
) -> None:
    account, ont = here
    account.office.says("GET", f"/v1/equipment/{ont}/report", report(ont))
    account.checking.start()
    heard: list[bool] = []
    forget = account.checking.on_news(lambda: heard.append(True))

    await account.checking.ask(ont, Wanted())
    for _ in range(50):
        await asyncio.sleep(0.005)
        if await account.checking.report(ont):
            break
    forget()
    await account.checking.stop()

    assert await state(account, ont) is CheckState.DONE
    assert heard
