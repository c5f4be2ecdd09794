"""Connections of TR-098: `WANDevice.i.WANConnectionDevice.j.WAN{PPP,IP}Connection.k`.

Which instance is which is not stable between units, so all are scanned and told apart by service.
"""

from collections.abc import Iterator
from typing import Final, Literal

from field_core.cpe import addresses, wan_parts
from field_core.cpe.device import uptime
from field_core.cpe.families import CATALOGUE
from field_core.cpe.ledger import Ledger
from field_core.cpe.model import Quality, Wan
from field_core.cpe.tree import Tree

_KINDS: Final = ("WANPPPConnection", "WANIPConnection")
_ACCESS: Final = "WANCommonInterfaceConfig.WANAccessType"

Kind = Literal["pppoe", "dhcp", "static", "bridge", "unknown"]


def connections_tr098(root: Tree, ledger: Ledger) -> list[Wan]:
    """Read all connections but those of a mobile modem that is not connected."""
    return [_connection(tree, f"wan.{at}", ledger) for at, tree in enumerate(_used(root))]


def _used(root: Tree) -> Iterator[Tree]:
    for device in root.each("WANDevice.*"):
        is_mobile = wan_parts.is_dongle(device.leaf(_ACCESS).value)
        for holder in device.each("WANConnectionDevice.*"):
            for tree in (tree for kind in _KINDS for tree in holder.each(f"{kind}.*")):
                is_up = wan_parts.status(tree.leaf("ConnectionStatus").value) == "connected"
                if is_up or not is_mobile:
                    yield tree


def _connection(tree: Tree, at: str, ledger: Ledger) -> Wan:
    read = ledger.read
    is_ppp = "WANPPPConnection" in tree.path
    mtu = (
        ("CurrentMRUSize", "InterfaceMtu", "MaxMRUSize")
        if is_ppp
        else ("MaxMTUSize", "InterfaceMtu")
    )
    return Wan(
        type=_kind(tree, is_ppp=is_ppp),
        status=read(f"{at}.status", tree.leaf("ConnectionStatus"), wan_parts.status) or "unknown",
        ipv4=read(
            f"{at}.ipv4",
            tree.leaf("ExternalIPAddress"),
            addresses.ipv4,
            absent=addresses.NO_IPV4,
        ),
        gateway=read(
            f"{at}.gateway",
            tree.first("DefaultGateway", "RemoteIPAddress"),
            addresses.ipv4,
            absent=addresses.NO_IPV4,
        ),
        dns=read(f"{at}.dns", tree.leaf("DNSServers"), addresses.servers) or [],
        vlan=_vlan(tree, at, ledger),
        mtu=read(f"{at}.mtu", tree.first(*mtu), wan_parts.mtu, unit="bytes", absent=(0, "0")),
        services=_services(tree, at, ledger),
        last_error=read(
            f"{at}.last_error",
            tree.leaf("LastConnectionError"),
            wan_parts.last_error,
            absent=("ERROR_NONE",),
        ),
        uptime_s=read(f"{at}.uptime_s", tree.leaf("Uptime"), uptime, unit="s"),
    )


def _kind(tree: Tree, *, is_ppp: bool) -> Kind:
    if "bridged" in str(tree.leaf("ConnectionType").value).casefold():
        return "bridge"
    if is_ppp:
        return "pppoe"
    return wan_parts.ADDRESSING.get(str(tree.leaf("AddressingType").value).casefold(), "unknown")


def _vlan(tree: Tree, at: str, ledger: Ledger) -> int | None:
    leaf = tree.first(*CATALOGUE.vlan)
    number = ledger.read(f"{at}.vlan", leaf, wan_parts.vlan, absent=(0, "0"))
    if number is None:
        name = tree.leaf("Name")
        number = wan_parts.vlan_of_name(name.value)
        if number is not None:
            ledger.note(f"{at}.vlan", name, Quality.ASSUMED)
    return number


def _services(tree: Tree, at: str, ledger: Ledger) -> list[str]:
    leaf = tree.first(*CATALOGUE.services, "Name")
    ledger.note(f"{at}.services", leaf, Quality.MEASURED)
    return wan_parts.services(leaf.value)
