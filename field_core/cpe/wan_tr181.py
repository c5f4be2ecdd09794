"""Connections of TR-181: an `IP.Interface` and what lies under it, down to VLAN and port.

An XX230v lists its LAN, two dead USB modems, a DHCP connection on its Ethernet socket and the PPPoE
connection on the PON; only those towards the provider that are in use are read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from field_core.cpe import addresses, parsing, wan_parts
from field_core.cpe.families import CATALOGUE
from field_core.cpe.ledger import Ledger
from field_core.cpe.model import Quality, Wan, WanStatus
from field_core.cpe.tree import Leaf, Tree

LAYERS_MAX: Final = 8
"""The longest standard stack (IP, PPP, VLAN, link, bridge, port, PON) has seven; loops end here."""

Kind = Literal["pppoe", "dhcp", "static", "bridge", "unknown"]
_EMPTY: Final = Tree(None)


@dataclass(frozen=True, slots=True)
class _Stack:
    """A connection's parts: the IP interface, PPP and DHCP client on it, all layers below."""

    interface: Tree
    ppp: Tree
    dhcp: Tree
    layers: tuple[Tree, ...]

    def layer(self, kind: str) -> Tree:
        """Return the first layer of a kind, from the top."""
        return next((layer for layer in self.layers if f".{kind}." in f".{layer.path}"), _EMPTY)


def connections_tr181(root: Tree, ledger: Ledger) -> list[Wan]:
    """Read the connections towards the provider."""
    stacks = (stack for stack in _stacks(root) if _is_used(stack))
    return [_connection(stack, f"wan.{at}", ledger) for at, stack in enumerate(stacks)]


def _stacks(root: Tree) -> Iterator[_Stack]:
    clients = root.each("DHCPv4.Client.*")
    seen: set[str] = set()
    for interface in root.each("IP.Interface.*"):
        layers = tuple(_below(root, interface))
        stack = _Stack(interface, _EMPTY, _client_of(interface, clients), layers)
        stack = _Stack(interface, stack.layer("PPP.Interface"), stack.dhcp, layers)
        seen.add(stack.ppp.path)
        yield stack
    for ppp in root.each("PPP.Interface.*"):
        if ppp.path not in seen:
            yield _Stack(_EMPTY, ppp, _EMPTY, (ppp, *_below(root, ppp)))


def _below(root: Tree, tree: Tree) -> Iterator[Tree]:
    """Follow LowerLayers, the first of them where there are several."""
    for _ in range(LAYERS_MAX):
        path = parsing.text(tree.leaf("LowerLayers").value)
        if path is None:
            return
        tree = root.at(_inside(path.partition(",")[0], root))
        yield tree


def _inside(path: str, root: Tree) -> str:
    return path.strip().strip(".").removeprefix(f"{root.path}.")


def _client_of(interface: Tree, clients: list[Tree]) -> Tree:
    return next(
        (
            client
            for client in clients
            if str(client.leaf("Interface").value).rstrip(".") == interface.path
        ),
        _EMPTY,
    )


def _is_used(stack: _Stack) -> bool:
    kind = stack.interface.first(*CATALOGUE.connection_kind).value
    if str(kind).casefold() == "lan":
        return False
    if _status_of(stack) == "connected":
        return not _is_local(stack)
    socket = stack.layer("Ethernet.Interface")
    names = (layer.path for layer in stack.layers)
    is_unplugged = str(socket.leaf("Status").value).casefold() == "down"
    return not (_is_local(stack) or is_unplugged or wan_parts.is_dongle(kind, *names))


def _is_local(stack: _Stack) -> bool:
    """The customer's side: no PPP, no DHCP client, no upstream socket, no kind of a connection."""
    is_upstream = any(parsing.flag(layer.leaf("Upstream").value) for layer in stack.layers)
    kind = stack.interface.first(*CATALOGUE.connection_kind)
    return not (stack.ppp or stack.dhcp or is_upstream or not kind.is_empty)


def _status_of(stack: _Stack) -> WanStatus | None:
    return wan_parts.status(_status_leaf(stack).value)


def _status_leaf(stack: _Stack) -> Leaf:
    if stack.ppp:
        return stack.ppp.leaf("ConnectionStatus")
    own = stack.dhcp.first(*CATALOGUE.connection_status, "DHCPStatus")
    return stack.interface.leaf("Status") if own.is_empty else own


def _connection(stack: _Stack, at: str, ledger: Ledger) -> Wan:
    read, ppp, dhcp = ledger.read, stack.ppp, stack.dhcp
    size = ppp.leaf("CurrentMRUSize") if ppp else stack.interface.leaf("MaxMTUSize")
    error = ppp.leaf("LastConnectionError") if ppp else dhcp.leaf("X_TP_LastConnectionError")
    return Wan(
        type=_kind(stack),
        status=read(f"{at}.status", _status_leaf(stack), wan_parts.status) or "unknown",
        ipv4=_address(stack, at, ledger),
        gateway=read(
            f"{at}.gateway",
            _either(ppp.leaf("IPCP.RemoteIPAddress"), dhcp.leaf("IPRouters")),
            lambda value: next(iter(addresses.servers(value)), None),
            absent=addresses.NO_IPV4,
        ),
        dns=read(
            f"{at}.dns",
            _either(ppp.leaf("IPCP.DNSServers"), dhcp.leaf("DNSServers")),
            addresses.servers,
        )
        or [],
        vlan=read(
            f"{at}.vlan",
            stack.layer("VLANTermination").leaf("VLANID"),
            wan_parts.vlan,
            absent=(0, "0"),
        ),
        mtu=read(f"{at}.mtu", size, wan_parts.mtu, unit="bytes", absent=(0, "0")),
        services=_services(stack, at, ledger),
        last_error=read(f"{at}.last_error", error, wan_parts.last_error, absent=("ERROR_NONE",)),
    )


def _services(stack: _Stack, at: str, ledger: Ledger) -> list[str]:
    leaf = stack.interface.first(*CATALOGUE.services, *CATALOGUE.connection_name)
    ledger.note(f"{at}.services", leaf, Quality.MEASURED)
    return wan_parts.services(leaf.value)


def _kind(stack: _Stack) -> Kind:
    if stack.ppp:
        return "pppoe"
    if stack.dhcp:
        return "dhcp"
    stated = (tree.leaf("AddressingType").value for tree in stack.interface.each("IPv4Address.*"))
    kinds = (wan_parts.ADDRESSING.get(str(value).casefold()) for value in stated)
    return next((kind for kind in kinds if kind), "unknown")


def _address(stack: _Stack, at: str, ledger: Ledger) -> str | None:
    own = [tree.leaf("IPAddress") for tree in stack.interface.each("IPv4Address.*")]
    leaves = [*own, stack.ppp.leaf("IPCP.LocalIPAddress"), stack.dhcp.leaf("IPAddress")]
    believed = (leaf for leaf in leaves if addresses.ipv4(leaf.value))
    leaf = next(believed, next((leaf for leaf in leaves if not leaf.is_empty), leaves[0]))
    return ledger.read(f"{at}.ipv4", leaf, addresses.ipv4, absent=addresses.NO_IPV4)


def _either(one: Leaf, other: Leaf) -> Leaf:
    return other if one.is_empty else one
