"""The way in and the account's upkeep, with a real server, real files and a real PIN."""

import asyncio
import logging
import re
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from field_app.compose import Machine
from field_app.compose.asking import LiveAccount, MachineEntry
from field_app.device import logs
from field_app.ports import Asking, Photo
from field_app.settings import Settings
from field_core.problems import ProblemError
from field_core.status import JobStatus
from server_sync.accounts.devices import DeviceStatus
from tests.app.serving import KARIM, MARC, NADIA, PASSWORD, Office, key, serving, today
from tests.app.test_transport import answering, talking

WAIT_S = 20.0
PICTURE = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 400


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with serving(tmp_path / "server") as office:
        office.add_people()
        office.job(1)
        yield office


def machine(tmp_path: Path) -> Machine:
    return Machine(Settings(secrets="file", stall_s=3), data_dir=tmp_path / "phone")


@pytest.fixture
async def entry(tmp_path: Path) -> AsyncIterator[MachineEntry]:
    entry = MachineEntry(machine(tmp_path), version="1.2.3")
    yield entry
    await entry.close()


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


def code_of(caught: pytest.ExceptionInfo[ProblemError]) -> str:
    return caught.value.problem.code


# --- in


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


# --- a session that ended


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


# --- out


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
    entry.use_network(is_up=True, is_mobile=True)
    entry.write(replace(entry.read(), is_wifi_only=True))
    await photographed(account, PICTURE)
    await until(lambda: left(account) == (0, 1))

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


# --- photos on Wi-Fi only


async def test_photo_waits_for_wifi_and_goes_when_it_comes(
    office: Office, entry: MachineEntry
) -> None:
    account = await entry.sign_in(office.url, MARC, PASSWORD)
    await synced(account)
    entry.use_network(is_up=True, is_mobile=True)
    entry.write(replace(entry.read(), is_wifi_only=True))
    await photographed(account, PICTURE)
    await until(lambda: left(account) == (0, 1))

    entry.use_network(is_up=True, is_mobile=False)

    await until(lambda: account.standing.blobs_left == 0)


async def test_photo_goes_when_the_person_no_longer_minds(
    office: Office, entry: MachineEntry
) -> None:
    account = await entry.sign_in(office.url, MARC, PASSWORD)
    await synced(account)
    entry.use_network(is_up=True, is_mobile=True)
    entry.write(replace(entry.read(), is_wifi_only=True))
    await photographed(account, PICTURE)
    await until(lambda: left(account) == (0, 1))

    entry.write(replace(entry.read(), is_wifi_only=False))

    await until(lambda: account.standing.blobs_left == 0)


# --- upkeep


async def test_cleaning_takes_what_the_server_has_and_nothing_else(
    office: Office, entry: MachineEntry
) -> None:
    account = await entry.sign_in(office.url, MARC, PASSWORD)
    await synced(account)
    await photographed(account, PICTURE)
    await until(lambda: left(account) == (0, 1))
    await until(lambda: left(account) == (0, 0))
    entry.use_network(is_up=True, is_mobile=True)
    entry.write(replace(entry.read(), is_wifi_only=True))
    other = PICTURE + b"another"
    await photographed(account, other)
    await until(lambda: left(account) == (0, 1))
    before = await entry.upkeep.storage()
    assert (before.received, before.received_bytes) == (1, len(PICTURE))
    assert (before.waiting, before.waiting_bytes) == (1, len(other))
    assert (before.freeable_bytes, await entry.upkeep.free()) == (0, 0)  # not in the office yet

    live = entry._live  # noqa: SLF001 - the word of the office, which this server has none of
    assert live is not None
    run = live.account.replica.db.conn.execute
    await live.desk(lambda: run("UPDATE outbox SET office = 'stored'"))
    won = await entry.upkeep.free()

    after = await entry.upkeep.storage()
    assert (won, after.received, after.waiting) == (len(PICTURE), 0, 1)
    assert before.database_bytes > 0
    assert before.free_bytes > 0


