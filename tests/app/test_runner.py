"""The asyncio shell: what fails outside the engine is told, and syncing goes on."""

import asyncio
import sqlite3
from collections.abc import Callable

import pytest

from field_app.sync.cadence import Cadence
from field_app.sync.desk import Desk
from field_app.sync.engine import Phase, Status
from field_app.sync.events import (
    Call,
    Event,
    Failed,
    FailureKind,
    FetchRange,
    Online,
    Replied,
    Tick,
)
from field_app.sync.runner import Runner, follow_hints
from tests.app.making import Device, job, key, reply, stored


class Keeper:
    """Remembers what it was asked to keep."""

    def __init__(self) -> None:
        self.kept: list[object] = []

    def keep(self, session: object) -> None:
        self.kept.append(session)

    def erase(self) -> None:
        self.kept.append("erased")


class Answers:
    """Answers every exchange alike, or fails in its own way."""

    def __init__(self, answer: Callable[[Call | FetchRange], Event]) -> None:
        self.answer = answer

    async def perform(self, effect: Call | FetchRange, report: Callable[[Event], None]) -> None:
        await asyncio.sleep(0)
        report(self.answer(effect))


def quiet(effect: Call | FetchRange) -> Event:
    body = reply(since="e.1", cursor="e.1").model_dump(mode="json")
    return Replied(effect.call, 200, body)


def running(device: Device, answer: Callable[[Call | FetchRange], Event] = quiet) -> Runner:
    runner = Runner(
        device.engine,
        desk=Desk(),
        performer=Answers(answer),
        keeper=Keeper(),
        clock=device.clock.stamp,
        status=device.engine.status(),
    )
    runner.start()
    return runner


@pytest.fixture
def device() -> Device:
    return Device().synced(stored(1, job()))


async def test_sync_now_ends_well_when_the_server_has_everything(device: Device) -> None:
    runner = running(device)

    outcome = await runner.sync_now(5)

    assert (outcome.is_done, outcome.code) == (True, None)
    await runner.stop()


async def test_sync_now_does_not_take_an_old_failure_for_a_new_one(device: Device) -> None:
    answers = iter([FailureKind.UNREACHABLE])

    def answer(effect: Call | FetchRange) -> Event:
        kind = next(answers, None)
        return Failed(effect.call, kind) if kind else quiet(effect)

    runner = running(device, answer)
    first = await runner.sync_now(5)
    second = await runner.sync_now(5)

    assert (first.code, second.code) == ("server-unreachable", None)
    await runner.stop()


async def test_sync_now_says_so_when_time_is_up(device: Device) -> None:
    class Silent:
        async def perform(self, effect: object, report: object) -> None:  # noqa: ARG002 - the port
            await asyncio.sleep(60)

    runner = Runner(
        device.engine, desk=Desk(), performer=Silent(), keeper=Keeper(),
        clock=device.clock.stamp, status=device.engine.status(),
    )  # fmt: skip
    runner.start()

    outcome = await runner.sync_now(0.1)

    assert (outcome.is_done, outcome.code) == (False, "server-unreachable")
    await runner.stop()


async def test_full_disk_is_said_and_syncing_goes_on(
    device: Device, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    runner = running(device)
    with monkeypatch.context() as patch:
        patch.setattr(device.replica, "apply", full)
        outcome = await runner.sync_now(5)
    again = await runner.sync_now(5)

    assert (outcome.is_done, outcome.code) == (False, "disk-full")
    assert again.is_done
    assert "step failed" in caplog.text
    await runner.stop()


async def test_call_that_breaks_in_the_transport_is_a_failure(
    device: Device, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: object) -> Event:
        raise ZeroDivisionError

    runner = running(device, broken)

    outcome = await runner.sync_now(5)

    assert outcome.code == "server-unreachable"
    assert "call failed" in caplog.text
    await runner.stop()


async def test_edit_raises_what_the_act_raises_and_wakes_the_engine(device: Device) -> None:
    sent: list[object] = []

    def answer(effect: Call | FetchRange) -> Event:
        sent.append(effect)
        return quiet(effect)

    runner = running(device, answer)
    await runner.edit(lambda: device.recorder.append(key(1), "notes", {"text": "x"}))
    with pytest.raises(ZeroDivisionError):
        await runner.edit(lambda: 1 // 0)
    await asyncio.sleep(0.05)

    assert [call.json["ops"][0]["n"] for call in sent if isinstance(call, Call)] == [1]
    await runner.stop()


async def test_edit_is_told_at_once_without_any_answer_of_the_server(device: Device) -> None:
    """T-02: with the link cut, what was just done is on the screen all the same."""
    runner = running(device, lambda effect: Failed(effect.call, FailureKind.UNREACHABLE))
    told: list[frozenset[str]] = []
    runner.on_changed(told.append)

    await runner.edit(lambda: device.recorder.append(key(1), "notes", {"text": "x"}))

    assert told == [frozenset()]
    await runner.stop()


async def test_hints_wake_the_engine_and_a_lost_channel_is_opened_again() -> None:
    posted: list[Event] = []
    opened: list[int] = []

    class Posting:
        def post(self, event: Event) -> None:
            posted.append(event)

    async def listen() -> object:
        opened.append(1)
        yield 7
        raise ConnectionError

    task = asyncio.create_task(
        follow_hints(listen, Posting(), pause_s=lambda failures: 0.001 * failures)  # type: ignore[arg-type]  # no more than this is used
    )
    await asyncio.sleep(0.05)
    task.cancel()

    assert len(opened) >= 2
    assert len(posted) == len(opened)


class Synced:
    """What the cadence moves."""

    def __init__(self, failure: str | None) -> None:
        self.status = Status(Phase.IDLE, failure, None, 0)
        self.posted: list[Event] = []

    def post(self, event: Event) -> None:
        self.posted.append(event)


@pytest.mark.parametrize(
    ("failure", "reachable", "posted"),
    [
        (None, True, []),
        ("captive-portal", False, []),
        ("captive-portal", True, [Online()]),
    ],
)
async def test_probe_tells_that_our_server_answers_again(
    failure: str | None,
    reachable: bool,  # noqa: FBT001 - a row of the table
    posted: list[Event],
) -> None:
    synced = Synced(failure)

    async def is_reachable() -> bool:
        return reachable

    desk = Desk()
    cleaned: list[bool] = []
    cadence = Cadence(
        synced,
        clean=lambda: cleaned.append(True),
        desk=desk,
        is_reachable=is_reachable,
    )
    cadence.start()
    await cadence.probe()
    await cadence.clean()
    await cadence.tick()
    cadence.stop()
    desk.close()

    assert synced.posted == [*posted, Tick()]
    assert cleaned == [True]
