"""What systems write is read in whatever language they write it, and garbage is none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from field_app.diagnostics import routes, wireless
from field_app.diagnostics.echo import checksum, packet, sequence_of
from field_app.diagnostics.pinging import read_ping, server_place
from field_app.diagnostics.routes import Route
from field_app.diagnostics.snmp_client import comes_after
from field_app.diagnostics.ssdp import is_from
from field_app.diagnostics.tracing import Hop, read_trace
from field_app.diagnostics.wireless import Adapter, Wireless
from tests.app.diagnostics import said


def test_gateway_of_the_least_metric_counts() -> None:
    assert routes.of_proc(said.PROC_ROUTE) == Route("192.168.0.254", "enp3s0")
    assert routes.of_ip(said.IP_ROUTE) == Route("192.168.0.254", "eth0")
    assert routes.of_windows(said.WINDOWS_ROUTE_FR) == Route("192.168.0.254", "192.168.0.20")


def test_gateway_on_macos() -> None:
    assert routes.of_macos(said.MACOS_ROUTE) == Route("192.168.1.1", "en0")


@pytest.mark.parametrize(
    "text",
    ["", "Iface\n", "x\ny 00000000 zz 0003 0 0 0\n", "h\neth0 00000000 0101A8C0 zz 0 0 q\n"],
)
def test_table_without_a_gateway_has_none(text: str) -> None:
    reads = (routes.of_proc, routes.of_ip, routes.of_macos, routes.of_windows)

    assert [read(text) for read in reads] == [None, None, None, None]


@pytest.mark.parametrize(
    ("text", "mac"),
    [
        (said.PROC_ARP, "1C:61:B4:10:20:30"),
        (said.MACOS_ARP, "1C:61:B4:01:02:03"),
        (said.WINDOWS_ARP, "1C:61:B4:10:20:30"),
        ("192.168.1.1  0x1  0x0  00:00:00:00:00:00  *  wlan0", None),
        ("192.168.1.10 dev eth0 lladdr 1c:61:b4:10:20:30", None),
        ("192.168.1.1 dev eth0 FAILED", None),
    ],
)
def test_mac_of_the_gateway_is_found_in_a_neighbour_table(text: str, mac: str | None) -> None:
    assert routes.mac_of(text, "192.168.1.1") == mac


def test_wifi_link_as_each_system_tells_it() -> None:
    assert wireless.of_iw(said.IW_LINK) == Wireless("Chez Nous", "5", -63, 702.0)
    assert wireless.of_proc(said.PROC_WIRELESS, "wlan0") == Wireless(signal_dbm=-63)
    assert wireless.of_nmcli(said.NMCLI) == Wireless("Chez:Nous", "6", None, 1200.0)
    assert wireless.of_netsh(said.NETSH_FR) == Wireless("Chez Nous", "2.4", -59, 573.5)
    assert wireless.of_macos(said.SYSTEM_PROFILER) == Wireless(None, "5", -53, 866.0)


def test_level_itself_counts_more_than_a_quality_in_per_cent() -> None:
    assert wireless.of_netsh(said.NETSH_EN_NEW) == Wireless("HomeNet", "5", -70, 344.0)


def test_level_written_as_a_byte_is_below_zero() -> None:
    assert wireless.of_proc(said.PROC_WIRELESS, "wlan1") == Wireless(signal_dbm=-63)


@pytest.mark.parametrize("text", ["", "Not connected.", said.NETSH_OFF, "yes:too:few"])
def test_interface_that_is_not_joined_has_no_link(text: str) -> None:
    assert wireless.of_iw(text) is None
    assert wireless.of_proc(text, "wlan0") is None
    assert wireless.of_nmcli(text) is None
    assert wireless.of_netsh(text) is None
    assert wireless.of_macos(text) is None


def test_wifi_port_of_macos_is_told_from_its_cable() -> None:
    found = [wireless.is_macos_wifi(said.HARDWARE_PORTS, name) for name in ("en0", "en5", "en9")]

    assert found == [True, False, False]


@pytest.mark.parametrize(
    ("text", "adapter"),
    [
        ("14 1000000000\r\n", Adapter("wire", 1000.0)),
        ("9 573500000", Adapter("wifi", 573.5)),
        ("0 0", Adapter("other", None)),
        ("Get-NetRoute : not recognized", None),
    ],
)
def test_adapter_of_windows_is_known_by_its_medium(text: str, adapter: Adapter | None) -> None:
    assert wireless.of_adapter(text) == adapter


@pytest.mark.parametrize(
    ("mhz", "band"), [(2412, "2.4"), (5180, "5"), (5955, "6"), (900, None), (None, None)]
)
def test_band_follows_from_the_frequency(mhz: float | None, band: str | None) -> None:
    assert wireless.band_of_mhz(mhz) == band


@pytest.mark.parametrize(
    ("text", "times"),
    [
        (said.PING_LINUX, [1.54, None, 0.8, None]),
        (said.PING_MACOS, [2.104, 1.98, None, None]),
        (said.PING_WINDOWS_FR, [2.0, 1.0, None, None]),
        ("", [None] * 4),
        ("64 bytes: icmp_seq=9 ttl=64 time=1.0 ms", [None] * 4),
    ],
)
def test_ping_program_is_read_in_any_language(text: str, times: list[float | None]) -> None:
    assert read_ping(text, sent=4) == times


def test_traceroute_programs_are_read() -> None:
    assert read_trace(said.TRACEROUTE) == [
        Hop(1, "192.168.1.1", 1.21), Hop(2, None, None), Hop(3, "203.0.113.1", 8.9),
    ]  # fmt: skip
    assert read_trace(said.TRACERT_FR) == [
        Hop(1, "192.168.1.1", 1.0), Hop(2, None, None), Hop(3, "9.9.9.9", 9.0),
    ]  # fmt: skip


def test_echo_request_carries_a_checksum_that_comes_out_even() -> None:
    assert checksum(packet(7)) == 0
    assert packet(7)[:1] == b"\x08"


def test_echo_reply_is_known_with_and_without_its_ip_header() -> None:
    reply = b"\x00" + packet(513)[1:]

    assert sequence_of(reply) == 513
    assert sequence_of(b"\x45" + bytes(19) + reply) == 513
    assert sequence_of(packet(513)) is None
    assert sequence_of(b"\x00\x00") is None


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://sync.example", ("sync.example", (443,))),
        ("http://10.0.0.5:8040/x", ("10.0.0.5", (8040,))),
        ("http://10.0.0.5", ("10.0.0.5", (80,))),
        (None, None),
        ("nonsense", None),
    ],
)
def test_server_to_ask_follows_from_its_url(url: str | None, place: object) -> None:
    assert server_place(url) == place


@pytest.mark.parametrize(
    ("url", "is_taken"),
    [
        ("http://192.168.1.1:5000/rootDesc.xml", True),
        ("http://192.168.1.2:5000/rootDesc.xml", False),
        ("https://192.168.1.1/rootDesc.xml", False),
        ("http://192.168.1.1:0/", False),
        ("http://192.168.1.1:99999/", False),
        ("", False),
        (f"http://192.168.1.1/{'x' * 400}", False),
    ],
)
def test_upnp_answer_may_only_point_at_who_gave_it(url: str, is_taken: bool) -> None:  # noqa: FBT001 - a case
    assert is_from(url, "192.168.1.1") is is_taken


def test_upnp_answer_from_outside_the_house_is_not_followed() -> None:
    assert is_from("http://203.0.113.9/d.xml", "203.0.113.9") is False
    assert is_from("http://[::1]/d.xml", "::1") is False


def test_oid_that_does_not_increase_is_found_by_number_and_not_by_text() -> None:
    assert comes_after("1.3.6.10", "1.3.6.9")
    assert not comes_after("1.3.6.9", "1.3.6.9")
    assert not comes_after("1.3.6.9", "1.3.6.10")
    assert not comes_after("x", "1.3.6")


@settings(max_examples=50)
@given(st.text(max_size=400))
def test_no_text_whatever_breaks_a_reader(text: str) -> None:
    for read in (routes.of_proc, routes.of_ip, routes.of_macos, routes.of_windows):
        read(text)
    for reader in (wireless.of_iw, wireless.of_nmcli, wireless.of_netsh, wireless.of_macos):
        reader(text)
    wireless.of_proc(text, "wlan0")
    routes.mac_of(text, "192.168.1.1")
    read_ping(text, sent=3)
    read_trace(text)
    is_from(text, "192.168.1.1")
    server_place(text)
