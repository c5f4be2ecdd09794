"""Engine, transport, runner and a real server together (T-18 to T-21, T-24, T-25, FA-10)."""

# ruff: noqa: ANN401 - JSON of any shape

import asyncio
import functools
import json
from base64 import b64decode
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from field_app.compose import Account, Live, Machine, SyncElsewhereError
from field_app.compose.asking import MachineEntry
from field_app.device.product import version
from field_app.ports import SendState
from field_app.settings import Settings
from field_app.sync import queries
from field_app.sync.acts import NewEquipment, Photo
from field_app.sync.engine import Phase, Status
from field_app.sync.rescue import pack, seal
from field_core.problems import ProblemError
from field_core.status import JobStatus
from server_sync.accounts.devices import DeviceStatus
from tests.app.serving import MARC, NADIA, PASSWORD, Office, key, serving, today
from tests.app.test_transport import answering, talking

WAIT_S = 20.0
PICTURE = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 1200


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with serving(tmp_path / "server") as office:
        office.add_people()
        for n in range(1, 4):
            office.job(n)
        yield office


def machine(tmp_path: Path, name: str = "phone", **settings: Any) -> Machine:
    return Machine(Settings(secrets="file", stall_s=3, **settings), data_dir=tmp_path / name)


@asynccontextmanager
async def signed_in(office: Office, here: Machine, email: str = MARC) -> AsyncIterator[Live]:
    account = await here.sign_in(office.url, email=email, password=PASSWORD)
    async with here.live(account) as live:
        yield live
    account.close()


async def done(live: Live) -> None:
    outcome = await live.runner.sync_now(WAIT_S)
    assert outcome.is_done, outcome


def states(account: Account) -> list[SendState]:
    return [row.state for row in queries.outbox(account.replica)]


async def test_first_sync_brings_the_jobs_and_what_they_point_at(
    office: Office, tmp_path: Path
) -> None:
    """FA-02."""
    async with signed_in(office, machine(tmp_path)) as live:
        await done(live)

        assert live.account.replica.counts() == {"Dispatch Job": 3, "Service Location": 3}
        assert live.transport.traffic.requests == 3


async def test_idle_exchange_is_one_request(office: Office, tmp_path: Path) -> None:
    async with signed_in(office, machine(tmp_path)) as live:
        await done(live)
        before = live.transport.traffic.requests

        await done(live)

        assert live.transport.traffic.requests == before + 1


async def test_a_days_work_offline_arrives_whole(office: Office, tmp_path: Path) -> None:
    """T-19: operations in order, photos received with the server's hash equal."""
    async with signed_in(office, machine(tmp_path)) as live:
        await done(live)
        acts, edit = live.account.acts, live.runner.edit
        await edit(lambda: acts.move(key(1), JobStatus.ON_SITE))
        await edit(lambda: acts.do_step(key(1), "s1"))
        await edit(lambda: acts.do_step(key(1), "s2", -19.5))
        for n in range(3):
            photo = Photo(PICTURE + bytes([n]), "image/jpeg")
            await edit(functools.partial(acts.photo, key(1), photo))
        await edit(lambda: acts.add_equipment(key(1), NewEquipment("ONT", serial_no="S1")))
        await edit(lambda: acts.move(key(1), JobStatus.COMPLETED))

        await done(live)

        body = office.body(key(1))
        assert (body["status"], len(body["photos"])) == ("Completed", 3)  # type: ignore[arg-type]  # JSON
        assert set(states(live.account)) <= {SendState.RECEIVED, SendState.IN_OFFICE}
        assert all(blob.is_received for blob in queries.blobs_of(live.account.replica))


async def test_job_reassigned_away_is_gone_after_the_next_sync(
    office: Office, tmp_path: Path
) -> None:
    async with signed_in(office, machine(tmp_path)) as live:
        await done(live)

        office.put(key(2), "Dispatch Job", {"assigned_technician": "DT-00002"})
        await done(live)

        assert live.account.replica.document(key(2)) is None
        assert live.account.replica.counts() == {"Dispatch Job": 2, "Service Location": 2}


