"""The first sync: how far, what is here already, why it stands still."""

from pathlib import Path

from field_app.ports import Progress, Standing
from field_app.state.entry.first_sync import FirstSync
from tests.app.at_work import DAY, LocalAccount
from tests.app.making import NOON_MS


def standing(progress: Progress | None, *, failure: str | None = None) -> Standing:
    return Standing("syncing", failure, NOON_MS, 0, 0, progress)


def model(account: LocalAccount, ended: list[str]) -> FirstSync:
    return FirstSync(account, today=lambda: DAY, ended=lambda: ended.append("ended"))


async def test_progress_is_a_share_of_the_bytes(tmp_path: Path) -> None:
    account = LocalAccount(tmp_path)
    first = model(account, [])
    assert (first.share, first.progress) == (None, None)

    account.stand(standing(Progress(120, 1800, 30_000, 120_000, is_first=True)))

    assert first.share == 0.25


async def test_jobs_of_today_that_are_here_are_counted(tmp_path: Path) -> None:
    account, ended = LocalAccount(tmp_path), list[str]()
    first = model(account, ended)
    await first.load()
    assert (first.jobs, first.is_going_on, ended) == (0, True, [])

    account.has_job()
    await first.load()

    assert (first.jobs, first.is_going_on, ended) == (1, False, ["ended"])


async def test_what_stops_it_is_said(tmp_path: Path) -> None:
    account = LocalAccount(tmp_path)
    first = model(account, [])

    account.stand(standing(None, failure="captive-portal"))
    assert first.failure is not None
    assert (first.failure.code, first.is_signed_out) == ("captive-portal", False)
    account.stand(Standing("signed-out", "signed-out", None, 0, 0))

    assert first.is_signed_out


async def test_news_and_progress_are_both_followed(tmp_path: Path) -> None:
    account, told = LocalAccount(tmp_path), list[int]()
    forget = model(account, []).follow(lambda: told.append(1))

    account.tell_news()
    account.stand(standing(None))
    forget()
    account.tell_news()

    assert len(told) == 2


async def test_retry_asks_the_server(tmp_path: Path) -> None:
    account, asked = LocalAccount(tmp_path), list[int]()

    async def sync_now() -> str | None:
        asked.append(1)
        return None

    account.sync_now = sync_now  # type: ignore[method-assign]  # counted

    await model(account, []).retry()

    assert asked == [1]
