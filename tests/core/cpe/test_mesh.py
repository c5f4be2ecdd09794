"""Mesh nodes, and that they are no stations."""

from typing import Any

import pytest

from field_core.canon import Json
from field_core.cpe.model import Node
from tests.core.cpe.samples import igd, tr181

AP = "WiFi.MultiAP.APDevice"
ROOT_MAC, AGENT_MAC = "1C:61:B4:10:20:30", "1C:61:B4:55:66:70"
CONTROLLER: dict[str, Json] = {
    f"{AP}.1.MACAddress": ROOT_MAC,
    f"{AP}.1.X_TP_IsController": True,
    f"{AP}.1.X_TP_Active": True,
    f"{AP}.1.X_TP_ModelName": "XX230v",
}


def agent(**leaves: Json) -> dict[str, Json]:
    known: dict[str, Json] = {
        "MACAddress": AGENT_MAC,
        "X_TP_IsController": False,
        "X_TP_Active": True,
        "HardwareVersion": "HX220 v1.0",
        "X_TP_IPAddress": "192.168.0.50",
        **leaves,
    }
    return CONTROLLER | {f"{AP}.2.{name}": value for name, value in known.items()}


@pytest.mark.parametrize(
    ("leaves", "node", "health"),
    [
        (
            {"BackhaulLinkType": "Wi-Fi", "BackhaulSignalStrength": 110, "X_TP_LinkRate": 866},
            {"backhaul": "wifi", "backhaul_rssi_dbm": -55, "backhaul_rate_mbps": 866},
            "ok",
        ),
        (
            {"BackhaulLinkType": "Wi-Fi", "BackhaulSignalStrength": 80},
            {"backhaul": "wifi", "backhaul_rssi_dbm": -70},
            "watch",
        ),
        (
            {"BackhaulLinkType": "Wi-Fi", "BackhaulSignalStrength": 60},
            {"backhaul": "wifi", "backhaul_rssi_dbm": -80},
            "bad",
        ),
        (
            {"BackhaulLinkType": "Ethernet", "BackhaulSignalStrength": 60, "X_TP_LinkRate": 1000},
            {"backhaul": "ethernet", "backhaul_rate_mbps": 1000},
            "ok",
        ),
        (
            {"X_TP_Active": False, "BackhaulLinkType": "Wi-Fi", "BackhaulSignalStrength": 110},
            {"backhaul": "wifi", "online": False},
            "bad",
        ),
        ({"X_TP_Active": False}, {"backhaul": "none", "online": False}, "bad"),
        ({"BackhaulLinkType": "Wi-Fi"}, {"backhaul": "wifi"}, "ok"),
        ({}, {"backhaul": "unknown"}, "ok"),
    ],
)
def test_tplink_agent(leaves: dict[str, Json], node: dict[str, Any], health: str) -> None:
    found = tr181(agent(**leaves))
    known: dict[str, Any] = {"online": True, "model": "HX220", "ip": "192.168.0.50"}

    assert found.mesh.enabled
    assert found.mesh.nodes[1] == Node(mac=AGENT_MAC, **{**known, **node})
    assert found.health.mesh == health


def test_tplink_controller_alone_is_no_mesh() -> None:
    found = tr181(CONTROLLER)

    assert not found.mesh.enabled
    assert found.mesh.nodes == [
        Node(mac=ROOT_MAC, model="XX230v", role="controller", online=True, backhaul="none")
    ]


def test_tplink_node_that_does_not_say_its_role() -> None:
    found = tr181({f"{AP}.1.SerialNumber": "A", f"{AP}.2.SerialNumber": "B", f"{AP}.3.X": 1})

    assert [(node.serial, node.role, node.clients) for node in found.mesh.nodes] == [
        ("A", "controller", 0),
        ("B", "agent", 0),
    ]


def test_agents_are_no_stations() -> None:
    seat = f"{AP}.1.Radio.1.AP.1.AssociatedDevice"
    found = tr181(
        agent()
        | {
            f"{AP}.2.Radio.1.MACAddress": "1C:61:B4:55:66:72",
            f"{seat}.1.MACAddress": AGENT_MAC,
            f"{seat}.2.MACAddress": "1C:61:B4:55:66:72",
            f"{seat}.3.MACAddress": "02:00:00:00:00:03",
            f"{seat}.3.X_TP_IPAddress": "192.168.0.50",
            f"{seat}.4.MACAddress": "02:00:00:00:00:04",
            f"{AP}.1.Radio.1.AP.2.X_TP_Type": "Backhaul",
            f"{AP}.1.Radio.1.AP.2.AssociatedDevice.1.MACAddress": "02:00:00:00:00:05",
        }
    )

    assert [client.mac for client in found.wifi.clients] == ["02:00:00:00:00:04"]
    assert [node.clients for node in found.mesh.nodes] == [1, 0]


