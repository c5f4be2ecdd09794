"""One grade per part and one over all, by the rules of `cpe-snapshot/1`."""

from typing import assert_never

from field_core.cpe.grading import grade, worst
from field_core.cpe.model import Client, Grade, Health, Node, Optical, Wan
from field_core.cpe.thresholds import DEFAULT, Limits, Thresholds


def health_of(
    optical: Optical,
    wan: list[Wan],
    clients: list[Client],
    nodes: list[Node],
    *,
    thresholds: Thresholds = DEFAULT,
) -> Health:
    """Grade what a snapshot holds."""
    limits = thresholds.pon_class(optical.pon_type).rx_dbm
    optical_grade, wan_grade = _optical(optical, limits), _wan(wan)
    signals = [c.rssi_dbm for c in clients if c.rssi_dbm is not None]
    wifi_grade = grade(min(signals, default=None), thresholds.client_rssi_dbm)
    agents = [node for node in nodes if node.role == "agent"]
    links = [node_grade(node, thresholds.backhaul_rssi_dbm) for node in agents]
    mesh_grade = worst([Grade.OK, *links])
    return Health(
        optical=optical_grade,
        wan=wan_grade,
        wifi=wifi_grade,
        mesh=mesh_grade,
        overall=_overall(optical_grade, wan_grade, wifi_grade, mesh_grade),
    )


def _optical(optical: Optical, limits: Limits) -> Grade:
    return Grade.BAD if optical.link == "down" else grade(optical.rx_dbm, limits)


def _wan(connections: list[Wan]) -> Grade:
    """Grade the primary; connected without an address is on its way, unless it is a bridge."""
    wan = next((wan for wan in connections if wan.primary), Wan())
    match wan.status:
        case "connected":
            return Grade.OK if wan.ipv4 or wan.type == "bridge" else Grade.WATCH
        case "connecting":
            return Grade.WATCH
        case "disconnected":
            return Grade.BAD
        case "unknown":
            return Grade.UNKNOWN
        case _:
            assert_never(wan.status)


def node_grade(node: Node, limits: Limits) -> Grade:
    """Grade an agent's backhaul: off is bad, wired is ok, on the air its signal counts."""
    if node.online is False:
        return Grade.BAD
    return Grade.OK if node.backhaul == "ethernet" else grade(node.backhaul_rssi_dbm, limits)


def _overall(optical: Grade, wan: Grade, wifi: Grade, mesh: Grade) -> Grade:
    parts = {optical, wan, wifi, mesh}
    for decisive in (Grade.BAD, Grade.WATCH):
        if decisive in parts:
            return decisive
    return Grade.UNKNOWN if Grade.UNKNOWN in {optical, wan} else Grade.OK
