"""The way out: what leaving keeps and what it erases, and being erased by the office."""

from pathlib import Path

import pytest

from field_app.compose.asking import LiveAccount, MachineEntry
from field_core.problems import ProblemError
from server_sync.accounts.devices import DeviceStatus
from tests.app.entry.hands import (
    PICTURE,
    code_of,
    kept_for_wifi,
    noted_without_a_session,
    synced,
    until,
)
from tests.app.serving import MARC, PASSWORD, Office, today


async def test_leaving_erases_what_the_server_has(
    office: Office, entry: MachineEntry, tmp_path: Path
) -> None:
    account = await entry.sign_in(office.url, MARC, PASSWORD)
    await synced(account)
    await entry.pins.choose("1234")

    await entry.leave(keep_data=False)

    assert list((tmp_path / "phone" / "accounts").iterdir()) == []
    assert "hash" not in (tmp_path / "phone" / "secrets.json").read_text(encoding="utf-8")
    assert (await entry.resume(), entry.read().email) == (None, None)


async def test_leaving_with_unsent_work_is_refused(office: Office, entry: MachineEntry) -> None:
    account = await entry.sign_in(office.url, MARC, PASSWORD)
    await synced(account)
    await kept_for_wifi(entry, account, PICTURE)

    with pytest.raises(ProblemError) as caught:
        await entry.leave(keep_data=False)

    assert (code_of(caught), caught.value.problem.details["count"]) == ("unsent-work", 1)
    assert await entry.resume() is account


async def test_data_kept_is_there_after_signing_in_again(
    office: Office, entry: MachineEntry
) -> None:
    account = await entry.sign_in(office.url, MARC, PASSWORD)
    await synced(account)
    before = await entry.upkeep.diagnosis()

    await entry.leave(keep_data=True)
    assert await entry.resume() is None
    again = await entry.sign_in(office.url, MARC, PASSWORD)

    assert [job.subject for job in await again.read(lambda ask: ask.day(today()))] == [
        "Installer 1"
    ]
    assert (await entry.upkeep.diagnosis()).device == before.device


async def test_leaving_nothing_is_nothing(entry: MachineEntry) -> None:
    await entry.leave(keep_data=False)

    assert await entry.resume() is None


# --- erased by the office


async def test_erased_by_the_office_takes_the_pin_with_it(
    office: Office, entry: MachineEntry, tmp_path: Path
) -> None:
    account = await entry.sign_in(office.url, MARC, PASSWORD)
    await synced(account)
    await entry.pins.choose("1234")
    device = (await entry.upkeep.diagnosis()).device

    office.server.accounts.revoke(device, DeviceStatus.WIPED)
    await account.sync_now()
    await until(lambda: account.standing.phase == "wiped")

    assert "hash" not in (tmp_path / "phone" / "secrets.json").read_text(encoding="utf-8")
    await entry.sign_in(office.url, MARC, PASSWORD)
    assert isinstance(await entry.resume(), LiveAccount)


def replicas(tmp_path: Path) -> list[Path]:
    return [*(tmp_path / "phone" / "accounts").glob("*/replica.db")]


async def test_revoked_while_signed_out_is_erased_by_signing_in(
    office: Office, entry: MachineEntry, tmp_path: Path
) -> None:
    """It makes no call of its own that could be answered with the order; then it begins anew."""
    account = await entry.sign_in(office.url, MARC, PASSWORD)
    await synced(account)
    device = (await entry.upkeep.diagnosis()).device
    await noted_without_a_session(office, entry, account)

    office.server.accounts.revoke(device, DeviceStatus.WIPED)
    with pytest.raises(ProblemError) as caught:
        await entry.sign_in(office.url, MARC, PASSWORD)

    assert code_of(caught) == "device-wiped"
    await until(lambda: account.standing.phase == "wiped")
    assert replicas(tmp_path) == []
    await synced(await entry.sign_in(office.url, MARC, PASSWORD))
    assert (await entry.upkeep.diagnosis()).device != device


async def test_revoked_after_leaving_is_erased_by_signing_in(
    office: Office, entry: MachineEntry, tmp_path: Path
) -> None:
    await synced(await entry.sign_in(office.url, MARC, PASSWORD))
    device = (await entry.upkeep.diagnosis()).device
    await entry.leave(keep_data=True)

    office.server.accounts.revoke(device, DeviceStatus.WIPED)
    with pytest.raises(ProblemError) as caught:
        await entry.sign_in(office.url, MARC, PASSWORD)

    assert (code_of(caught), replicas(tmp_path)) == ("device-wiped", [])
    await synced(await entry.sign_in(office.url, MARC, PASSWORD))
