"""Sockets and hosts of the customer's side."""

import pytest

from field_core.canon import Json
from field_core.cpe.model import Host, Port
from tests.core.cpe.samples import igd, tr181

HOSTS = "LANDevice.1.Hosts.Host"


def test_tr098_sockets_have_a_speed_while_up() -> None:
    at = "LANDevice.1.LANEthernetInterfaceConfig"
    found = igd(
        {
            f"{at}.1.Status": "Up",
            f"{at}.1.MaxBitRate": "1000",
            f"{at}.2.Status": "NoLink",
            f"{at}.2.MaxBitRate": "1000",
            f"{at}.3.Status": "Up",
            f"{at}.3.MaxBitRate": "Auto",
            f"{at}.10.Name": "eth9",
            f"{at}.10.Status": "Up",
            f"{at}.10.MaxBitRate": "999999999",
        }
    )

    assert found.lan.ports == [
        Port(name="LAN1", link="up", speed_mbps=1000),
        Port(name="LAN2", link="down"),
        Port(name="LAN3", link="up"),
        Port(name="eth9", link="up"),
    ]


def test_tr181_sockets_are_those_of_the_customer() -> None:
    at = "Ethernet.Interface"
    found = tr181(
        {
            f"{at}.1.Name": "eth0",
            f"{at}.2.Name": "eth0.1",
            f"{at}.2.X_TP_IfNameAlias": "LAN1",
            f"{at}.2.Status": "Up",
            f"{at}.2.MaxBitRate": -1,
            f"{at}.2.CurrentBitRate": 1000,
            f"{at}.6.Name": "nas10",
            f"{at}.6.Upstream": True,
        }
    )

    assert found.lan.ports == [Port(name="LAN1", link="up", speed_mbps=1000)]


def test_host_twice_is_one_and_the_named_entry_counts() -> None:
    found = igd(
        {
            f"{HOSTS}.1.MACAddress": "02:11:22:33:44:01",
            f"{HOSTS}.1.HostName": "*",
            f"{HOSTS}.1.IPAddress": "192.168.1.9",
            f"{HOSTS}.1.Active": True,
            f"{HOSTS}.2.MACAddress": "021122334401",
            f"{HOSTS}.2.HostName": "salon",
            f"{HOSTS}.2.InterfaceType": "802.11",
            f"{HOSTS}.2.Active": False,
            f"{HOSTS}.3.MACAddress": "02-11-22-33-44-01",
            f"{HOSTS}.3.HostName": "autre",
            f"{HOSTS}.4.MACAddress": "odd",
            f"{HOSTS}.5.MACAddress": "02:11:22:33:44:05",
            f"{HOSTS}.6.MACAddress": "02:11:22:33:44:05",
        }
    )

    assert found.lan.hosts == [
        Host(
            mac="02:11:22:33:44:01",
            ip="192.168.1.9",
            hostname="salon",
            active=True,
            interface="wifi",
        ),
        Host(mac="02:11:22:33:44:05"),
    ]


@pytest.mark.parametrize(
    ("leaves", "medium"),
    [
        ({"InterfaceType": "Wi-Fi"}, "wifi"),
        ({"InterfaceType": "Ethernet"}, "ethernet"),
        ({"Layer1Interface": "Device.WiFi.SSID.1."}, "wifi"),
        ({"Layer2Interface": "InternetGatewayDevice.LANDevice.1.WLANConfiguration.1"}, "wifi"),
        ({"Layer1Interface": "Device.Ethernet.Interface.2."}, "ethernet"),
        ({"X_TP_LanConnType": 0}, "ethernet"),
        ({"X_TP_LanConnType": 3}, "wifi"),
        ({"X_TP_LanConnType": 5}, None),
        ({}, None),
    ],
)
def test_medium(leaves: dict[str, Json], medium: str | None) -> None:
    paths = {f"Hosts.Host.1.{name}": value for name, value in leaves.items()}
    found = tr181(paths | {"Hosts.Host.1.PhysAddress": "02:11:22:33:44:01"})

    assert [host.interface for host in found.lan.hosts] == [medium]
