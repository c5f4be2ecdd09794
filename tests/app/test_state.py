"""What the window shows and can do, as plain Python."""

# ruff: noqa: ARG002 - fakes take what the ports give them

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from field_app.ports import Asking, JobDetail, JobRow, OutboxRow, SendState, Standing
from field_app.state.shell import Shell
from field_app.state.sign_in import SignIn
from field_app.state.today import Shown, Today
from field_core.problems import ProblemError
from field_core.status import JobStatus

ROW = JobRow("key-1", "DJ-00001", "Installation", "On Site", "2026-04-27", "09:00", "1 rue X")


class FakeAccount:
    """An account that remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.refusal: str | None = None
        self.sync_code: str | None = None
        self.standing = Standing("idle", None, 5, 0, 0)
        self.listeners: list[Callable[[], None]] = []

    async def jobs(self, day: str | None) -> Sequence[JobRow]:
        self.asked.append(("jobs", day))
        return [ROW]

    async def job(self, key: str) -> JobDetail | None:
        return JobDetail(ROW, {}, [], [JobStatus.PAUSED, JobStatus.INCOMPLETE])

    async def outbox(self) -> Sequence[OutboxRow]:
        return [OutboxRow("o", "key-1", "DJ-00001", "append", "notes", "", 0, SendState.ON_DEVICE)]

    async def move(self, key: str, to: JobStatus, reason: str | None = None) -> None:
        self._do("move", key, to)

    async def note(self, key: str, text: str) -> None:
        self._do("note", key, text)

    def _do(self, *what: object) -> None:
        if self.refusal:
            raise ProblemError(self.refusal)
        self.asked.append(what)

    async def sync_now(self) -> str | None:
        return self.sync_code

    def on_changed(self, listener: Callable[[], None]) -> Callable[[], None]:
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)


class FakeEntry:
    """The way into the fake account."""

    server = "https://sync.example"

    def __init__(self, held: FakeAccount | None = None) -> None:
        self.held = held

    async def resume(self) -> Asking | None:
        return self.held

    async def sign_in(self, server: str, email: str, password: str) -> Asking:
        if password != "right":
            raise ProblemError("sign-in-wrong")
        return FakeAccount()


@pytest.fixture
def account() -> FakeAccount:
    return FakeAccount()


@pytest.fixture
def day(account: FakeAccount) -> Today:
    return Today(account, today=lambda: "2026-04-27")


async def test_jobs_of_today_are_read(day: Today, account: FakeAccount) -> None:
    await day.load()

    assert (day.jobs, account.asked) == ([ROW], [("jobs", "2026-04-27")])


async def test_open_job_offers_moves_that_need_no_reason(day: Today) -> None:
    await day.go(Shown.JOB, "key-1")

    assert day.moves == [JobStatus.PAUSED]


async def test_move_is_said_to_be_saved_once_it_is(day: Today, account: FakeAccount) -> None:
    await day.go(Shown.JOB, "key-1")

    await day.move(JobStatus.PAUSED)

    assert (day.is_saved, day.problem) == (True, None)
    assert ("move", "key-1", JobStatus.PAUSED) in account.asked


async def test_refusal_is_shown_and_nothing_is_said_to_be_saved(
    day: Today, account: FakeAccount
) -> None:
    await day.go(Shown.JOB, "key-1")
    account.refusal = "disk-full"

    await day.note("x")

    assert day.problem is not None
    assert (day.problem.code, day.is_saved) == ("disk-full", False)


async def test_failed_sync_is_said_in_words(day: Today, account: FakeAccount) -> None:
    """T-25."""
    account.sync_code = "captive-portal"

    await day.sync()

    assert day.problem is not None
    assert "portail" in day.problem.sentence()


async def test_failure_known_to_the_engine_is_shown(day: Today, account: FakeAccount) -> None:
    account.standing = Standing("idle", "server-unreachable", None, 3, 1)

    assert day.failure is not None
    assert day.failure.code == "server-unreachable"


async def test_news_is_told_until_it_is_no_longer_wanted(day: Today, account: FakeAccount) -> None:
    turns: list[int] = []
    day.on_change(lambda: turns.append(1))
    forget = day.follow()

    account.listeners[0]()
    forget()

    assert (len(turns), account.listeners) == (1, [])


async def test_shell_goes_on_with_the_account_that_is_signed_in(account: FakeAccount) -> None:
    shell = Shell(FakeEntry(account), today=lambda: "2026-04-27")

    await shell.open()

    assert (shell.day is not None, shell.sign_in) == (True, None)


async def test_shell_asks_to_sign_in_and_then_shows_the_day() -> None:
    shell = Shell(FakeEntry(), today=lambda: "2026-04-27")
    await shell.open()
    assert isinstance(shell.sign_in, SignIn)

    await shell.sign_in.submit("https://sync.example", "marc@example.com", "wrong")
    assert shell.sign_in.problem is not None
    await shell.sign_in.submit("https://sync.example", "marc@example.com", "right")

    assert shell.day is not None
