"""Mesh nodes as the device lists them: TP-Link's MultiAP, Huawei's X_HW_APDevice, DataElements.

DataElements count as a mesh only when they list more than the gateway itself.
"""

from collections.abc import Iterable, Mapping
from typing import Final, Literal

from field_core.canon import Json
from field_core.cpe import addresses, parsing, units
from field_core.cpe.clients import Members
from field_core.cpe.families.dataelements import STATION_DOWN
from field_core.cpe.ledger import Ledger
from field_core.cpe.mesh_data import Network, mac_of
from field_core.cpe.model import Client, Host, Node
from field_core.cpe.tree import Leaf, Tree

RATE_MBPS_MAX: Final = 100_000

Backhaul = Literal["none", "wifi", "ethernet", "unknown"]
_LINKS: Final[tuple[tuple[str, Backhaul], ...]] = (
    ("wi-fi", "wifi"),
    ("wifi", "wifi"),
    ("802.11", "wifi"),
    ("ethernet", "ethernet"),
    ("802.3", "ethernet"),
)
_RSSI: Final = "backhaul_rssi_dbm"
_RATE: Final = "backhaul_rate_mbps"


def read_nodes(
    root: Tree, network: Network, hosts: Mapping[str, Host], ledger: Ledger
) -> list[Node]:
    """Read the nodes, without the number of their clients."""
    nodes = [_multiap_node(tree, ledger) for tree in root.each("WiFi.MultiAP.APDevice.*")]
    nodes += [_huawei_node(root, tree, hosts, ledger) for tree in root.each("X_HW_APDevice.*")]
    if not nodes and len(network.devices) > 1:
        nodes = [_reported_node(tree, network, hosts, ledger) for tree in network.devices]
    return [node for node in nodes if node.mac or node.serial]


def members(
    root: Tree, network: Network, nodes: Iterable[Node], hosts: Mapping[str, Host]
) -> Members:
    """Return what the nodes are known by: their MACs, those of their uplinks, their addresses."""
    nodes = list(nodes)
    uplinks = (
        radio.leaf("BackhaulSta.MACAddress")
        for device in network.devices
        for radio in device.each("Radio.*")
    )
    own = (tree.leaf("MACAddress") for tree in root.each("WiFi.MultiAP.APDevice.*.Radio.*"))
    found = (addresses.mac(leaf.value) for leaf in (*uplinks, *own))
    macs = {mac for mac in (*found, *(node.mac for node in nodes)) if mac}
    own_ips = (node.ip for node in nodes if node.role == "agent")
    ips = (*own_ips, *(hosts[mac].ip for mac in macs if mac in hosts))
    return Members(frozenset(macs), frozenset(ip for ip in ips if ip))


def counted(nodes: Iterable[Node], clients: Iterable[Client]) -> list[Node]:
    """Return the nodes with the number of stations on each."""
    seats = [client.node_mac for client in clients]
    return [
        node.model_copy(update={"clients": seats.count(node.mac) if node.mac else 0})
        for node in nodes
    ]


def _multiap_node(tree: Tree, ledger: Ledger) -> Node:
    mac = addresses.mac(tree.leaf("MACAddress").value)
    serial = parsing.text(tree.leaf("SerialNumber").value)
    at = f"mesh.nodes.{mac or serial}"
    is_controller = parsing.flag(tree.leaf("X_TP_IsController").value)
    if is_controller is None:
        is_controller = tree.number == "1"
    online = ledger.read(f"{at}.online", tree.leaf("X_TP_Active"), parsing.flag)
    backhaul = _link(tree.leaf("BackhaulLinkType").value, is_idle=is_controller or not online)
    return Node(
        mac=mac,
        model=_model(tree.leaf("X_TP_ModelName"), tree.leaf("HardwareVersion")),
        serial=serial,
        role="controller" if is_controller else "agent",
        online=online,
        backhaul=backhaul,
        backhaul_rssi_dbm=_rssi(
            at, tree.leaf("BackhaulSignalStrength"), ledger, backhaul=backhaul, online=online
        ),
        backhaul_rate_mbps=_rate(at, tree.leaf("X_TP_LinkRate"), ledger, online=online),
        ip=addresses.ipv4(tree.leaf("X_TP_IPAddress").value),
    )