def test_huawei_agent_by_its_host_entry() -> None:
    found = igd(
        {
            "X_HW_APDevice.1.APMacAddr": AGENT_MAC,
            "X_HW_APDevice.1.ApOnlineFlag": True,
            "LANDevice.1.Hosts.Host.1.MACAddress": "02:00:00:00:00:01",
            "LANDevice.1.Hosts.Host.2.MACAddress": AGENT_MAC.lower(),
            "LANDevice.1.Hosts.Host.2.IPAddress": "192.168.18.5",
            "LANDevice.1.Hosts.Host.2.InterfaceType": "802.11",
            "LANDevice.1.Hosts.Host.2.X_HW_RSSI": -32,
            "LANDevice.1.Hosts.Host.2.X_HW_NegotiatedRate": 2268,
        }
    )

    assert found.mesh.nodes == [
        Node(
            mac=AGENT_MAC,
            online=True,
            backhaul="wifi",
            backhaul_rssi_dbm=-32,
            backhaul_rate_mbps=2268,
            ip="192.168.18.5",
        )
    ]


def test_huawei_agent_of_whom_nothing_else_is_known() -> None:
    found = igd({"X_HW_APDevice.1.SerialNumber": "A", "X_HW_APDevice.1.ApOnlineFlag": True})

    assert found.mesh.nodes == [Node(serial="A", online=True, backhaul="unknown")]


def test_dataelements_of_several_devices_are_a_mesh() -> None:
    network = "DataElements.Network"
    backhaul = f"{network}.Device.2.MultiAPDevice.Backhaul"
    found = igd(
        {
            f"{network}.ControllerID": ROOT_MAC,
            f"{network}.Device.1.ID": ROOT_MAC,
            f"{network}.Device.1.ManufacturerModel": "Beacon G6",
            f"{network}.Device.2.ID": AGENT_MAC,
            f"{backhaul}.LinkType": "Wi-Fi",
            f"{backhaul}.Stats.SignalStrength": 100,
            f"{backhaul}.Stats.LastDataDownlinkRate": 866_000,
            f"{network}.Device.2.Radio.1.BackhaulSta.MACAddress": "02:00:00:00:00:09",
            f"{network}.Device.1.Radio.1.BSS.1.STA.1.MACAddress": "02:00:00:00:00:09",
            f"{network}.Device.2.Radio.1.BSS.1.STA.1.MACAddress": "02:00:00:00:00:01",
            f"{network}.Device.2.Radio.1.BSS.2.BackhaulUse": True,
            f"{network}.Device.2.Radio.1.BSS.2.STA.1.MACAddress": "02:00:00:00:00:08",
            f"{network}.Device.3.ID": "1C:61:B4:55:66:90",
            f"{network}.Device.3.BackhaulMediaType": "IEEE 802.3ab",
            "LANDevice.1.Hosts.Host.1.MACAddress": AGENT_MAC,
            "LANDevice.1.Hosts.Host.1.IPAddress": "192.168.1.5",
        }
    )

    assert found.mesh.nodes == [
        Node(mac=ROOT_MAC, model="Beacon G6", role="controller", online=True, backhaul="none"),
        Node(
            mac=AGENT_MAC,
            online=True,
            backhaul="wifi",
            backhaul_rssi_dbm=-60,
            backhaul_rate_mbps=866,
            ip="192.168.1.5",
            clients=1,
        ),
        Node(mac="1C:61:B4:55:66:90", online=None, backhaul="ethernet"),
    ]
    assert [client.mac for client in found.wifi.clients] == ["02:00:00:00:00:01"]


def test_dataelements_device_without_identity_is_no_node() -> None:
    network = "DataElements.Network.Device"
    found = igd({f"{network}.1.X": 1, f"{network}.2.SerialNumber": "A"})

    assert [(node.serial, node.role) for node in found.mesh.nodes] == [("A", "agent")]
