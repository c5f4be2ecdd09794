"""The way in: with a password or a code, once more, and for somebody else."""

from dataclasses import replace
from pathlib import Path

import pytest

from field_app.compose.asking import MachineEntry
from field_core.problems import ProblemError
from tests.app.entry.hands import (
    code_of,
    machine,
    noted_without_a_session,
    synced,
    until,
)
from tests.app.serving import KARIM, MARC, NADIA, PASSWORD, Office, key, today
from tests.app.test_transport import answering, talking


async def test_nobody_here_means_nobody(entry: MachineEntry) -> None:
    assert await entry.resume() is None
    assert (entry.language, entry.server) == ("fr", "http://127.0.0.1:8040")


async def test_signing_in_is_remembered_for_the_next_start(
    office: Office, entry: MachineEntry, tmp_path: Path
) -> None:
    account = await entry.sign_in(office.url, MARC, PASSWORD)
    await synced(account)
    assert [job.subject for job in await account.read(lambda ask: ask.day(today()))] == [
        "Installer 1"
    ]
    await entry.close()

    again = MachineEntry(machine(tmp_path))
    resumed = await again.resume()

    assert resumed is not None
    assert await again.resume() is resumed
    assert (resumed.person.email, again.server) == (MARC, office.url)
    assert (again.read().server, again.read().email) == (office.url, MARC)
    await again.close()


async def test_code_enrols_and_the_same_code_again_is_the_same_device(
    office: Office, entry: MachineEntry
) -> None:
    code, _ = office.server.accounts.make_code(MARC)

    await entry.enrol(office.url, code)
    first = await entry.upkeep.diagnosis()
    await entry.enrol(office.url, code)

    assert (await entry.upkeep.diagnosis()).device == first.device


@pytest.mark.parametrize(
    ("content", "content_type", "status", "code"),
    [
        (b"<html>hotel</html>", "text/html", "200 OK", "captive-portal"),
        (b"{}", "application/json", "200 OK", "not-our-server"),
        (b'{"detail":"Not Found"}', "application/json", "404 Not Found", "not-our-server"),
        (b"oops", "text/plain", "502 Bad Gateway", "server-unreachable"),
    ],
)
async def test_what_is_not_our_server_is_told_apart(
    entry: MachineEntry, content: bytes, content_type: str, status: str, code: str
) -> None:
    async with talking(answering(status, content, Content_Type=content_type)) as url:
        with pytest.raises(ProblemError) as caught:
            await entry.sign_in(url, MARC, PASSWORD)

    assert code_of(caught) == code


async def test_wrong_password_leaves_the_account_that_is_open(
    office: Office, entry: MachineEntry
) -> None:
    account = await entry.sign_in(office.url, MARC, PASSWORD)

    with pytest.raises(ProblemError) as caught:
        await entry.sign_in(office.url, NADIA, "wrong")

    assert code_of(caught) == "sign-in-wrong"
    assert await entry.resume() is account


async def test_account_in_use_by_another_program_is_not_left_or_shut_out(
    office: Office, entry: MachineEntry, tmp_path: Path
) -> None:
    marc = await entry.sign_in(office.url, MARC, PASSWORD)
    await synced(marc)
    second = MachineEntry(machine(tmp_path))
    beside = await second.resume()
    assert beside is not None
    assert beside.standing.phase == "elsewhere"

    with pytest.raises(ProblemError) as caught:
        await second.leave(keep_data=True)

    assert code_of(caught) == "synced-elsewhere"
    again = await second.sign_in(office.url, MARC, PASSWORD)
    assert again.standing.phase == "elsewhere"
    await second.close()


async def test_damaged_description_asks_to_sign_in_and_keeps_the_work(
    office: Office, entry: MachineEntry, tmp_path: Path
) -> None:
    account = await entry.sign_in(office.url, MARC, PASSWORD)
    await synced(account)
    await entry.close()
    described = next((tmp_path / "phone" / "accounts").glob("*/account.json"))
    described.write_text("{", encoding="utf-8")

    again = MachineEntry(machine(tmp_path))

    assert await again.resume() is None
    await again.close()


def test_server_asked_for_wins_over_the_one_used_last(tmp_path: Path) -> None:
    here = machine(tmp_path)
    here.preferences.write(replace(here.preferences.read(), server="https://last.example"))

    assert MachineEntry(here).server == "https://last.example"
    named = here.with_settings(server="https://named.example")
    assert MachineEntry(named).server == "https://named.example"


# --- a session that ended


async def test_signing_in_again_keeps_account_and_unsent_work(
    office: Office, entry: MachineEntry
) -> None:
    """T-21."""
    account = await entry.sign_in(office.url, MARC, PASSWORD)
    await synced(account)
    await noted_without_a_session(office, entry, account)

    again = await entry.sign_in(office.url, MARC, PASSWORD)
    await until(lambda: account.standing.unsent == 0)

    assert again is account
    assert "Sous-sol" in str(office.body(key(1))["notes"])


async def test_somebody_else_gets_an_account_of_their_own(
    office: Office, entry: MachineEntry, tmp_path: Path
) -> None:
    told: list[bool] = []
    marc = await entry.sign_in(office.url, MARC, PASSWORD)
    await synced(marc)
    entry.on_switch(lambda: told.append(entry.is_open(marc)))

    karim = await entry.sign_in(office.url, KARIM, PASSWORD)

    assert (karim is marc, told, karim.person.email) == (False, [False], KARIM)
    assert len(list((tmp_path / "phone" / "accounts").iterdir())) == 2
