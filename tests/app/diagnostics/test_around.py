"""What lies around this device: gateway, link, names, latency, path, each by what is there."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import dns.rcode
import pytest

from field_app.diagnostics import echo, gateway, link, pinging, resolving, tracing
from field_core.cpe.model import Grade
from field_core.diagnosis import Target
from tests.app.diagnostics import said
from tests.app.diagnostics.house import (
    HERE,
    TestHost,
    Told,
    free_port,
    kit,
    program,
    real_host,
    reasons,
    resolver,
    udp_server,
    values,
    visit,
)

# --- gateway


def test_gateway_is_found_and_left_for_the_other_probes() -> None:
    host = TestHost(files={"/proc/net/route": said.PROC_ROUTE, "/proc/net/arp": said.PROC_ARP})
    seen = visit(kit(host=host, gateway=None))

    found = values(gateway.probe(seen))

    assert found == {"gateway-address.gateway": "192.168.0.254"}
    assert (seen.gateway, seen.interface) == ("192.168.0.254", "enp3s0")


@pytest.mark.parametrize(
    ("system", "program_name", "text", "address"),
    [
        ("linux", "ip", said.IP_ROUTE, "192.168.0.254"),
        ("macos", "route", said.MACOS_ROUTE, "192.168.1.1"),
        ("windows", "route", said.WINDOWS_ROUTE_FR, "192.168.0.254"),
    ],
)
def test_gateway_is_asked_of_the_system_in_its_own_way(
    system: str, program_name: str, text: str, address: str
) -> None:
    host = TestHost(system, programs={program_name: text, "arp": said.MACOS_ARP})

    found = values(gateway.probe(visit(kit(host=host, gateway=None))))

    assert found["gateway-address.gateway"] == address


def test_gateway_that_a_person_named_is_taken() -> None:
    (address, _) = gateway.probe(visit(kit(gateway="192.0.2.9")))

    assert (address.value, address.method) == ("192.0.2.9", "named")


def test_device_without_any_network_says_so() -> None:
    alone = TestHost(address=None)

    assert reasons(gateway.probe(visit(kit(host=alone, gateway=None)))) == {
        "gateway-address.gateway": "not-connected"
    }


def test_network_without_a_way_out_has_no_gateway() -> None:
    assert reasons(gateway.probe(visit(kit(gateway=None)))) == {
        "gateway-address.gateway": "no-gateway"
    }


@pytest.mark.parametrize(("answers_at", "found"), [("10.0.0.254", "10.0.0.254"), (None, None)])
def test_phone_guesses_the_usual_places_and_calls_it_a_guess(
    answers_at: str | None, found: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        gateway, "answers_tcp", lambda host, *_, **__: 2.0 if host == answers_at else None
    )

    results = gateway.probe(visit(kit(host=TestHost("ios"), gateway=None)))

    assert (results[0].value, results[0].method) == (found, "guess" if found else "")


# --- link


def linked(host: TestHost, interface: str | None = "wlan0") -> dict[str, object]:
    seen = visit(kit(host=host))
    seen.interface = interface
    results = link.probe(seen)
    return {**values(results), **reasons(results), "is_wifi": seen.is_wifi}


def test_wire_tells_its_rate() -> None:
    files = {"/sys/class/net/eth0/type": "1\n", "/sys/class/net/eth0/speed": "1000\n"}

    assert linked(TestHost(files=files), "eth0") == {
        "link-kind.device": "wire", "link-rate.device": 1000, "is_wifi": False,
    }  # fmt: skip


def test_virtual_wire_has_no_rate() -> None:
    files = {"/sys/class/net/veth0/type": "1\n", "/sys/class/net/veth0/speed": "-1\n"}

    assert linked(TestHost(files=files), "veth0")["link-rate.device"] == "not-told"


def test_wifi_tells_band_signal_and_rate() -> None:
    host = TestHost(files={"/proc/net/wireless": said.PROC_WIRELESS}, programs={"iw": said.IW_LINK})

    assert linked(host) == {
        "link-kind.device": "wifi",
        "wifi-network.device": "Chez Nous",
        "wifi-band.device": "5",
        "wifi-signal.device": -63,
        "link-rate.device": 702.0,
        "is_wifi": True,
    }


def test_wifi_without_iw_takes_the_level_from_the_kernel_and_the_rest_from_nmcli() -> None:
    host = TestHost(
        files={"/proc/net/wireless": said.PROC_WIRELESS}, programs={"nmcli": said.NMCLI}
    )

    found = linked(host)

    assert (found["wifi-signal.device"], found["wifi-network.device"]) == (-63, "Chez:Nous")


def test_weak_wifi_is_graded() -> None:
    programs = {"iw": said.IW_LINK.replace("-63", "-79")}
    seen = visit(
        kit(host=TestHost(files={"/sys/class/net/w/phy80211/name": ""}, programs=programs))
    )
    seen.interface = "w"

    grades = {r.quantity: r.grade for r in link.probe(seen)}

    assert grades["wifi-signal"] is Grade.BAD


def test_interface_of_another_kind_is_neither_wire_nor_wifi() -> None:
    found = linked(TestHost(files={"/sys/class/net/tun0/type": "65534\n"}), "tun0")

    assert found == {"link-kind.device": "link-unknown", "is_wifi": None}


@pytest.mark.parametrize("system", ["android", "ios"])
def test_phone_does_not_tell_a_python_program_of_its_link(system: str) -> None:
    assert linked(TestHost(system))["link-kind.device"] == "platform"


def test_macos_tells_its_wifi() -> None:
    programs = {
        "networksetup": said.HARDWARE_PORTS,
        "system_profiler": said.SYSTEM_PROFILER,
    }

    assert linked(TestHost("macos", programs=programs), "en0")["wifi-signal.device"] == -53


@pytest.mark.parametrize(
    ("adapter", "netsh", "found"),
    [
        ("14 1000000000", "", {"link-kind.device": "wire", "link-rate.device": 1000.0}),
        ("9 573000000", said.NETSH_FR, {"wifi-signal.device": -59}),
        ("", said.NETSH_FR, {"wifi-signal.device": -59}),
        ("8 50000000", said.NETSH_FR, {"link-kind.device": "link-unknown"}),
        ("", said.NETSH_OFF, {"link-kind.device": "link-unknown"}),
    ],
)
def test_windows_tells_which_adapter_leads_out(
    adapter: str, netsh: str, found: dict[str, object]
) -> None:
    """A laptop on a cable beside a joined Wi-Fi is on the cable; a mobile line is neither."""
    told = linked(TestHost("windows", programs={"powershell": adapter, "netsh": netsh}), None)

    assert told | found == told


def test_macos_port_that_is_not_wifi_is_a_wire() -> None:
    host = TestHost("macos", programs={"networksetup": said.HARDWARE_PORTS})

    assert linked(host, "en5")["link-kind.device"] == "wire"
    assert linked(host, "utun3")["link-kind.device"] == "link-unknown"


# --- names


def test_resolvers_are_timed_and_their_answers_kept() -> None:
    with udp_server(resolver(("192.0.2.8", "192.0.2.7"))) as port:
        told = Told()
        ours = {"server": "https://sync.example", "name_asked": "sync.example"}
        using = kit(dns_port=port, isp_resolver=HERE, **ours)
        results = resolving.probe(visit(using, told=told))

    found = values(results)
    assert found["dns-answer.public"] == "192.0.2.7, 192.0.2.8"
    assert isinstance(found["dns-time.isp"], float)
    assert isinstance(found["dns-time.device"], float)
    assert [share for _, share, _ in told.steps] == [pytest.approx(n / 3) for n in (1, 2, 3)]


def test_answers_for_a_name_that_is_not_ours_are_not_compared() -> None:
    with udp_server(resolver()) as port:
        results = resolving.probe(visit(kit(dns_port=port, server="https://sync.example")))

    assert {r.quantity for r in results} == {"dns-time"}


def test_device_that_finds_no_name_says_so() -> None:
    with udp_server(resolver()) as port:
        lost = TestHost(does_resolve=False)
        results = resolving.probe(visit(kit(dns_port=port, host=lost)))

    assert reasons(results) == {"dns-time.device": "no-answer"}


@pytest.mark.parametrize("rcode", [dns.rcode.REFUSED, dns.rcode.SERVFAIL])
def test_resolver_that_will_not_or_cannot_has_not_answered(rcode: dns.rcode.Rcode) -> None:
    with udp_server(resolver((), rcode)) as port:
        results = resolving.probe(visit(kit(dns_port=port)))

    assert set(reasons(results).values()) == {"refused"}


def test_resolver_without_such_a_name_has_answered() -> None:
    with udp_server(resolver((), dns.rcode.NXDOMAIN)) as port:
        results = resolving.probe(visit(kit(dns_port=port)))

    assert set(values(results)) == {"dns-time.device", "dns-time.gateway", "dns-time.public"}


def test_resolver_that_answers_garbage_or_nothing_is_silent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(resolving, "TIMEOUT_S", 0.2)
    with udp_server(lambda data, _: [b"\x00" * len(data)]) as port:
        results = resolving.probe(visit(kit(dns_port=port, gateway=None)))

    assert reasons(results) == {"dns-time.gateway": "no-gateway", "dns-time.public": "no-answer"}


# --- latency


@pytest.fixture
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pinging, "SENT", 5)
    monkeypatch.setattr(pinging, "INTERVAL_S", 0.2)
    monkeypatch.setattr(pinging, "TIMEOUT_S", 0.3)


@contextmanager
def listening() -> Iterator[int]:
    with socket.create_server((HERE, 0)) as server:
        yield int(server.getsockname()[1])


@pytest.mark.usefixtures("_few")
@pytest.mark.skipif(program("ping") is None, reason="ping is not installed here")
def test_latency_by_what_this_system_has() -> None:
    results = pinging.probe(visit(kit(host=real_host())))

    near = next(r for r in results if (r.quantity, r.target) == ("latency", Target.GATEWAY))
    assert near.method in ("icmp", "ping-program")
    assert isinstance(near.value, float)
    assert 0 < near.value < 50
    assert len(near.series) == 5
    assert values(results)["loss.gateway"] == 0


@pytest.mark.usefixtures("_few")
def test_without_ping_the_time_to_connect_is_taken_and_called_that() -> None:
    with listening() as port:
        using = kit(host=TestHost(), server=f"http://{HERE}:{port}", gateway=None)
        results = pinging.probe(visit(using))

    mine = {r.quantity: r for r in results if r.target is Target.SERVER}
    assert {r.method for r in mine.values()} == {"tcp-connect"}
    assert mine["loss"].details == {"sent": 5}
    assert mine["jitter"].value is not None


@pytest.mark.usefixtures("_few")
def test_refusal_of_tcp_times_as_well_as_a_welcome() -> None:
    port = free_port(socket.SOCK_STREAM)
    results = pinging.probe(visit(kit(server=f"http://{HERE}:{port}", gateway=None)))

    assert values(results)["loss.server"] == 0


def _refused(_address: str) -> socket.socket:
    raise PermissionError


@pytest.mark.usefixtures("_few")
def test_silence_is_no_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pinging, "answers_tcp", lambda *_, **__: None)
    monkeypatch.setattr(echo, "opened", _refused)

    results = pinging.probe(visit(kit(server="http://server.invalid")))

    assert set(reasons(results).values()) == {"no-answer"}
    assert "loss.gateway" not in values(results)


@pytest.mark.usefixtures("_few")
def test_windows_is_asked_few_since_it_sends_one_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(echo, "opened", _refused)
    host = TestHost("windows", programs={"ping": said.PING_WINDOWS_FR})

    results = pinging.probe(visit(kit(host=host)))

    assert values(results)["loss.gateway"] == 3
    assert host.asked[0][:3] == ("ping", "-n", "5")


def test_echo_is_timed_and_matched_by_its_number() -> None:
    """A pair of sockets stands in for the kernel, which needs a group for the real kind."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with ours, theirs:
        theirs.send(b"\x00" + echo.packet(6)[1:])  # late: an answer to an earlier request
        theirs.send(echo.packet(7))  # a request, not a reply
        theirs.send(b"\x00" + echo.packet(7)[1:])

        took = echo.ask(ours, 7, timeout_s=1.0, clock=time.perf_counter)

    assert took is not None
    assert 0 < took < 1_000