async def test_work_on_a_job_cancelled_meanwhile_is_accepted_as_late(
    office: Office, tmp_path: Path
) -> None:
    """T-18: all evidence is taken, and a review tells the office."""
    async with signed_in(office, machine(tmp_path)) as live:
        await done(live)
        office.put(key(1), "Dispatch Job", {"status": "Cancelled", "cancelled_by": "Sophie"})
        await live.runner.edit(lambda: live.account.acts.note(key(1), "routeur posé"))

        await done(live)

        held = live.account.replica.document(key(1))
        assert held is not None
        assert (held.body["status"], held.body["cancelled_by"]) == ("Cancelled", "Sophie")
        assert [n["text"] for n in office.body(key(1))["notes"]] == ["routeur posé"]  # type: ignore[union-attr,index,call-overload]  # JSON


async def test_work_goes_up_after_the_server_was_away(office: Office, tmp_path: Path) -> None:
    here = machine(tmp_path)
    async with signed_in(office, here) as live:
        await done(live)
        await live.runner.edit(lambda: live.account.acts.note(key(1), "x"))
    account = here.open()

    async with here.live(account) as live:
        await done(live)

    assert states(account) == [SendState.RECEIVED]
    account.close()


async def test_nobody_answering_is_said_in_words(office: Office, tmp_path: Path) -> None:
    """T-25."""
    here = machine(tmp_path)
    async with signed_in(office, here) as live:
        await done(live)
    account = here.open()
    account.info = account.info.model_copy(update={"server": "http://127.0.0.1:1"})

    async with here.live(account) as live:
        await live.runner.edit(lambda: account.acts.note(key(1), "x"))
        outcome = await live.runner.sync_now(WAIT_S)

    assert (outcome.is_done, outcome.code, outcome.unsent) == (False, "server-unreachable", 1)
    account.close()


@pytest.mark.parametrize(
    "talk",
    [
        answering("200 OK", b"<html>Bienvenue au motel</html>", Content_Type="text/html"),
        answering("302 Found", Location="http://motel.example/"),
        answering("200 OK", b"{}", Content_Type="application/json"),
    ],
)
async def test_captive_portal_is_never_green(office: Office, tmp_path: Path, talk: Any) -> None:
    """T-25: also when the portal answers JSON."""
    here = machine(tmp_path)
    async with signed_in(office, here) as live:
        await done(live)
    account = here.open()
    contact = account.replica.get("contact_ms")
    async with talking(talk) as portal:
        account.info = account.info.model_copy(update={"server": portal})
        async with here.live(account) as live:
            outcome = await live.runner.sync_now(WAIT_S)

    assert not outcome.is_done
    assert outcome.code in ("captive-portal", "internal")
    assert account.replica.get("contact_ms") == contact
    account.close()


async def test_wrong_password_is_a_problem_and_leaves_nothing(
    office: Office, tmp_path: Path
) -> None:
    here = machine(tmp_path)

    with pytest.raises(ProblemError) as caught:
        await here.sign_in(office.url, email=MARC, password="wrong wrong wrong")

    assert caught.value.problem.code == "sign-in-wrong"
    assert here.places.every() == []


async def test_one_time_code_signs_in_and_may_be_repeated_after_a_lost_answer(
    office: Office, tmp_path: Path
) -> None:
    here = machine(tmp_path)
    code, _ = office.server.accounts.make_code(MARC)
    first = await here.enrol(office.url, code=code)
    again = await here.enrol(office.url, code=code.lower())

    assert first.info.device == again.info.device
    first.close()
    again.close()


async def test_second_person_on_one_phone_has_files_of_their_own(
    office: Office, tmp_path: Path
) -> None:
    here = machine(tmp_path)
    async with signed_in(office, here) as live:
        await done(live)
        await live.runner.edit(lambda: live.account.acts.note(key(1), "de Marc"))
    async with signed_in(office, here, NADIA) as live:
        await done(live)
        assert live.account.replica.document(key(1)) is None
        assert live.account.replica.outbox.pending_count() == 0

    assert [folder.name[:4] for folder in here.places.every()] == ["marc", "nadi"]


async def test_two_programs_do_not_sync_one_account_at_a_time(
    office: Office, tmp_path: Path
) -> None:
    here = machine(tmp_path)
    async with signed_in(office, here):
        account = here.open()
        with pytest.raises(SyncElsewhereError):
            async with here.live(account):
                pass
        account.close()


