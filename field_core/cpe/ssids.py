"""Networks that people may join: neither empty ones nor those that mesh nodes talk over."""

import re
from collections.abc import Iterator
from typing import Final, Literal

from field_core.canon import Json
from field_core.cpe import addresses, bands, parsing
from field_core.cpe.families import CATALOGUE
from field_core.cpe.ledger import Ledger
from field_core.cpe.model import Quality, Ssid
from field_core.cpe.tree import Tree

_BACKHAUL: Final = "backhaul"
_GUEST: Final = "guest"
_HIDDEN_BACKHAUL: Final = re.compile("[0-9a-f]{30}")
"""The name that TP-Link gives a backhaul: thirty hexadecimal digits, not advertised."""
_EMPTY: Final = Tree(None)


def read_ssids(root: Tree, ledger: Ledger) -> list[Ssid]:
    """Read the networks, in either data model."""
    return [*_tr181(root, ledger), *_tr098(root, ledger)]


def backhaul_bssids(root: Tree) -> frozenset[str]:
    """Return the BSSIDs that TP-Link's mesh table marks as backhaul."""
    networks = root.each("WiFi.MultiAP.APDevice.*.Radio.*.AP.*")
    macs = (addresses.mac(ap.leaf("BSSID").value) for ap in networks if is_backhaul(ap))
    return frozenset(mac for mac in macs if mac)


def is_backhaul(network: Tree) -> bool:
    """Tell whether a network of a mesh table serves nodes, not people."""
    stated = str(network.first("X_TP_Type", "X_TP_APType").value).casefold()
    is_back = parsing.flag(network.leaf("BackhaulUse").value)
    return stated == _BACKHAUL or bool(
        is_back and not parsing.flag(network.leaf("FronthaulUse").value)
    )


def _tr181(root: Tree, ledger: Ledger) -> Iterator[Ssid]:
    backhaul = backhaul_bssids(root)
    points = root.each("WiFi.AccessPoint.*")
    for tree in root.each("WiFi.SSID.*"):
        point = next((p for p in points if _refers(p, "SSIDReference", tree)), _EMPTY)
        if is_backhaul(point) or _is_hidden_backhaul(tree, point):
            continue
        ssid = _ssid(tree, point, _band_below(root, tree), ledger)
        if ssid is not None and ssid.bssid not in backhaul:
            yield ssid


def _tr098(root: Tree, ledger: Ledger) -> Iterator[Ssid]:
    for tree in root.each("LANDevice.*.WLANConfiguration.*"):
        ssid = _ssid(tree, tree, bands.band_of(tree), ledger)
        if ssid is not None:
            yield ssid


def _refers(tree: Tree, name: str, other: Tree) -> bool:
    return str(tree.leaf(name).value).rstrip(".") == other.path


def _is_hidden_backhaul(tree: Tree, point: Tree) -> bool:
    name = str(tree.leaf("SSID").value)
    is_shown = parsing.flag(point.leaf("SSIDAdvertisementEnabled").value)
    return is_shown is False and _HIDDEN_BACKHAUL.fullmatch(name) is not None


def _band_below(root: Tree, tree: Tree) -> str | None:
    radios = root.each("WiFi.Radio.*")
    radio = next((radio for radio in radios if _refers(tree, "LowerLayers", radio)), _EMPTY)
    stated = (bands.band(radio.leaf(path).value) for path in CATALOGUE.band)
    return next((band for band in stated if band), None)


def _ssid(tree: Tree, point: Tree, band: str | None, ledger: Ledger) -> Ssid | None:
    at = f"wifi.ssids.{tree.number}"
    name = _name(tree.leaf("SSID").value)
    if not name:
        return None
    ledger.note(f"{at}.ssid", tree.leaf("SSID"), Quality.MEASURED)
    bssid = ledger.read(
        f"{at}.bssid", tree.leaf("BSSID"), addresses.mac, absent=("00:00:00:00:00:00",)
    )
    switches = [parsing.flag(leaf.value) for leaf in (tree.leaf("Enable"), point.leaf("Enable"))]
    known = [switch for switch in switches if switch is not None]
    return Ssid(
        ssid=name,
        bssid=bssid,
        band=band,
        role=_role(point),
        enabled=all(known) if known else None,
    )


def _name(value: Json) -> str:
    """Return the text as it is: people put blanks, accents and pictures into it."""
    return value if isinstance(value, str) else ""


def _role(point: Tree) -> Literal["main", "guest"]:
    kind = str(point.leaf("X_TP_APType").value).casefold()
    flags = (parsing.flag(point.leaf(path).value) for path in CATALOGUE.guest)
    return "guest" if kind == _GUEST or any(flags) else "main"
