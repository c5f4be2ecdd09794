"""The sync line says how things stand, and nothing better than that."""

from pathlib import Path

import pytest

from field_app.ports import Standing
from field_app.state.sending.sync_line import SyncLine, SyncState
from tests.app.at_work import LocalAccount
from tests.app.making import NOON_MS


@pytest.fixture
def account(tmp_path: Path) -> LocalAccount:
    return LocalAccount(tmp_path)


@pytest.fixture
def line(account: LocalAccount) -> SyncLine:
    return SyncLine(account, now_ms=account.clock.now_ms)


@pytest.mark.parametrize(
    ("standing", "state"),
    [
        (Standing("idle", None, NOON_MS, 0, 0), SyncState.ALL_RECEIVED),
        (Standing("idle", None, NOON_MS, 2, 0), SyncState.WAITING),
        (Standing("idle", None, NOON_MS, 0, 1), SyncState.WAITING),
        (Standing("idle", None, None, 0, 0), SyncState.NEVER),
        (Standing("waiting", "server-unreachable", NOON_MS, 0, 0), SyncState.FAILING),
        (Standing("syncing", None, NOON_MS, 2, 0), SyncState.SYNCING),
        (Standing("elsewhere", "server-unreachable", NOON_MS, 2, 0), SyncState.ELSEWHERE),
    ],
)
def test_standing_is_said_in_one_word(
    line: SyncLine, account: LocalAccount, standing: Standing, state: SyncState
) -> None:
    account.stand(standing)

    assert line.state is state


async def test_captive_portal_is_never_green(line: SyncLine, account: LocalAccount) -> None:
    """T-25."""
    account.sync_code = "captive-portal"

    await line.sync()

    assert line.state is SyncState.FAILING
    assert line.result is not None
    assert "portail" in line.result.sentence()


async def test_only_a_real_success_clears_a_failure(line: SyncLine, account: LocalAccount) -> None:
    account.sync_code = "captive-portal"
    await line.sync()
    account.sync_code = None

    await line.sync()

    assert (line.result, line.state) == (None, SyncState.ALL_RECEIVED)


async def test_age_never_runs_backwards(line: SyncLine, account: LocalAccount) -> None:
    """T-22: a clock set back does not make the last contact lie in the future."""
    account.clock.go(-60_000)

    assert line.age_ms == 0
