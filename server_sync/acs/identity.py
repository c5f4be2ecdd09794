"""Which device of the ACS a Service Equipment is: by any MAC of its own, then by its serials.

Serials in the ERP may differ from those on labels (SC-07), so a MAC outweighs them. Only a device's
own addresses count: those of hosts behind it belong to other pieces of equipment.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Literal

from field_core import identity
from field_core.canon import Json
from field_core.cpe.tree import Tree

MatchedBy = Literal["mac", "gpon-serial", "serial"]
CLAUSES_MAX: Final = 16
"""In one query: some 2 kB of address, which every proxy lets through (nginx: 8 kB)."""

_SERIAL: Final = "_deviceId._SerialNumber"
_GPON: Final = "Device.Optical.Interface.1.GponAuth.GponSn"

OWN_MACS: Final = (
    "Device.Ethernet.Interface.*.MACAddress",
    "Device.Ethernet.Link.*.MACAddress",
    "Device.WiFi.MultiAP.APDevice.*.MACAddress",
    "Device.WiFi.SSID.*.BSSID",
    "Device.WiFi.DataElements.Network.ControllerID",
    "InternetGatewayDevice.LANDevice.1.LANEthernetInterfaceConfig.*.MACAddress",
    "InternetGatewayDevice.LANDevice.1.WLANConfiguration.*.BSSID",
    "InternetGatewayDevice.WANDevice.1.WANConnectionDevice.*.WANIPConnection.*.MACAddress",
    "InternetGatewayDevice.WANDevice.1.WANConnectionDevice.*.WANPPPConnection.*.MACAddress",
    "InternetGatewayDevice.X_HW_APDevice.*.APMacAddr",
)
"""Where devices keep addresses of their own (WAN, LAN, BSSID, mesh), seen in eleven trees."""
_COUNTS: Final = {1: 8, 2: 3}
"""Instances asked for: a path with one number up to 8, one with two up to 3 each."""


def queries(equipment: Mapping[str, Json]) -> Iterator[tuple[MatchedBy, list[dict[str, Json]]]]:
    """Yield the queries that find a piece of equipment, the way that is sure first."""
    forms = _mac_forms(equipment)
    if forms:
        clauses = [_clause(path, forms) for path in _numbered(OWN_MACS)]
        yield "mac", [{"$or": [*batch]} for batch in _batches(clauses)]
    gpon = [*_forms(equipment, "gpon_serial", "serial_aliases")]
    if gpon:
        yield "gpon-serial", [{"$or": [_clause(_SERIAL, gpon), _clause(_GPON, gpon)]}]
    serials = [*_forms(equipment, "serial_no")]
    if serials:
        yield "serial", [_clause(_SERIAL, serials)]


def matches(equipment: Mapping[str, Json], document: Mapping[str, Json]) -> MatchedBy | None:
    """Say by what a document is still the equipment's: devices are exchanged."""
    tree = Tree(dict(document))
    mac = identity.mac(str(equipment.get("mac_address") or ""))
    if mac and mac in own_macs(tree):
        return "mac"
    said = {str(tree.at("_deviceId").scalar("_SerialNumber")), str(tree.leaf(_GPON).value)}
    forms = {form for text in said for form in identity.serial_forms(text)}
    if forms.intersection(_forms(equipment, "gpon_serial", "serial_aliases")):
        return "gpon-serial"
    return "serial" if forms.intersection(_forms(equipment, "serial_no")) else None


def own_macs(tree: Tree) -> frozenset[str]:
    """Return every address of the device itself, as 12 digits."""
    leaves = (
        one.leaf(pattern.rpartition(".")[2]).value
        for pattern in OWN_MACS
        for one in tree.each(pattern.rpartition(".")[0])
    )
    macs = (identity.mac(value) for value in leaves if isinstance(value, str))
    return frozenset(mac for mac in macs if mac)


def newest(found: Sequence[Mapping[str, Json]]) -> str | None:
    """Return the id of the device that informed last: the others are what it replaced."""
    if not found:
        return None
    return str(max(found, key=lambda document: str(document.get("_lastInform") or ""))["_id"])


def _clause(path: str, forms: Iterable[str]) -> dict[str, Json]:
    return {path: {"$in": [*forms]}}


def _mac_forms(equipment: Mapping[str, Json]) -> list[str]:
    """Devices write addresses in either case; the ACS compares texts."""
    digits = identity.mac(str(equipment.get("mac_address") or ""))
    if digits is None:
        return []
    parted = ":".join(digits[at : at + 2] for at in range(0, len(digits), 2))
    return [parted, parted.lower()]


def _forms(equipment: Mapping[str, Json], *fields: str) -> Iterator[str]:
    for field in fields:
        for text in str(equipment.get(field) or "").replace(",", "\n").splitlines():
            yield from identity.serial_forms(text)


def _numbered(patterns: Iterable[str]) -> Iterator[str]:
    for pattern in patterns:
        count = _COUNTS.get(pattern.count("*"), 1)
        yield from _filled(pattern, count)


def _filled(pattern: str, count: int) -> Iterator[str]:
    head, star, rest = pattern.partition("*")
    if not star:
        yield pattern
        return
    for number in range(1, count + 1):
        yield from _filled(f"{head}{number}{rest}", count)


def _batches(clauses: list[dict[str, Json]]) -> Iterator[list[dict[str, Json]]]:
    for at in range(0, len(clauses), CLAUSES_MAX):
        yield clauses[at : at + CLAUSES_MAX]
