"""Background work: goes on after a failure, hears webhooks, ends when told."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Final

import httpx
import pytest

from server_sync import schedule as module
from server_sync.compose import build
from server_sync.erp.webhook import SIGNATURE_HEADER, sign
from server_sync.logs import Silent
from server_sync.schedule import Job, Nudges, Schedule
from tests.server.http.house import Clock, Entropy, House, settings_in

SECRET: Final = "un-secret-de-webhook"


class Heard(Silent):
    """A log that remembers what failed."""

    def __init__(self) -> None:
        self.failures: list[str] = []
        self.said: list[tuple[str, object]] = []

    def info(self, event: str, **facts: object) -> None:
        self.said.append((event, facts.get("job")))

    def exception(self, event: str, **facts: object) -> None:
        self.failures.append(f"{event} {facts.get('job', '')}".strip())


async def until(claim: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not claim():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.01)


async def test_job_that_fails_is_logged_and_runs_again_and_so_do_the_others() -> None:
    log, ran = Heard(), []

    async def failing() -> None:
        raise RuntimeError("broken")

    async def working() -> None:
        ran.append(1)

    schedule = Schedule(
        [Job("failing", 0.02, failing, is_first_now=True), Job("working", 0.02, working)], log=log
    )
    schedule.start()
    await until(lambda: len(log.failures) > 2 and len(ran) > 2)
    schedule.stop()

    assert set(log.failures) == {"job failed failing"}


@pytest.mark.parametrize("begins", ["at start", "in its turn"])
async def test_job_that_takes_long_runs_alone_and_is_mentioned_once(
    caplog: pytest.LogCaptureFixture, begins: str
) -> None:
    log, runs, at_once = Heard(), [0], [0]
    end = asyncio.Event()

    async def importing() -> None:
        runs[0] += 1
        at_once.append(at_once[-1] + 1)
        await end.wait()
        at_once.append(at_once[-1] - 1)

    schedule = Schedule(
        [Job("import", 0.02, importing, is_first_now=begins == "at start")], log=log
    )
    schedule.start()
    await until(lambda: runs[0] == 1)
    await asyncio.sleep(0.3)  # a dozen turns
    end.set()
    await until(lambda: runs[0] > 3)
    schedule.stop()

    assert max(at_once) == 1
    assert log.said == [("job still running", "import"), ("long job ended", "import")]
    assert "maximum number of running instances" not in caplog.text


async def test_job_that_fails_after_a_long_run_has_its_next_turn() -> None:
    log, runs = Heard(), [0]

    async def importing() -> None:
        runs[0] += 1
        await asyncio.sleep(0.1)
        raise RuntimeError("broken")

    schedule = Schedule([Job("import", 0.02, importing)], log=log)
    schedule.start()
    await until(lambda: len(log.failures) == 2)
    schedule.stop()

    assert log.failures == ["job failed import"] * 2


async def test_webhooks_in_a_burst_are_one_poll(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "NUDGE_S", 0.05)
    polled: list[set[str]] = []

    async def poll(doctypes: set[str]) -> None:
        polled.append(doctypes)

    nudges = Nudges(poll, log=Silent())
    for doctype in ("Dispatch Job", "Customer", "Dispatch Job"):
        nudges.name(doctype)
    await until(lambda: bool(polled))

    assert polled == [{"Dispatch Job", "Customer"}]


async def test_poll_that_fails_after_a_webhook_leaves_the_next_one_working(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "NUDGE_S", 0.01)
    log, tried = Heard(), []

    async def poll(doctypes: set[str]) -> None:
        tried.append(doctypes)
        raise RuntimeError("away")

    nudges = Nudges(poll, log=log)
    nudges.name("Customer")
    await until(lambda: len(log.failures) == 1)
    nudges.name("Issue")
    await until(lambda: len(log.failures) == 2)

    assert tried == [{"Customer"}, {"Issue"}]


@pytest.mark.parametrize(("secret", "status", "named"), [
    (SECRET, 204, ["Customer"]), ("another", 401, []), ("", 401, [])])  # fmt: skip
async def test_webhook_is_heard_only_when_it_is_signed(
    tmp_path: Path, secret: str, status: int, named: list[str]
) -> None:
    heard: list[str] = []
    server = build(
        settings_in(tmp_path, erpnext_webhook_secret=SECRET),
        clock=Clock(), entropy=Entropy(), on_erp_hint=heard.append,
        erp_transport=httpx.MockTransport(lambda _: httpx.Response(503)))  # fmt: skip
    body = b'{"doctype": "Customer", "name": "CUST-00001"}'

    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(server.app), base_url="http://server"
    ) as client:
        answer = await client.post("/v1/erp/webhook", content=body, headers={
            SIGNATURE_HEADER: sign(secret, body)} if secret else {})  # fmt: skip
    server.close()

    assert (answer.status_code, heard) == (status, named)


async def test_webhook_without_an_erp_is_refused(house: House) -> None:
    assert (await house.client.post("/v1/erp/webhook", content=b"{}")).status_code == 401