async def test_diagnosis_tells_what_the_office_asks_for(
    office: Office, entry: MachineEntry
) -> None:
    account = await entry.sign_in(office.url, MARC, PASSWORD)
    await synced(account)

    facts = await entry.upkeep.diagnosis()

    assert (facts.version, facts.server, facts.documents) == ("1.2.3", office.url, 2)
    assert re.fullmatch(r"[0-9a-f-]{36}", facts.device)
    assert facts.schema >= 3
    assert facts.contact_ms is not None
    assert abs(facts.skew_ms) < 60_000


async def test_log_is_handed_over_with_the_facts_on_top(
    office: Office, entry: MachineEntry, tmp_path: Path
) -> None:
    root, level = logging.getLogger(), logging.getLogger().level
    handler = logs.start(tmp_path / "phone" / "logs")
    try:
        await entry.sign_in(office.url, MARC, PASSWORD)
        logging.getLogger("field_app").warning("token=%s", "s3cr3t")
        file = await entry.upkeep.logs()
    finally:
        logs.stop(handler)
        root.setLevel(level)

    assert file.content.startswith(b"Diagnosis(version='1.2.3'")
    assert b"WARNING field_app: token=" in file.content
    assert b"s3cr3t" not in file.content
    assert file.name.endswith(".txt")


async def test_rescue_file_holds_what_is_unsent(
    office: Office, entry: MachineEntry, tmp_path: Path
) -> None:
    account = await entry.sign_in(office.url, MARC, PASSWORD)
    await synced(account)
    live = entry._live  # noqa: SLF001 - as if the network were gone
    assert live is not None
    await live.runner.stop()
    await account.edit(lambda acts: acts.move(key(1), JobStatus.EN_ROUTE))

    file = await entry.upkeep.rescue()

    assert (file.operations, file.blobs, file.content[:8]) == (1, 0, b"GFRESCUE")
    path = entry.upkeep.put_aside(file)
    kept = tmp_path / "phone" / "exports" / file.name
    assert (path, kept.read_bytes()) == (str(kept), file.content)


async def test_rescue_without_a_session_is_refused(office: Office, entry: MachineEntry) -> None:
    await entry.sign_in(office.url, MARC, PASSWORD)
    live = entry._live  # noqa: SLF001 - the secret store was emptied
    assert live is not None
    await live.runner.stop()
    machine_ = entry._machine  # noqa: SLF001 - same
    machine_.keep(live.account.folder, office.url, None)

    with pytest.raises(ProblemError) as caught:
        await entry.upkeep.rescue()

    assert code_of(caught) == "signed-out"


async def test_place_is_remembered_per_account(office: Office, entry: MachineEntry) -> None:
    """T-03."""
    await entry.sign_in(office.url, MARC, PASSWORD)
    assert entry.upkeep.remembered_place() is None

    entry.upkeep.remember_place("/today/x/steps")

    assert entry.upkeep.remembered_place() == "/today/x/steps"
    await entry.sign_in(office.url, KARIM, PASSWORD)
    assert entry.upkeep.remembered_place() is None


async def test_place_that_cannot_be_kept_is_no_failure(
    office: Office, entry: MachineEntry, tmp_path: Path
) -> None:
    await entry.sign_in(office.url, MARC, PASSWORD)
    folder = next((tmp_path / "phone" / "accounts").iterdir())
    (folder / "place.new").mkdir()

    entry.upkeep.remember_place("/outbox")

    assert entry.upkeep.remembered_place() is None


async def test_folder_that_cannot_be_written_is_said(
    office: Office, entry: MachineEntry, tmp_path: Path
) -> None:
    await entry.sign_in(office.url, MARC, PASSWORD)
    shutil.rmtree(tmp_path / "phone" / "exports", ignore_errors=True)
    (tmp_path / "phone" / "exports").write_text("in the way", encoding="utf-8")

    with pytest.raises(ProblemError) as caught:
        entry.upkeep.put_aside(await entry.upkeep.logs())

    assert code_of(caught) == "disk-full"


def test_server_asked_for_wins_over_the_one_used_last(tmp_path: Path) -> None:
    here = machine(tmp_path)
    here.preferences.write(replace(here.preferences.read(), server="https://last.example"))

    assert MachineEntry(here).server == "https://last.example"
    named = here.with_settings(server="https://named.example")
    assert MachineEntry(named).server == "https://named.example"
