"""The customer's side: Ethernet sockets, and the hosts that the gateway knows."""

from collections.abc import Iterable, Iterator
from typing import Final, Literal

from field_core.canon import Json
from field_core.cpe import addresses, parsing
from field_core.cpe.families import CATALOGUE
from field_core.cpe.ledger import Ledger
from field_core.cpe.model import Host, Lan, Port
from field_core.cpe.optical import link_of
from field_core.cpe.tree import Tree

SPEED_MBPS_MAX: Final = 100_000

_SPEED_NAMES: Final = ("CurrentBitRate", "MaxBitRate")
_NO_SPEED: Final = ("Auto", -1, "-1", 0, "0")
_MEDIA: Final[dict[str, Literal["wifi", "ethernet"]]] = {
    "802.11": "wifi",
    "wi-fi": "wifi",
    "wifi": "wifi",
    "wlan": "wifi",
    "ethernet": "ethernet",
}
_LAN_TYPES: Final[dict[str, Literal["wifi", "ethernet"]]] = {
    "0": "ethernet",
    "1": "wifi",
    "3": "wifi",
}
"""TP-Link's X_TP_LanConnType: 0 wired, 1 and 3 the Wi-Fi bands, 5 not known (real tree)."""


def read_lan(root: Tree, ledger: Ledger) -> Lan:
    """Read sockets and hosts, in either data model."""
    return Lan(ports=list(_ports(root, ledger)), hosts=_hosts(root, ledger))


def _ports(root: Tree, ledger: Ledger) -> Iterator[Port]:
    sockets = list(_sockets(root))
    names = [str(tree.leaf("Name").value) for tree in sockets]
    for tree, name in zip(sockets, names, strict=True):
        # `eth0` over `eth0.1` to `eth0.4` is the switch behind the sockets, not one of them.
        if not any(other.startswith(f"{name}.") for other in names):
            yield _port(tree, ledger)


def _sockets(root: Tree) -> Iterator[Tree]:
    yield from root.each("LANDevice.*.LANEthernetInterfaceConfig.*")
    for tree in root.each("Ethernet.Interface.*"):
        if not parsing.flag(tree.leaf("Upstream").value):
            yield tree


def _port(tree: Tree, ledger: Ledger) -> Port:
    name = parsing.text(tree.first(*CATALOGUE.port_name).value) or f"LAN{tree.number}"
    link = link_of(tree.leaf("Status"), f"lan.ports.{name}.link", ledger)
    field = f"lan.ports.{name}.speed_mbps"
    rate = tree.first(*_SPEED_NAMES)
    speed = ledger.read(field, rate, _speed, unit="Mbit/s", absent=_NO_SPEED)
    return Port(name=name, link=link, speed_mbps=speed if link == "up" else None)


def _speed(value: Json) -> int | None:
    speed = parsing.count(value)
    return speed if speed and speed <= SPEED_MBPS_MAX else None


def _hosts(root: Tree, ledger: Ledger) -> list[Host]:
    """Return one host per MAC: of two entries the named one counts, the other fills its gaps."""
    hosts: dict[str, Host] = {}
    for tree in (*root.each("Hosts.Host.*"), *root.each("LANDevice.*.Hosts.Host.*")):
        host = _host(tree, ledger)
        if host is not None:
            hosts[host.mac] = _merged(hosts.get(host.mac), host)
    return list(hosts.values())


def _host(tree: Tree, ledger: Ledger) -> Host | None:
    leaf = tree.first("PhysAddress", "MACAddress")
    mac = ledger.read(f"lan.hosts.{tree.number}.mac", leaf, addresses.mac)
    if mac is None:
        return None
    at = f"lan.hosts.{mac}"
    return Host(
        mac=mac,
        ip=ledger.read(
            f"{at}.ip", tree.leaf("IPAddress"), addresses.ipv4, absent=addresses.NO_IPV4
        ),
        hostname=ledger.read(
            f"{at}.hostname",
            tree.leaf("HostName"),
            addresses.host_name,
            absent=addresses.NO_NAMES,
        ),
        active=ledger.read(f"{at}.active", tree.leaf("Active"), parsing.flag),
        interface=_medium(tree),
    )


def _medium(tree: Tree) -> Literal["wifi", "ethernet"] | None:
    stated = str(tree.leaf("InterfaceType").value).casefold()
    under = str(tree.first("Layer1Interface", "Layer2Interface").value)
    if stated in _MEDIA:
        return _MEDIA[stated]
    if ".WiFi." in under or ".WLANConfiguration." in under:
        return "wifi"
    if "Ethernet" in under:
        return "ethernet"
    return _LAN_TYPES.get(str(tree.leaf("X_TP_LanConnType").value))


def _merged(one: Host | None, other: Host) -> Host:
    if one is None:
        return other
    first, second = (other, one) if one.hostname is None else (one, other)
    return first.model_copy(
        update={
            "ip": first.ip or second.ip,
            "active": _either(first.active, second.active),
            "interface": first.interface or second.interface,
        }
    )


def _either(one: bool | None, other: bool | None) -> bool | None:  # noqa: FBT001 - two of a kind
    known = [flag for flag in (one, other) if flag is not None]
    return any(known) if known else None


def by_mac(hosts: Iterable[Host]) -> dict[str, Host]:
    """Index hosts by their MAC."""
    return {host.mac: host for host in hosts}
