"""Connections towards the provider, in both data models."""

import pytest

from field_core.canon import Json
from field_core.cpe import addresses, wan_parts
from field_core.cpe.model import Wan
from tests.core.cpe.samples import igd, tr181

PPP = "WANDevice.1.WANConnectionDevice.1.WANPPPConnection.1"
DHCP = "WANDevice.1.WANConnectionDevice.2.WANIPConnection.1"


def under(at: str, **leaves: Json) -> dict[str, Json]:
    return {f"{at}.{name.replace('__', '.')}": value for name, value in leaves.items()}


def test_tr098_connection_is_read_whole() -> None:
    found = igd(
        under(
            PPP,
            ConnectionStatus="Connected",
            ExternalIPAddress="100.64.3.9",
            DefaultGateway=addresses.NO_IPV4[0],
            RemoteIPAddress="203.0.113.1",
            DNSServers="198.51.100.53,0.0.0.0",
            CurrentMRUSize=1492,
            LastConnectionError="ERROR_NONE",
            Uptime=60,
            Name="1_TR069_INTERNET_R_VID_40",
        )
    )

    assert found.wan == [
        Wan(
            type="pppoe",
            status="connected",
            ipv4="100.64.3.9",
            gateway=None,
            dns=["198.51.100.53"],
            vlan=40,
            mtu=1492,
            services=["tr069", "internet"],
            primary=True,
            uptime_s=60,
        )
    ]
    assert ("cgnat", "wan.0.ipv4") in [(w.code, w.field) for w in found.warnings]
    assert found.provenance["wan.0.vlan"].quality == "assumed"


def test_primary_is_the_first_with_internet_else_the_first() -> None:
    services = {f"{PPP}.X_HW_SERVICELIST": "TR069", f"{DHCP}.X_HW_SERVICELIST": "INTERNET"}
    with_internet = igd(services)
    without = igd({f"{PPP}.X_HW_SERVICELIST": "TR069", f"{DHCP}.X_HW_SERVICELIST": "OTHER"})

    assert [wan.primary for wan in with_internet.wan] == [False, True]
    assert [wan.primary for wan in without.wan] == [True, False]


@pytest.mark.parametrize(
    ("leaves", "kind"),
    [
        ({"AddressingType": "DHCP"}, "dhcp"),
        ({"AddressingType": "Static"}, "static"),
        ({"AddressingType": "x"}, "unknown"),
        ({"ConnectionType": "IP_Bridged"}, "bridge"),
    ],
)
def test_tr098_kind(leaves: dict[str, Json], kind: str) -> None:
    assert igd(under(DHCP, **leaves)).wan[0].type == kind


@pytest.mark.parametrize(
    "leaf",
    [
        f"{PPP}.X_HW_VLAN",
        f"{PPP}.X_ZTE-COM_VLANID",
        f"{PPP}.X_CMCC_VLANIDMark",
        f"{PPP}.VLANID",
        "WANDevice.1.WANConnectionDevice.1.X_CT-COM_WANGponLinkConfig.VLANIDMark",
        "WANDevice.1.WANConnectionDevice.1.X_CATV_WANGponLinkConfig.VLANIDMark",
    ],
)
def test_vlan_is_found_where_the_family_keeps_it(leaf: str) -> None:
    assert igd({f"{PPP}.Enable": True, leaf: 40}).wan[0].vlan == 40


@pytest.mark.parametrize(("written", "vlan"), [(0, None), (4095, None), ("40", 40), ("x", None)])
def test_vlan_is_one_that_a_frame_carries(written: Json, vlan: int | None) -> None:
    assert igd({f"{PPP}.X_HW_VLAN": written}).wan[0].vlan == vlan


def test_mobile_modem_counts_only_while_connected() -> None:
    access: dict[str, Json] = {"WANDevice.1.WANCommonInterfaceConfig.WANAccessType": "3GDongle"}

    assert igd(access | {f"{DHCP}.ConnectionStatus": "Disconnected"}).wan == []
    assert len(igd(access | {f"{DHCP}.ConnectionStatus": "Connected"}).wan) == 1


def test_names_that_only_contain_lte_are_no_mobile_modem() -> None:
    names = ("FILTER", "LTE", "PPP3G", "DHCP4G", "usb_ppp", "X_ZTE-COM_GPON", None)
    assert [wan_parts.is_dongle(name) for name in names] == [
        False, True, True, True, True, False, False,
    ]  # fmt: skip


