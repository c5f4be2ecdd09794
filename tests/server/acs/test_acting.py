"""Acts: done, begun, waiting, given up; never a success that was not seen (T-14)."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from server_sync.store.schema import cpe_act
from tests.server.acs.recordings import XX230V
from tests.server.acs.ward import ONT, Ward
from tests.server.http.house import MARC, NADIA


@pytest.fixture(autouse=True)
def _no_pauses(ward: Ward) -> None:
    async def no_pause(_seconds: float) -> None:
        return

    object.__setattr__(ward.diagnostics.acting, "pause", no_pause)


def tree(ward: Ward) -> dict[str, Any]:
    found: dict[str, Any] = ward.bench.devices.documents(at="")[XX230V]["Device"]
    return found


async def test_device_is_read_again(ward: Ward) -> None:
    await ward.sign_in()

    told = (await ward.ask("refresh")).json()

    assert told["state"] == "done"
    assert told["result"]["read"] == told["result"]["asked"] > 40
    report = (await ward.report()).json()
    assert {b["age_s"] for b in report["blocks"] if b["block"] in ("optical", "wan")} == {0}


async def test_act_repeated_after_a_lost_answer_is_the_same_act(ward: Ward) -> None:
    await ward.sign_in()

    first, second = (await ward.ask("refresh")).json(), (await ward.ask("refresh")).json()

    assert first == second
    assert len(await ward.latest()) == 1


async def test_202_is_shown_as_waiting_and_resolved_when_the_device_reports(ward: Ward) -> None:
    """T-14."""
    await ward.sign_in()
    ward.leave()

    queued = (await ward.ask("refresh")).json()
    still = await ward.later(2)
    ward.come_back()
    after = await ward.later(5)

    assert (queued["state"], queued["result"]["why"]) == ("queued", "offline")
    assert queued["until"] > queued["asked_at"]
    assert "resolved_at" not in queued
    assert still[0]["state"] == "queued"
    assert (after[0]["state"], after[0]["resolved_at"] > queued["asked_at"]) == ("done", True)


async def test_nothing_of_a_waiting_act_is_left_with_the_acs(ward: Ward) -> None:
    await ward.sign_in()
    ward.leave()

    await ward.ask("reboot", is_confirmed=True)

    assert ward.bench.answer("GET", "/tasks/?query=%7B%7D", b"").body == []


async def test_reboot_that_waited_too_long_is_given_up_and_never_happens(ward: Ward) -> None:
    await ward.sign_in()
    ward.leave()
    await ward.ask("reboot", is_confirmed=True)

    given_up = await ward.later(11)
    ward.come_back()
    boot = ward.bench.devices.documents(at="")[XX230V]["_lastBoot"]
    await ward.later(3)

    assert (given_up[0]["state"], given_up[0]["reason"]) == ("expired", "cpe-away")
    assert ward.bench.devices.documents(at="")[XX230V]["_lastBoot"] == boot


async def test_reboot_is_done_when_the_device_has_started_again(ward: Ward) -> None:
    await ward.sign_in()

    begun = (await ward.ask("reboot", is_confirmed=True)).json()
    after = await ward.later(2)

    assert begun["state"] == "running"
    assert after[0]["state"] == "done"


async def test_reboot_after_which_nothing_is_heard_fails(ward: Ward) -> None:
    await ward.sign_in()
    await ward.ask("reboot", is_confirmed=True)
    ward.leave()
    ward.bench._restarts.clear()  # noqa: SLF001 - the device dies while it restarts

    assert (await ward.later(9))[0]["state"] == "running"
    assert (await ward.later(2))[0]["reason"] == "cpe-not-back"


@pytest.mark.parametrize(
    "asked",
    [
        {"act": "reboot"},
        {"act": "channel", "band": "2.4GHz", "channel": 11},
        {"act": "ssid", "was": "a", "ssid": "b"},
    ],
    ids=lambda asked: str(asked["act"]),
)
async def test_what_the_customer_notices_asks_for_confirmation(
    ward: Ward, asked: dict[str, Any]
) -> None:
    await ward.sign_in()

    refused = await ward.ask(**asked)

    assert (refused.status_code, refused.json()["code"]) == (422, "cpe-confirm")
    assert await ward.latest() == []


async def test_channel_is_changed_and_read_back(ward: Ward) -> None:
    await ward.sign_in()

    told = (await ward.ask("channel", is_confirmed=True, band="2.4GHz", channel=11)).json()

    assert (told["state"], told["details"]["channel"]) == ("done", 11)
    assert tree(ward)["WiFi"]["Radio"]["1"]["Channel"]["_value"] == 11


async def test_channel_can_be_left_to_the_device(ward: Ward) -> None:
    await ward.sign_in()
    tree(ward)["WiFi"]["Radio"]["1"]["AutoChannelEnable"] = {
        "_value": False,
        "_type": "xsd:boolean",
    }

    told = (await ward.ask("channel", is_confirmed=True, band="2.4GHz", channel=0)).json()

    assert told["state"] == "done"
    assert tree(ward)["WiFi"]["Radio"]["1"]["AutoChannelEnable"]["_value"] is True


async def test_network_is_renamed_wherever_it_has_that_name(ward: Ward) -> None:
    await ward.sign_in()
    was = tree(ward)["WiFi"]["SSID"]["1"]["SSID"]["_value"]

    told = (await ward.ask("ssid", is_confirmed=True, was=was, ssid="Chez Lucie é")).json()

    names = [one["SSID"]["_value"] for n, one in tree(ward)["WiFi"]["SSID"].items() if n.isdigit()]
    assert told["state"] == "done"
    assert was not in names
    assert "Chez Lucie é" in names


async def test_network_that_was_renamed_meanwhile_is_left_alone(ward: Ward) -> None:
    await ward.sign_in()

    told = (await ward.ask("ssid", is_confirmed=True, was="Autre", ssid="Neuf")).json()

    assert (told["state"], told["reason"]) == ("failed", "changed-since")


async def test_value_the_device_did_not_take_is_no_success(ward: Ward) -> None:
    """A 200 says that the session ended: the value is read back."""
    await ward.sign_in()
    ward.bench._write = lambda *_: None  # type: ignore[method-assign]  # noqa: SLF001 - it answers, and keeps what it had

    told = (await ward.ask("channel", is_confirmed=True, band="2.4GHz", channel=11)).json()

    assert (told["state"], told["reason"]) == ("failed", "cpe-not-stored")


async def test_device_pings_by_itself(ward: Ward) -> None:
    await ward.sign_in()

    told = (await ward.ask("ping", host="198.51.100.53")).json()

    assert told["state"] == "done"
    assert told["result"] == {
        "host": "198.51.100.53", "received": 4, "lost": 0, "average_ms": 7, "least_ms": 6,
        "most_ms": 9,
    }  # fmt: skip


async def test_device_that_refuses_is_said_with_its_code(ward: Ward) -> None:
    await ward.sign_in()
    ward.bench.faults[XX230V] = "9001"

    told = (await ward.ask("reboot", is_confirmed=True)).json()

    assert (told["state"], told["reason"], told["result"]) == (
        "failed", "cpe-refused", {"code": "9001"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"act": "channel", "band": "2.4GHz", "channel": 13}, "cpe-channel"),
        ({"act": "channel", "band": "5GHz", "channel": 37}, "cpe-channel"),
        ({"act": "channel", "channel": 6}, "cpe-channel"),
        ({"act": "ssid", "was": "a", "ssid": "é" * 17}, "cpe-ssid"),
        ({"act": "ssid", "was": "a", "ssid": "a\tb"}, "cpe-ssid"),
        ({"act": "ssid", "was": "a", "ssid": "  "}, "cpe-ssid"),
        ({"act": "ping", "host": "-f"}, "cpe-host"),
        ({"act": "ping"}, "cpe-host"),
    ],
)
async def test_what_makes_no_sense_is_refused_and_not_noted(
    ward: Ward, asked: dict[str, Any], code: str
) -> None:
    await ward.sign_in()

    refused = await ward.ask(**asked, is_confirmed=True)

    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert await ward.latest() == []


async def test_band_the_device_lacks_is_not_changed(ward: Ward) -> None:
    await ward.sign_in()

    told = (await ward.ask("channel", is_confirmed=True, band="6GHz", channel=5)).json()

    assert (told["state"], told["reason"]) == ("failed", "cpe-unsupported")


async def test_second_act_waits_its_turn(ward: Ward) -> None:
    await ward.sign_in()
    ward.leave()
    await ward.ask("refresh")

    busy = await ward.ask("refresh", "act-00000002")

    assert (busy.status_code, busy.json()["code"]) == (409, "cpe-busy")


async def test_waiting_act_can_be_taken_back_a_done_one_cannot(ward: Ward) -> None:
    await ward.sign_in()
    ward.leave()
    await ward.ask("refresh")
    path = f"/v1/equipment/{ONT}/acts"

    taken = await ward.house.client.delete(f"{path}/act-00000001", headers=ward.marc.headers)
    again = await ward.house.client.delete(f"{path}/act-00000001", headers=ward.marc.headers)
    unknown = await ward.house.client.delete(f"{path}/act-0", headers=ward.marc.headers)

    assert taken.json()["state"] == again.json()["state"] == "cancelled"
    assert unknown.status_code == 404


async def test_act_is_noted_with_who_asked_for_it(ward: Ward) -> None:
    await ward.sign_in()

    await ward.ask("refresh")

    with ward.house.server.store.read() as connection:
        (row,) = connection.execute(select(cpe_act))
    assert (row.account, row.device, row.actor, row.act, row.equipment) == (
        MARC.email, ward.marc.id, "DT-00001", "refresh", ONT,
    )  # fmt: skip


async def test_foreign_technician_may_neither_ask_nor_see_nor_take_back(ward: Ward) -> None:
    await ward.sign_in()
    ward.leave()
    await ward.ask("refresh")
    ward.marc = await ward.house.sign_in(NADIA)
    path = f"/v1/equipment/{ONT}/acts"

    answers = [
        await ward.ask("refresh", "act-00000003"),
        await ward.marc.get(path),
        await ward.house.client.delete(f"{path}/act-00000001", headers=ward.marc.headers),
    ]

    assert [one.status_code for one in answers] == [404, 404, 404]


async def test_act_cut_off_by_a_restart_is_said_to_be_lost(ward: Ward) -> None:
    await ward.sign_in()
    hangs = asyncio.Event()

    async def for_ever(*_: object) -> None:
        await hangs.wait()

    object.__setattr__(ward.diagnostics.reach.acs, "perform", for_ever)
    object.__setattr__(ward.diagnostics.acting, "answer_within_s", 0.05)

    running = (await ward.ask("refresh")).json()
    ward.diagnostics.acting.stop()
    after = await ward.later(6)

    assert running["state"] == "running"
    assert (after[0]["state"], after[0]["reason"]) == ("failed", "cpe-unknown-outcome")


async def test_device_met_for_the_first_time_is_read_whole(ward: Ward) -> None:
    documents = ward.bench.devices.documents(at="")
    document = documents[XX230V]
    document.pop("Device")
    ward.house.put(ONT, "Service Equipment", serial_no="2230A1000001",
                   service_location="LOC-00001")  # fmt: skip
    await ward.sign_in()

    told = (await ward.ask("refresh")).json()

    assert (told["state"], told["reason"]) == ("failed", "cpe-not-stored")
