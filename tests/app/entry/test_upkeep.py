"""The upkeep of an account: photos that wait for Wi-Fi, room, facts, the rescue, the place."""

import logging
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from field_app.compose.asking import MachineEntry
from field_app.device import logs
from field_core.problems import ProblemError
from field_core.status import JobStatus
from tests.app.entry.hands import (
    PICTURE,
    code_of,
    kept_for_wifi,
    left,
    photographed,
    synced,
    until,
)
from tests.app.serving import KARIM, MARC, PASSWORD, Office, key

# --- photos on Wi-Fi only


async def test_photo_waits_for_wifi_and_goes_when_it_comes(
    office: Office, entry: MachineEntry
) -> None:
    account = await entry.sign_in(office.url, MARC, PASSWORD)
    await synced(account)
    await kept_for_wifi(entry, account, PICTURE)

    entry.use_network(is_up=True, is_mobile=False)

    await until(lambda: account.standing.blobs_left == 0)


async def test_photo_goes_when_the_person_no_longer_minds(
    office: Office, entry: MachineEntry
) -> None:
    account = await entry.sign_in(office.url, MARC, PASSWORD)
    await synced(account)
    await kept_for_wifi(entry, account, PICTURE)

    entry.write(replace(entry.read(), is_wifi_only=False))

    await until(lambda: account.standing.blobs_left == 0)


async def test_cleaning_takes_what_the_server_has_and_nothing_else(
    office: Office, entry: MachineEntry
) -> None:
    account = await entry.sign_in(office.url, MARC, PASSWORD)
    await synced(account)
    await photographed(account, PICTURE)
    await until(lambda: left(account) == (0, 1))
    await until(lambda: left(account) == (0, 0))
    other = PICTURE + b"another"
    await kept_for_wifi(entry, account, other)
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