PPPOE: dict[str, Json] = {
    "IP.Interface.6.LowerLayers": "Device.PPP.Interface.3.",
    "IP.Interface.6.X_TP_ServiceType": "Internet",
    "PPP.Interface.3.LowerLayers": "Device.Ethernet.VLANTermination.3.",
    "PPP.Interface.3.ConnectionStatus": "Connected",
    "PPP.Interface.3.LastConnectionError": "ERROR_ISP_TIME_OUT",
    "PPP.Interface.3.IPCP.LocalIPAddress": "203.0.113.57",
    "PPP.Interface.3.CurrentMRUSize": 1492,
    "Ethernet.VLANTermination.3.VLANID": 40,
}


def test_tr181_connection_is_followed_down_to_its_vlan() -> None:
    assert tr181(PPPOE).wan == [
        Wan(
            type="pppoe",
            status="connected",
            ipv4="203.0.113.57",
            vlan=40,
            mtu=1492,
            services=["internet"],
            last_error="ERROR_ISP_TIME_OUT",
            primary=True,
        )
    ]


def test_tr181_dhcp_is_joined_by_its_client() -> None:
    found = tr181(
        {
            "IP.Interface.1.IPv4Address.1.IPAddress": "192.168.0.1",
            "IP.Interface.1.Status": "Up",
            "IP.Interface.4.MaxMTUSize": 1500,
            "DHCPv4.Client.1.Interface": "Device.IP.Interface.9",
            "DHCPv4.Client.2.Interface": "Device.IP.Interface.4.",
            "DHCPv4.Client.2.DHCPStatus": "Bound",
            "DHCPv4.Client.2.IPAddress": "203.0.113.60",
            "DHCPv4.Client.2.IPRouters": "0.0.0.0,203.0.113.1",
            "DHCPv4.Client.2.DNSServers": "198.51.100.53",
        }
    )

    assert found.wan == [
        Wan(
            type="dhcp",
            status="connected",
            ipv4="203.0.113.60",
            gateway="203.0.113.1",
            dns=["198.51.100.53"],
            mtu=1500,
            primary=True,
        )
    ]


@pytest.mark.parametrize(
    ("kind", "found"), [("Static", "static"), ("DHCP", "dhcp"), ("AutoIP", "unknown")]
)
def test_tr181_static_address_on_an_upstream_socket(kind: str, found: str) -> None:
    paths: dict[str, Json] = {
        "IP.Interface.4.Status": "Up",
        "IP.Interface.4.LowerLayers": "Device.Ethernet.Interface.6.,Device.Ethernet.Interface.7.",
        "IP.Interface.4.IPv4Address.1.AddressingType": kind,
        "IP.Interface.4.IPv4Address.1.IPAddress": "203.0.113.60",
        "Ethernet.Interface.6.Upstream": True,
    }
    (wan,) = tr181(paths).wan

    assert (wan.type, wan.status, wan.ipv4) == (found, "connected", "203.0.113.60")


def test_tr181_leaves_out_what_is_not_in_use() -> None:
    unplugged: dict[str, Json] = {
        "IP.Interface.4.X_TP_ConnType": "DHCP",
        "IP.Interface.4.Status": "Down",
        "IP.Interface.4.LowerLayers": "Device.Ethernet.Interface.6.",
        "Ethernet.Interface.6.Status": "Down",
        "Ethernet.Interface.6.Upstream": True,
    }
    lan: dict[str, Json] = {"IP.Interface.1.X_TP_ConnType": "LAN", "IP.Interface.1.Status": "Up"}
    dongle: dict[str, Json] = {"IP.Interface.2.X_TP_ConnType": "PPP3G"}
    local: dict[str, Json] = {"IP.Interface.3.Status": "Up", "IP.Interface.5.Status": "Down"}

    assert tr181(unplugged | lan | dongle | local).wan == []


def test_tr181_ppp_alone_is_a_connection() -> None:
    alone = {path: value for path, value in PPPOE.items() if not path.startswith("IP.")}

    assert [(wan.type, wan.ipv4) for wan in tr181(alone).wan] == [("pppoe", "203.0.113.57")]


def test_tr181_layers_that_go_in_a_circle_end() -> None:
    circle = PPPOE | {"Ethernet.VLANTermination.3.LowerLayers": "Device.IP.Interface.6."}

    assert tr181(circle).wan[0].vlan == 40


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("Connected", "connected"), ("Connecting", "connecting"), ("Authenticating", "connecting"),
        ("Disconnecting", "disconnected"), ("Unconfigured", "disconnected"), ("", "unknown"),
        ("Purple", "unknown"),
    ],
)  # fmt: skip
def test_status(written: str, status: str) -> None:
    assert igd({f"{PPP}.ConnectionStatus": written, f"{PPP}.Enable": True}).wan[0].status == status


@pytest.mark.parametrize(("written", "mtu"), [(1492, 1492), (0, None), (68, None), ("big", None)])
def test_mtu(written: Json, mtu: int | None) -> None:
    assert igd({f"{PPP}.CurrentMRUSize": written}).wan[0].mtu == mtu
