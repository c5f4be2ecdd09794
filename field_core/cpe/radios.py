"""Wi-Fi radios, one a band: channel, width, how busy the air is, noise."""

import re
from typing import Final

from field_core.canon import Json
from field_core.cpe import bands, parsing, units
from field_core.cpe.families import CATALOGUE
from field_core.cpe.ledger import Ledger
from field_core.cpe.mesh_data import Network
from field_core.cpe.model import Radio
from field_core.cpe.tree import Leaf, Tree

UTILIZATION_MAX: Final = 255
"""All of the time (Wi-Fi Alliance DataElements, as the BSS Load element of IEEE 802.11)."""
WIDTHS_MHZ: Final = frozenset({20, 40, 80, 160, 320})

_WIDTH: Final = re.compile(r"\s*(\d{2,3})\s*MHz\s*", re.IGNORECASE | re.ASCII)
_NO_NOISE: Final = (0, "0", 255, "255")


def read_radios(root: Tree, network: Network, ledger: Ledger) -> list[Radio]:
    """Read the device's own radios, in either data model, else those of DataElements."""
    found: dict[str, Radio] = {}
    for band, tree in _own(root, network):
        radio = _radio(band, tree, network, ledger)
        if band not in found or (radio.enabled and not found[band].enabled):
            found[band] = radio
    return list(found.values())


def _own(root: Tree, network: Network) -> list[tuple[str, Tree]]:
    radios = [(_stated(tree), tree) for tree in root.each("WiFi.Radio.*")]
    networks = [
        (bands.band_of(tree), tree) for tree in root.each("LANDevice.*.WLANConfiguration.*")
    ]
    fallback = [(network.band_of(tree), tree) for tree in network.own_radios]
    found = [(band, tree) for band, tree in (*radios, *networks) if band]
    return found or [(band, tree) for band, tree in fallback if band]


def _stated(radio: Tree) -> str | None:
    stated = (bands.band(radio.leaf(path).value) for path in CATALOGUE.band)
    return next(
        (band for band in stated if band), bands.band_of_channel(radio.leaf("Channel").value)
    )


def _radio(band: str, tree: Tree, network: Network, ledger: Ledger) -> Radio:
    at = f"wifi.radios.{band}"
    reported = network.own_radio(band)
    channel, width = tree.first("Channel", "X_TP_Channel"), "CurrentOperatingChannelBandwidth"
    return Radio(
        band=band,
        enabled=ledger.read(
            f"{at}.enabled", tree.first("RadioEnabled", "Enable", "Enabled"), parsing.flag
        ),
        channel=ledger.read(f"{at}.channel", channel, bands.channel, absent=(0, "0")),
        bandwidth_mhz=ledger.read(
            f"{at}.bandwidth_mhz", tree.first(width, "X_TP_Bandwidth"), _width, absent=("Auto",)
        ),
        utilization_pct=ledger.read(
            f"{at}.utilization_pct", reported.leaf("Utilization"), _utilization, unit="%"
        ),
        noise_dbm=_noise(at, tree.leaf("Stats.Noise"), reported.leaf("Noise"), ledger),
    )


def _width(value: Json) -> int | None:
    match = _WIDTH.fullmatch(value) if isinstance(value, str) else None
    return width if match and (width := int(match[1])) in WIDTHS_MHZ else None


def _utilization(value: Json) -> int | None:
    share = parsing.count(value)
    if share is None or share > UTILIZATION_MAX:
        return None
    return round(100 * share / UTILIZATION_MAX)


def _noise(at: str, own: Leaf, reported: Leaf, ledger: Ledger) -> float | None:
    """Read noise in dBm from the radio, else coded like RCPI from DataElements."""
    own_dbm = ledger.read(
        f"{at}.noise_dbm", own, parsing.converted(units.signal_dbm), unit="dBm", absent=_NO_NOISE
    )
    if own_dbm is not None or reported.is_empty:
        return own_dbm
    return ledger.read(
        f"{at}.noise_dbm", reported, parsing.converted(units.signal), unit="dBm", absent=_NO_NOISE
    )