def test_echo_without_an_answer_waits_no_longer_than_told() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with ours, theirs:
        begun = time.perf_counter()

        assert echo.ask(ours, 1, timeout_s=0.1, clock=time.perf_counter) is None
        assert time.perf_counter() - begun < 1
        theirs.close()
        assert echo.ask(ours, 2, timeout_s=0.1, clock=time.perf_counter) is None


# --- path


def test_path_on_this_machine_is_one_hop() -> None:
    seen = visit(kit())

    found = values(tracing.probe(seen))

    assert found == {"hops.public": 1, "hop-last.public": HERE}
    assert seen.raw["trace"][0][:2] == [1, HERE]  # type: ignore[index]  # rows of hops


@pytest.mark.parametrize(
    ("system", "program_name", "text", "found"),
    [
        ("macos", "traceroute", said.TRACEROUTE, {"hop-last.public": "203.0.113.1"}),
        ("windows", "tracert", said.TRACERT_FR, {"hops.public": 3, "hop-last.public": "9.9.9.9"}),
        ("windows", "tracert", "", {}),
    ],
)
def test_path_by_the_program_of_the_system(
    system: str, program_name: str, text: str, found: dict[str, object]
) -> None:
    host = TestHost(system, programs={program_name: text})

    assert values(tracing.probe(visit(kit(host=host, public_resolver="9.9.9.9")))) == found


def test_path_that_ends_before_its_target_has_no_count() -> None:
    host = TestHost("macos", programs={"traceroute": said.TRACEROUTE})

    assert reasons(tracing.probe(visit(kit(host=host, public_resolver="9.9.9.9")))) == {
        "hops.public": "no-answer"
    }


def test_phone_of_apple_traces_no_path() -> None:
    assert reasons(tracing.probe(visit(kit(host=TestHost("ios"))))) == {"hops.public": "platform"}