def _huawei_node(root: Tree, tree: Tree, hosts: Mapping[str, Host], ledger: Ledger) -> Node:
    """Read an agent; its uplink is the station that has the agent's address."""
    mac = addresses.mac(tree.leaf("APMacAddr").value)
    serial = parsing.text(tree.leaf("SerialNumber").value)
    at = f"mesh.nodes.{mac or serial}"
    online = ledger.read(f"{at}.online", tree.leaf("ApOnlineFlag"), parsing.flag)
    host = hosts.get(mac) if mac else None
    ip = host.ip if host else None
    uplink, entry = _station_at(root, ip), _host_entry(root, mac)
    medium: Backhaul = (host.interface if host else None) or ("wifi" if uplink else "unknown")
    backhaul = medium if online else "none"
    rssi = uplink.leaf("X_HW_RSSI") if uplink else entry.leaf("X_HW_RSSI")
    rate = uplink.leaf("X_HW_TxRate") if uplink else entry.leaf("X_HW_NegotiatedRate")
    return Node(
        mac=mac,
        model=parsing.text(tree.leaf("DeviceType").value),
        serial=serial,
        role="agent",
        online=online,
        backhaul=backhaul,
        backhaul_rssi_dbm=_rssi(at, rssi, ledger, backhaul=backhaul, online=online),
        backhaul_rate_mbps=_rate(at, rate, ledger, online=online),
        ip=ip,
    )


def _reported_node(tree: Tree, network: Network, hosts: Mapping[str, Host], ledger: Ledger) -> Node:
    is_controller = tree is network.controller
    mac = mac_of(tree)
    serial = parsing.text(tree.leaf("SerialNumber").value)
    at = f"mesh.nodes.{mac or serial}"
    host = hosts.get(mac) if mac else None
    link = tree.first("MultiAPDevice.Backhaul.LinkType", "BackhaulMediaType")
    stats = tree.at("MultiAPDevice.Backhaul.Stats")
    signal = tree.first("MultiAPDevice.Backhaul.Stats.SignalStrength", "BackhaulSignalStrength")
    has_stations = any(bss.each("STA.*") for _, bss in network.networks_of(tree))
    online = True if is_controller or has_stations or not signal.is_empty else None
    backhaul = _link(link.value, is_idle=is_controller)
    rate = stats.first(*(column.leaf for column in STATION_DOWN))
    return Node(
        mac=mac,
        model=parsing.text(tree.first("ManufacturerModel", "X_TP_ModelName").value),
        serial=serial,
        role="controller" if is_controller else "agent",
        online=online,
        backhaul=backhaul,
        backhaul_rssi_dbm=_rssi(at, signal, ledger, backhaul=backhaul, online=online),
        backhaul_rate_mbps=_rate(at, rate, ledger, online=online, scale=1000),
        ip=host.ip if host else None,
    )


def _link(value: Json, *, is_idle: bool) -> Backhaul:
    """Return a backhaul's medium; a controller and a node that is off have none."""
    word = str(value).casefold()
    stated = next((link for mark, link in _LINKS if mark in word), None)
    return stated or ("none" if is_idle else "unknown")


def _rssi(
    at: str, leaf: Leaf, ledger: Ledger, *, backhaul: Backhaul, online: bool | None
) -> float | None:
    if backhaul == "ethernet" or not online:
        return None
    return ledger.read(
        f"{at}.{_RSSI}", leaf, parsing.converted(units.signal), unit="dBm", absent=(0, "0")
    )


def _rate(
    at: str, leaf: Leaf, ledger: Ledger, *, online: bool | None, scale: int = 1
) -> int | None:
    if not online:
        return None

    def mbps(value: Json) -> int | None:
        raw = parsing.number(value)
        rate = None if raw is None else round(raw / scale)
        return rate if rate is not None and 0 < rate <= RATE_MBPS_MAX else None

    return ledger.read(f"{at}.{_RATE}", leaf, mbps, unit="Mbit/s", absent=(0, "0"))


def _model(name: Leaf, hardware: Leaf) -> str | None:
    words = (parsing.text(hardware.value) or "").split()
    return parsing.text(name.value) or (words[0] if words else None)


def _station_at(root: Tree, ip: str | None) -> Tree:
    stations = root.each("LANDevice.*.WLANConfiguration.*.AssociatedDevice.*")
    at_ip = (s for s in stations if ip and s.leaf("AssociatedDeviceIPAddress").value == ip)
    return next(at_ip, Tree(None))


def _host_entry(root: Tree, mac: str | None) -> Tree:
    entries = root.each("LANDevice.*.Hosts.Host.*")
    with_mac = (e for e in entries if mac and addresses.mac(e.leaf("MACAddress").value) == mac)
    return next(with_mac, Tree(None))
