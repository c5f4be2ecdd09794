"""What people and the world do in the tests of the way in, and what can be seen of it."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from field_app.compose import Machine
from field_app.compose.asking import MachineEntry
from field_app.ports import Asking, Photo
from field_app.settings import Settings
from field_core.problems import ProblemError
from tests.app.serving import Office, key

WAIT_S = 20.0
PICTURE = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 400


def machine(tmp_path: Path) -> Machine:
    return Machine(Settings(secrets="file", stall_s=3), data_dir=tmp_path / "phone")


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(WAIT_S):
        while not is_so():  # noqa: ASYNC110 - the app tells its screens, not its tests
            await asyncio.sleep(0.02)


async def synced(account: Asking) -> None:
    assert await account.sync_now() is None


def left(account: Asking) -> tuple[int, int]:
    """Return what is still to go: operations, photos."""
    return account.standing.unsent, account.standing.blobs_left


async def photographed(account: Asking, picture: bytes) -> None:
    await account.edit(lambda acts: acts.photo(key(1), Photo(picture, "image/jpeg")))


async def kept_for_wifi(entry: MachineEntry, account: Asking, picture: bytes) -> None:
    """Take a photo on a mobile network that photos may not use; it waits on this phone."""
    entry.use_network(is_up=True, is_mobile=True)
    entry.write(replace(entry.read(), is_wifi_only=True))
    await photographed(account, picture)
    await until(lambda: left(account) == (0, 1))


def code_of(caught: pytest.ExceptionInfo[ProblemError]) -> str:
    return caught.value.problem.code


async def noted_without_a_session(office: Office, entry: MachineEntry, account: Asking) -> None:
    """Note something after the server ended the session behind the app's back."""
    live = entry._live  # noqa: SLF001 - its token
    assert live is not None
    accounts = office.server.accounts
    accounts.sign_out(accounts.identify(live.runner.access or ""))
    live.runner._engine._parts.auth.expire()  # noqa: SLF001 - a quarter of an hour later
    await account.edit(lambda acts: acts.note(key(1), "Sous-sol"))
    await until(lambda: account.standing.phase == "signed-out")
    assert account.standing.unsent == 1
