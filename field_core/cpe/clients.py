"""Stations on the Wi-Fi, from whichever tables the device keeps, one line per station.

Mesh nodes are stations of their own backhaul; they are told by MAC, by network, or by address
(Huawei's agents associate under another MAC) and left out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from field_core.canon import Json
from field_core.cpe import addresses, bands, parsing, units
from field_core.cpe.families import CATALOGUE, Column
from field_core.cpe.families.dataelements import STATION_DOWN, STATION_SIGNAL, STATION_UP
from field_core.cpe.ledger import Ledger
from field_core.cpe.mesh_data import Network, mac_of
from field_core.cpe.model import Client, Host, Quality
from field_core.cpe.ssids import is_backhaul
from field_core.cpe.tree import Tree

RATE_KBPS_MAX: Final = 100_000_000

_MULTIAP: Final = "WiFi.MultiAP.APDevice.*"
_MULTIAP_SIGNAL: Final = (Column("SignalStrength", "rcpi"),)
_KBPS: Final = {"kbps": 1, "Mbps": 1000}


@dataclass(frozen=True, slots=True)
class Members:
    """What mesh nodes are known by, so that none passes for a customer's station."""

    macs: frozenset[str]
    ips: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Seat:
    """A station in a table: its entry, its band and node, and what the table's columns mean."""

    tree: Tree
    band: str | None
    node: str | None
    signal: tuple[Column, ...]
    down: tuple[Column, ...]
    up: tuple[Column, ...]


def read_clients(
    root: Tree,
    network: Network,
    hosts: Mapping[str, Host],
    members: Members,
    ledger: Ledger,
) -> list[Client]:
    """Read every station that is no mesh node, with what the host table adds."""
    stations: dict[str, Client] = {}
    has_multiap = bool(root.each(_MULTIAP))
    for seat in _multiap(root) if has_multiap else _plain(root):
        _put(stations, _client(seat, ledger))
    reported: dict[str, Client] = {}
    for seat in _reported(network):
        _put(reported, _client(seat, ledger))
    for mac, client in reported.items():
        if mac in stations or not has_multiap:
            _put(stations, client)
    named = (_named(client, hosts.get(client.mac)) for client in stations.values())
    return [c for c in named if c.mac not in members.macs and c.ip not in members.ips]


def _multiap(root: Tree) -> Iterator[_Seat]:
    for device in root.each(_MULTIAP):
        node = addresses.mac(device.leaf("MACAddress").value)
        for radio in device.each("Radio.*"):
            band = bands.band(radio.leaf("OperatingFrequencyBand").value)
            for ap in radio.each("AP.*"):
                if not is_backhaul(ap):
                    for tree in ap.each("AssociatedDevice.*"):
                        yield _Seat(tree, band, node, _MULTIAP_SIGNAL, CATALOGUE.down, CATALOGUE.up)


def _plain(root: Tree) -> Iterator[_Seat]:
    columns = CATALOGUE.signal, CATALOGUE.down, CATALOGUE.up
    for point in root.each("WiFi.AccessPoint.*"):
        for tree in point.each("AssociatedDevice.*"):
            yield _Seat(tree, _band_of_point(root, point), None, *columns)
    for network in root.each("LANDevice.*.WLANConfiguration.*"):
        for tree in network.each("AssociatedDevice.*"):
            yield _Seat(tree, bands.band_of(network), None, *columns)
    for agent in root.each("X_HW_APDevice.*"):
        node = addresses.mac(agent.leaf("APMacAddr").value)
        for network in agent.each("WLANConfiguration.*"):
            for tree in network.each("AssociatedDevice.*"):
                yield _Seat(tree, bands.band_of(network), node, *columns)


def _reported(network: Network) -> Iterator[_Seat]:
    for device in network.devices:
        for band, bss in network.networks_of(device):
            if not is_backhaul(bss):
                for tree in bss.each("STA.*"):
                    yield _Seat(
                        tree, band, mac_of(device), (STATION_SIGNAL,), STATION_DOWN, STATION_UP
                    )


def _band_of_point(root: Tree, point: Tree) -> str | None:
    ssid = _referred(root, point, "SSIDReference")
    return bands.band(_referred(root, ssid, "LowerLayers").leaf("OperatingFrequencyBand").value)


def _referred(root: Tree, tree: Tree, name: str) -> Tree:
    path = str(tree.leaf(name).value or "").strip(".").removeprefix(f"{root.path}.")
    return root.at(path) if path else Tree(None)


def _client(seat: _Seat, ledger: Ledger) -> Client | None:
    tree = seat.tree
    mac = addresses.mac(tree.first("AssociatedDeviceMACAddress", "MACAddress").value)
    if mac is None or parsing.flag(tree.leaf("Active").value) is False:
        return None
    at = f"wifi.clients.{mac}"
    node = addresses.mac(tree.leaf("X_TP_ApDeviceMac").value)
    ip = tree.first("AssociatedDeviceIPAddress", "X_TP_IPAddress", "IPAddress", "IPV4Address")
    return Client(
        mac=mac,
        band=seat.band,
        rssi_dbm=_signal(seat, f"{at}.rssi_dbm", ledger),
        down_kbps=_rate(tree, seat.down, f"{at}.down_kbps", ledger),
        up_kbps=_rate(tree, seat.up, f"{at}.up_kbps", ledger),
        node_mac=node or seat.node,
        ip=ledger.read(f"{at}.ip", ip, addresses.ipv4, absent=addresses.NO_IPV4),
        hostname=ledger.read(
            f"{at}.hostname",
            tree.first(*CATALOGUE.station_name),
            addresses.host_name,
            absent=addresses.NO_NAMES,
        ),
    )


def _signal(seat: _Seat, field: str, ledger: Ledger) -> float | None:
    for column in seat.signal:
        leaf = seat.tree.leaf(column.leaf)
        if column.unit == "rcpi":
            return ledger.read(
                field, leaf, parsing.converted(units.signal), unit="dBm", absent=(0, "0")
            )
        dbm = parsing.converted(units.signal_dbm)(leaf.value)
        if dbm is not None:
            ledger.note(field, leaf, Quality.MEASURED, unit="dBm")
            return dbm
    return None


def _rate(tree: Tree, columns: tuple[Column, ...], field: str, ledger: Ledger) -> int | None:
    for column in columns:
        leaf = tree.leaf(column.leaf)
        rate = _kbps(leaf.value, _KBPS[column.unit])
        if rate is not None:
            ledger.note(field, leaf, Quality.MEASURED, unit="kbit/s", raw_unit=column.unit)
            return rate
    return None


def _kbps(value: Json, scale: int) -> int | None:
    raw = parsing.number(value)
    if raw is None or not 0 < raw * scale <= RATE_KBPS_MAX:
        return None
    return round(raw * scale)


def _put(stations: dict[str, Client], client: Client | None) -> None:
    """Add a station; of two entries the one with a signal counts, the other fills its gaps."""
    if client is None:
        return
    known = stations.get(client.mac)
    if known is None:
        stations[client.mac] = client
        return
    first, second = (client, known) if known.rssi_dbm is None else (known, client)
    gaps = {name for name in Client.model_fields if getattr(first, name) is None}
    filled = {name: getattr(second, name) for name in gaps}
    stations[client.mac] = first.model_copy(update=filled)


def _named(client: Client, host: Host | None) -> Client:
    if host is None:
        return client
    known = {"ip": client.ip or host.ip, "hostname": client.hostname or host.hostname}
    return client.model_copy(update=known)
