"""Trees of real units: what they give, and that each warning has its reason."""

import pytest

from field_core.cpe import CpeSnapshot, normalise
from field_core.cpe.model import Client, Node
from tests.core.cpe.samples import NOW, TREES, real_document

WARNINGS = {
    "huawei_eg8145v5": [],
    "huawei_eg8145x6_mesh": [],
    "nokia_g1425ga": [],
    # A router without a PON port: there is no receive level to read.
    "tplink_ex220": [("missing", "optical.rx_dbm")],
    "tplink_xx230v": [],
    "zte_h199a": [("missing", "optical.rx_dbm")],
}


def read(name: str) -> CpeSnapshot:
    return normalise(real_document(name), now=NOW)


@pytest.mark.parametrize("name", TREES)
def test_real_tree_warns_of_what_is_explained_only(name: str) -> None:
    assert [(w.code, w.field) for w in read(name).warnings] == WARNINGS[name]


def test_real_levels_are_read_in_their_units() -> None:
    levels = {name: (read(name).optical.rx_dbm, read(name).optical.tx_dbm) for name in TREES}

    assert levels == {
        "huawei_eg8145v5": (-3.0, 2.0),
        "huawei_eg8145x6_mesh": (-7.0, 2.0),
        "nokia_g1425ga": (-3.41, 2.36),
        "tplink_ex220": (None, None),
        "tplink_xx230v": (-2.5, 1.73),
        "zte_h199a": (None, None),
    }


def test_real_gateway_with_a_connection_down_says_why() -> None:
    first = read("huawei_eg8145v5").wan[0]

    assert (first.status, first.last_error, first.ipv4) == (
        "disconnected",
        "ERROR_AUTHENTICATION_FAILURE",
        None,
    )


def test_real_xx230v_leaves_out_lan_dongles_and_the_empty_socket() -> None:
    connections = read("tplink_xx230v").wan

    assert [(wan.type, wan.status, wan.primary) for wan in connections] == [
        ("pppoe", "connected", True)
    ]


def test_real_xx230v_shows_people_s_networks_only() -> None:
    ssids = read("tplink_xx230v").wifi.ssids

    assert len(ssids) == 8
    assert {ssid.band for ssid in ssids} == {"2.4GHz", "5GHz"}


def test_real_huawei_mesh_ties_the_uplink_to_the_agent_by_address() -> None:
    snapshot = read("huawei_eg8145x6_mesh")

    assert snapshot.wifi.clients == [
        Client(
            mac="3C:06:30:42:82:3F",
            band="5GHz",
            rssi_dbm=-58,
            down_kbps=735_000,
            up_kbps=960_000,
            node_mac="3C:A3:7E:F3:C9:11",
            ip="192.168.18.7",
            hostname="host-491e",
        )
    ]
    assert snapshot.mesh.nodes == [
        Node(
            mac="3C:A3:7E:F3:C9:11",
            model="K562",
            serial="SN5F01938CB1",
            online=True,
            backhaul="wifi",
            backhaul_rssi_dbm=-30,
            backhaul_rate_mbps=2268,
            ip="192.168.18.5",
            clients=1,
        ),
        Node(
            mac="04:F3:52:88:58:37",
            model="WA8021V5",
            serial="SN062104A928",
            online=False,
            backhaul="none",
        ),
    ]


def test_real_zte_leaves_out_the_mobile_modem() -> None:
    assert [wan.type for wan in read("zte_h199a").wan] == ["pppoe"]
