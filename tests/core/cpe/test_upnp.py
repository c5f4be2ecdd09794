"""A gateway's own word, as recorded, and as it may be broken."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_core.cpe import upnp
from field_core.cpe.upnp import IgdSnapshot, Service
from tests.core.cpe.samples import read

RECORDED: dict[str, Any] = read("upnp", "igd_responses")
BODIES = {name: action["body"] for name, action in RECORDED["actions"].items()}


def answer(**values: str) -> str:
    inner = "".join(f"<New{name}>{value}</New{name}>" for name, value in values.items())
    return f"<s:Envelope><s:Body><u:XResponse>{inner}</u:XResponse></s:Body></s:Envelope>"


def test_recorded_answers_are_read() -> None:
    assert upnp.normalise_igd(BODIES) == IgdSnapshot(
        status="connected",
        uptime_s=3994,
        external_ip="203.0.113.77",
        link="up",
        access_type="Cable",
        up_bps=50_000_000,
        down_bps=500_000_000,
        sent_bytes=1264,
        received_bytes=0,
    )


def test_recorded_discovery_names_the_description() -> None:
    headers = upnp.read_ssdp(RECORDED["ssdp_response"])

    assert headers["location"] == RECORDED["description_url"]
    assert upnp.read_ssdp("NOTIFY * HTTP/1.1\r\nLOCATION: x") == {}
    assert upnp.read_ssdp(b"") == {}


def test_recorded_description_names_every_service_that_was_asked() -> None:
    services = upnp.read_services(RECORDED["description_xml"])
    asked = {Service(a["service"], a["control_url"]) for a in RECORDED["actions"].values()}

    assert asked <= set(services)
    assert upnp.read_services("<service><serviceType>x</serviceType></service>") == []


@pytest.mark.parametrize(
    ("address", "is_cgnat", "is_private"),
    [("100.64.0.9", True, False), ("192.168.1.2", False, True), ("203.0.113.9", False, False)],
)
def test_external_address_that_is_none_is_told(
    address: str,
    is_cgnat: bool,  # noqa: FBT001 - a value expected
    is_private: bool,  # noqa: FBT001 - same
) -> None:
    found = upnp.normalise_igd({"a": answer(ExternalIPAddress=address)})

    assert (found.is_cgnat, found.is_private) == (is_cgnat, is_private)


def test_fault_has_a_code_and_no_values() -> None:
    fault = "<s:Fault><detail><UPnPError><errorCode>401</errorCode></UPnPError></detail></s:Fault>"

    assert upnp.fault_of(fault) == 401
    assert upnp.fault_of(answer(Uptime="5")) is None
    assert upnp.read_answer(fault + answer(Uptime="5")) == {}


def test_values_unbelievable_are_none() -> None:
    body = answer(
        ConnectionStatus="Purple",
        LastConnectionError="ERROR_NO_CARRIER",
        Uptime="4294967295",
        TotalBytesSent="4294967296",
        TotalBytesReceived="many",
        Layer1UpstreamMaxBitRate="0",
        PhysicalLinkStatus="Down",
    )

    assert upnp.normalise_igd({"a": body.encode()}) == IgdSnapshot(
        last_error="ERROR_NO_CARRIER", link="down"
    )


def test_entities_do_not_unfold() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "&b;&b;">]>' + answer(WANAccessType="&a; &amp; DSL")

    assert upnp.read_answer(bomb) == {"WANAccessType": "&a; & DSL"}


@pytest.mark.parametrize(("before", "after", "passed"), [(5, 9, 4), (2**32 - 1, 4, 5), (7, 7, 0)])
def test_counter_may_wrap_once(before: int, after: int, passed: int) -> None:
    assert upnp.counted_between(before, after) == passed


@given(st.text() | st.binary() | st.none() | st.integers())
def test_every_reader_takes_every_answer(body: object) -> None:
    upnp.read_ssdp(body)
    upnp.read_services(body)
    upnp.fault_of(body)

    assert upnp.normalise_igd(body) == IgdSnapshot()
    assert upnp.normalise_igd({"a": body}).model_dump_json()
