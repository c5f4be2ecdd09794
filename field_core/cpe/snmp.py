"""An SNMP walk of a device as a `snmp-snapshot/1`.

Reads SNMPv2-MIB, IF-MIB, IP-MIB, BRIDGE-MIB, HOST-RESOURCES-MIB, ENTITY-MIB and its sensors. Total:
whatever comes in, a snapshot comes out.
"""

import ipaddress
from typing import Final

from field_core.cpe import addresses
from field_core.cpe.parsing import WHOLE_PCT
from field_core.cpe.snmp_model import ArpEntry, InterfaceState, SnmpInterface, SnmpSnapshot
from field_core.cpe.snmp_sensors import read_sensors
from field_core.cpe.snmp_walk import Walk

_SYS_UPTIME: Final = "1.3.6.1.2.1.1.3.0"
_SYS_NAME: Final = "1.3.6.1.2.1.1.5.0"
_IF: Final = "1.3.6.1.2.1.2.2.1"
_IFX: Final = "1.3.6.1.2.1.31.1.1.1"
_ARP_MAC: Final = "1.3.6.1.2.1.4.22.1.2"
_ARP_TYPE: Final = "1.3.6.1.2.1.4.22.1.4"
_BRIDGE_PORT_IF: Final = "1.3.6.1.2.1.17.1.4.1.2"
_FDB_PORT: Final = "1.3.6.1.2.1.17.4.3.1.2"
_STORAGE: Final = "1.3.6.1.2.1.25.2.3.1"
_STORAGE_RAM: Final = "1.3.6.1.2.1.25.2.1.2"
_LOAD: Final = "1.3.6.1.2.1.25.3.3.1.2"
_ENTITY: Final = "1.3.6.1.2.1.47.1.1.1.1"

_CHASSIS: Final = 3
_ARP_INVALID: Final = 2
_SPEED_SATURATED: Final = 4_294_967_295
"""What ifSpeed says of anything faster than it can say (RFC 2863)."""
_BITS_PER_MBIT: Final = 1_000_000
_TICKS_PER_S: Final = 100

_KINDS: Final = {
    6: "ethernet",
    23: "ppp",
    24: "loopback",
    71: "wifi",
    209: "bridge",
    250: "gpon",
}
"""ifType of the IANA registry; others are "other"."""
_STATES: Final[dict[int, InterfaceState]] = {
    1: "up",
    2: "down",
    3: "testing",
    5: "dormant",
    6: "down",
    7: "down",
}


def normalise_snmp(walk: object) -> SnmpSnapshot:
    """Read a walk `{oid: (tag, value)}`."""
    columns = Walk(walk)
    ticks = columns.number(_SYS_UPTIME)
    return SnmpSnapshot(
        sys_name=columns.text(_SYS_NAME),
        uptime_s=ticks // _TICKS_PER_S if ticks is not None and ticks >= 0 else None,
        interfaces=_interfaces(columns),
        optical=read_sensors(columns),
        arp=_arp(columns),
        cpu_pct=_load(columns),
        mem_used_pct=_memory(columns),
        serial=_of_chassis(columns, "11"),
        model=_of_chassis(columns, "13"),
    )


def _interfaces(walk: Walk) -> list[SnmpInterface]:
    kinds, names = walk.numbers(f"{_IF}.3"), _names(walk)
    admin, oper = walk.numbers(f"{_IF}.7"), walk.numbers(f"{_IF}.8")
    aliases, errors = walk.texts(f"{_IFX}.18"), walk.numbers(f"{_IF}.14")
    received = {**walk.numbers(f"{_IF}.10"), **walk.numbers(f"{_IFX}.6")}
    sent = {**walk.numbers(f"{_IF}.16"), **walk.numbers(f"{_IFX}.10")}
    speeds = _speeds(walk)
    return [
        SnmpInterface(
            name=name,
            kind=_KINDS.get(kinds.get(row, 0), "other"),
            admin=_STATES.get(admin.get(row, 0), "unknown"),
            oper=_STATES.get(oper.get(row, 0), "unknown"),
            speed_mbps=speeds.get(row),
            in_bytes=_counted(received.get(row)),
            out_bytes=_counted(sent.get(row)),
            alias=aliases.get(row),
            in_errors=_counted(errors.get(row)),
        )
        for row, name in names.items()
    ]


def _names(walk: Walk) -> dict[str, str]:
    """Return each interface's name: ifName, else ifDescr; without either it has no line."""
    return {**walk.texts(f"{_IF}.2"), **walk.texts(f"{_IFX}.1")}


def _speeds(walk: Walk) -> dict[str, int | float]:
    slow = {
        row: bits // _BITS_PER_MBIT if bits % _BITS_PER_MBIT == 0 else bits / _BITS_PER_MBIT
        for row, bits in walk.numbers(f"{_IF}.5").items()
        if 0 <= bits < _SPEED_SATURATED
    }
    high = {row: mbps for row, mbps in walk.numbers(f"{_IFX}.15").items() if mbps >= 0}
    return {**slow, **high}


def _counted(number: int | None) -> int | None:
    return number if number is not None and number >= 0 else None


def _arp(walk: Walk) -> list[ArpEntry]:
    kinds, names, behind = walk.numbers(_ARP_TYPE), _names(walk), _ports(walk)
    found = []
    for row, mac in walk.macs(_ARP_MAC).items():
        index, _, address = row.partition(".")
        ip = addresses.ipv4(address)
        if ip and kinds.get(row) != _ARP_INVALID:
            found.append(ArpEntry(ip=ip, mac=mac, port=behind.get(mac) or names.get(index)))
    return sorted(found, key=lambda entry: ipaddress.IPv4Address(entry.ip))


def _ports(walk: Walk) -> dict[str, str]:
    """Return the name of the port that each MAC is behind, by the bridge's own table."""
    interface_of, names = walk.numbers(_BRIDGE_PORT_IF), _names(walk)
    ports: dict[str, str] = {}
    for row, port in walk.numbers(_FDB_PORT).items():
        mac = _mac_of_index(row)
        name = names.get(str(interface_of.get(str(port))))
        if mac and name:
            ports[mac] = name
    return ports


def _mac_of_index(row: str) -> str | None:
    codes = [int(code) for code in row.split(".")]
    is_mac = all(code <= 255 for code in codes)  # noqa: PLR2004 - one byte each
    return addresses.mac("".join(f"{code:02X}" for code in codes)) if is_mac else None


def _load(walk: Walk) -> int | None:
    loads = [load for load in walk.numbers(_LOAD).values() if 0 <= load <= WHOLE_PCT]
    return round(sum(loads) / len(loads)) if loads else None


def _memory(walk: Walk) -> int | None:
    """Return how much of the first RAM area is used."""
    sizes, used = walk.numbers(f"{_STORAGE}.5"), walk.numbers(f"{_STORAGE}.6")
    for row, kind in walk.texts(f"{_STORAGE}.2").items():
        if kind.strip(".") == _STORAGE_RAM and 0 <= used.get(row, -1) <= sizes.get(row, 0) > 0:
            return round(100 * used[row] / sizes[row])
    return None


def _of_chassis(walk: Walk, column: str) -> str | None:
    """Return a text of the chassis, else the first that any entity has."""
    classes, texts = walk.numbers(f"{_ENTITY}.5"), walk.texts(f"{_ENTITY}.{column}")
    ordered = sorted(texts, key=lambda row: classes.get(row) != _CHASSIS)
    return texts[ordered[0]] if ordered else None