async def test_window_beside_a_command_reads_and_edits_and_then_takes_over(
    office: Office, tmp_path: Path
) -> None:
    """The command that syncs sends what the window records; when it ends, the window syncs."""
    here = machine(tmp_path)
    async with AsyncExitStack() as command:
        first = await command.enter_async_context(signed_in(office, here))
        await done(first)
        account = here.open()
        async with here.live(account, with_cadence=True, waits=True) as window:
            assert window.runner.status.phase is Phase.ELSEWHERE
            assert await window.desk(lambda: account.replica.document(key(1))) is not None
            await window.runner.edit(lambda: account.acts.note(key(1), "à la fenêtre"))
            outcome = await window.runner.sync_now(WAIT_S)
            assert (outcome.is_done, outcome.code) == (False, "synced-elsewhere")

            await done(first)
            await until(window, lambda status: status.unsent == 0)
            assert states(account) == [SendState.RECEIVED]

            await command.aclose()
            await until(window, lambda status: status.phase is Phase.IDLE)
            await window.runner.edit(lambda: account.acts.note(key(1), "toute seule"))
            await done(window)

        account.close()
    assert [n["text"] for n in office.body(key(1))["notes"]] == ["à la fenêtre", "toute seule"]  # type: ignore[union-attr,index,call-overload]  # JSON


async def test_window_that_waits_shows_what_the_command_brings(
    office: Office, tmp_path: Path
) -> None:
    here = machine(tmp_path)
    async with signed_in(office, here) as command:
        account = here.open()
        async with here.live(account, waits=True) as window:
            news = asyncio.Event()
            window.runner.on_changed(lambda _: news.set())
            await asyncio.wait_for(news.wait(), WAIT_S)  # the first look
            news.clear()

            await done(command)
            await asyncio.wait_for(news.wait(), WAIT_S)

            assert account.replica.counts() == {"Dispatch Job": 3, "Service Location": 3}
            await until(window, lambda status: status.contact_ms is not None)
        account.close()


async def until(live: Live, holds: Callable[[Status], bool]) -> None:
    """Wait until the status says so."""
    told = asyncio.Event()
    forget = live.runner.on_status(lambda _: told.set())
    async with asyncio.timeout(WAIT_S):
        while not holds(live.runner.status):
            told.clear()
            await told.wait()
    forget()


async def test_office_is_told_what_is_on_a_device(office: Office, tmp_path: Path) -> None:
    """S-07: unsent items, room and version, as the device last told them."""
    async with signed_in(office, machine(tmp_path)) as live:
        await done(live)

    [heads] = [d["heads"] for d in office.server.accounts.devices() if d["heads"]]
    assert isinstance(heads, dict)
    assert {**heads, "free_mb": 0} == {"unsent": 0, "blobs": 0, "free_mb": 0, "app": version()}
    assert heads["free_mb"]


async def test_device_told_to_wipe_keeps_nothing(office: Office, tmp_path: Path) -> None:
    here = machine(tmp_path)
    async with signed_in(office, here) as live:
        await done(live)
        office.server.accounts.revoke(live.account.info.device, DeviceStatus.WIPED)

        outcome = await live.runner.sync_now(WAIT_S)

        assert (outcome.is_done, outcome.code) == (False, "device-wiped")
        assert live.runner.status.phase is Phase.WIPED
        assert not live.account.folder.path.exists()
        assert here.session(live.account.folder) is None


async def test_device_revoked_between_two_commands_keeps_nothing_once_somebody_signs_in(
    office: Office, tmp_path: Path
) -> None:
    here = machine(tmp_path)
    async with signed_in(office, here) as live:
        await done(live)
    folder, device = live.account.folder, live.account.info.device
    office.server.accounts.revoke(device, DeviceStatus.WIPED)

    with pytest.raises(ProblemError, match="device-wiped"):
        await here.sign_in(office.url, email=MARC, password=PASSWORD)

    assert not folder.database.exists()
    assert here.session(folder) is None
    async with signed_in(office, here) as live:
        assert live.account.info.device != device


