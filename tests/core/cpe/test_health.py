"""Grades of parts, at each of their bounds."""

import pytest

from field_core.cpe.health import health_of
from field_core.cpe.model import Client, Grade, Node, Optical, Wan

UP = Wan(status="connected", ipv4="203.0.113.1", primary=True)


def light(rx_dbm: float | None, **more: str) -> Optical:
    return Optical.model_validate({"present": True, "link": "up", "rx_dbm": rx_dbm, **more})


@pytest.mark.parametrize(
    ("rx_dbm", "grade"),
    [
        (-8, "watch"), (-7.99, "bad"), (-10, "ok"), (-9.99, "watch"), (-25, "ok"),
        (-25.01, "watch"), (-27, "watch"), (-27.01, "bad"), (None, "unknown"),
    ],
)  # fmt: skip
def test_gpon_b_plus(rx_dbm: float | None, grade: str) -> None:
    assert health_of(light(rx_dbm, pon_type="GPON"), [UP], [], []).optical == grade


@pytest.mark.parametrize(
    ("rx_dbm", "grade"),
    [
        (-9, "watch"), (-8.99, "bad"), (-11, "ok"), (-10.99, "watch"), (-26, "ok"),
        (-26.01, "watch"), (-28, "watch"), (-28.01, "bad"),
    ],
)  # fmt: skip
def test_xgs_pon(rx_dbm: float, grade: str) -> None:
    assert health_of(light(rx_dbm, pon_type="XGS-PON"), [UP], [], []).optical == grade


def test_link_down_is_bad_whatever_the_level() -> None:
    assert health_of(light(-20, link="down"), [UP], [], []).optical is Grade.BAD


@pytest.mark.parametrize(
    ("wan", "grade"),
    [
        ([UP], "ok"),
        ([Wan(status="connected", primary=True)], "watch"),
        ([Wan(status="connected", type="bridge", primary=True)], "ok"),
        ([Wan(status="connecting", primary=True)], "watch"),
        ([Wan(status="disconnected", primary=True)], "bad"),
        ([Wan(status="disconnected"), UP], "ok"),
        ([Wan(primary=True)], "unknown"),
        ([], "unknown"),
    ],
)
def test_wan(wan: list[Wan], grade: str) -> None:
    assert health_of(light(-20), wan, [], []).wan == grade


@pytest.mark.parametrize(
    ("rssi", "grade"),
    [(-67, "ok"), (-67.5, "watch"), (-75, "watch"), (-75.5, "bad"), (None, "unknown")],
)
def test_wifi_is_its_worst_station(rssi: float | None, grade: str) -> None:
    clients = [Client(mac="a", rssi_dbm=-40), Client(mac="b", rssi_dbm=rssi)]

    assert health_of(light(-20), [UP], clients[1:], []).wifi == grade
    assert health_of(light(-20), [UP], clients, []).wifi == (grade if rssi else "ok")


@pytest.mark.parametrize(
    ("rssi", "grade"), [(-65, "ok"), (-65.5, "watch"), (-75, "watch"), (-75.5, "bad"), (None, "ok")]
)
def test_mesh_is_its_worst_agent(rssi: float | None, grade: str) -> None:
    nodes = [
        Node(role="controller", online=False),
        Node(online=True, backhaul="ethernet"),
        Node(online=True, backhaul="wifi", backhaul_rssi_dbm=rssi),
    ]

    assert health_of(light(-20), [UP], [], nodes).mesh == grade


def test_agent_offline_is_bad() -> None:
    assert health_of(light(-20), [UP], [], [Node(online=False)]).mesh is Grade.BAD


@pytest.mark.parametrize(
    ("optical", "wan", "clients", "overall"),
    [
        (light(-20), [UP], [], "ok"),
        (light(-26), [UP], [], "watch"),
        (light(-26), [], [], "watch"),
        (light(None), [UP], [], "unknown"),
        (light(-20), [], [], "unknown"),
        (light(None), [UP], [Client(mac="a", rssi_dbm=-80)], "bad"),
    ],
)
def test_overall(optical: Optical, wan: list[Wan], clients: list[Client], overall: str) -> None:
    assert health_of(optical, wan, clients, []).overall == overall