async def test_device_told_to_drain_sends_its_work_and_then_keeps_nothing(
    office: Office, tmp_path: Path
) -> None:
    async with signed_in(office, machine(tmp_path)) as live:
        await done(live)
        await live.runner.edit(lambda: live.account.acts.note(key(1), "dernier mot"))
        office.server.accounts.revoke(live.account.info.device, DeviceStatus.DRAINING)

        await live.runner.sync_now(WAIT_S)
        outcome = await live.runner.sync_now(WAIT_S)

        assert outcome.code == "device-wiped"
        assert not live.account.folder.path.exists()
    reviews = [d for d in office.server.accounts.devices() if d["last_n"]]
    assert len(reviews) == 1


async def test_hint_brings_news_without_asking(office: Office, tmp_path: Path) -> None:
    here = machine(tmp_path)
    account = await here.sign_in(office.url, email=MARC, password=PASSWORD)
    async with here.live(account, with_cadence=True) as live:
        await done(live)
        heard = asyncio.Event()
        live.runner.on_changed(lambda keys: heard.set() if key(9) in keys else None)
        await asyncio.sleep(1.2)  # the hint channel comes up after its first pause

        office.job(9)
        await asyncio.wait_for(heard.wait(), WAIT_S)

        assert account.replica.document(key(9)) is not None
    account.close()


async def test_rescue_file_brings_the_work_home_once(office: Office, tmp_path: Path) -> None:
    """T-24: exported without a network, opened only by the server, taken in exactly once."""
    here = machine(tmp_path)
    async with signed_in(office, here) as live:
        await done(live)
        account = live.account
        account.acts.note(key(1), "batterie à 4 %")
        account.acts.photo(key(1), Photo(PICTURE, "image/jpeg"))
        session = here.session(account.folder)
        assert session is not None
        packed = pack(
            account.replica, account.blobs, refresh=session["refresh"], now=here.clock.stamp()
        )
        sealed = seal(packed.content, server_key=account.info.server_key, noise=here.ids.bytes)

        first = office.server.rescue.take_in(sealed)
        again = office.server.rescue.take_in(sealed)
        await done(live)  # the phone comes back to life and sends the same again

    assert (packed.operations, packed.blobs) == (2, 1)
    assert (first.taken, again.taken, again.known) == (2, 0, 2)
    body = office.body(key(1))
    assert (len(body["notes"]), len(body["photos"])) == (1, 1)  # type: ignore[arg-type]  # JSON
    assert PICTURE[:64] not in sealed
    assert len(b64decode(account.info.server_key)) == 32


async def test_session_is_not_in_the_replica_nor_in_the_account_file(
    office: Office, tmp_path: Path
) -> None:
    here = machine(tmp_path)
    async with signed_in(office, here) as live:
        await done(live)
        session = here.session(live.account.folder)
        assert session is not None
        dump = "".join(live.account.replica.db.conn.iterdump())
        described = live.account.folder.described.read_text(encoding="utf-8")

        for secret in (session["access"], session["refresh"]):
            assert secret not in dump
            assert secret not in described
        secrets = tmp_path / "phone" / "secrets.json"
        assert secrets.stat().st_mode & 0o077 == 0
        assert (
            session["refresh"]
            in json.loads(secrets.read_text())[f"session:{live.account.folder.name}"]
        )


async def test_window_reads_acts_and_syncs_through_its_port(office: Office, tmp_path: Path) -> None:
    entry = MachineEntry(machine(tmp_path, server=office.url))
    assert await entry.resume() is None

    account = await entry.sign_in(entry.server, MARC, PASSWORD)
    turns: list[int] = []
    forget = account.on_news(lambda: turns.append(1))
    assert await account.sync_now() is None
    await account.edit(lambda act: act.move(key(1), JobStatus.ON_SITE))
    await account.edit(lambda act: act.note(key(1), "par la fenêtre"))
    with pytest.raises(ProblemError):
        await account.edit(lambda act: act.note(key(1), " "))
    assert await account.sync_now() is None

    [first, *_] = await account.read(lambda ask: ask.day(today()))
    detail = await account.read(lambda ask: ask.job(key(1)))
    assert detail is not None
    assert (first.label, detail.row.status, account.standing.unsent) == ("DJ-00001", "On Site", 0)
    assert {row.state for row in await account.read(lambda ask: ask.outbox())} == {
        SendState.RECEIVED
    }
    assert turns
    assert await entry.resume() is account
    forget()
    await entry.close()
