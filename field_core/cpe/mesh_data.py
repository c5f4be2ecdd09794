"""DataElements, in the root of either data model: devices, their radios, networks and stations."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from field_core.cpe import addresses, bands, parsing
from field_core.cpe.families.dataelements import BAND_OF_CLASS, ROOTS
from field_core.cpe.model import Ssid
from field_core.cpe.tree import Tree

_EMPTY: Final = Tree(None)


@dataclass(frozen=True, slots=True)
class Network:
    """A `DataElements.Network`; the controller is the gateway that the document describes."""

    devices: tuple[Tree, ...]
    controller: Tree
    bands: Mapping[str, str]
    """The bands of the networks that the gateway's own tables know, by BSSID."""

    @property
    def own_radios(self) -> list[Tree]:
        """The radios of the gateway itself."""
        return self.controller.each("Radio.*")

    def own_radio(self, band: str) -> Tree:
        """Return the gateway's radio on a band, or an empty one."""
        return next((r for r in self.own_radios if self.band_of(r) == band), _EMPTY)

    def band_of(self, radio: Tree) -> str | None:
        """Return a radio's band: as TP-Link states it, by operating class, or by its networks."""
        stated = bands.band(radio.leaf("X_TP_Band").value)
        by_class = (_band_of_class(p) for p in radio.each("CurrentOperatingClassProfile.*"))
        bssids = (addresses.mac(bss.leaf("BSSID").value) for bss in radio.each("BSS.*"))
        by_network = (self.bands.get(bssid or "") for bssid in bssids)
        return next((band for band in (stated, *by_class, *by_network) if band), None)

    def networks_of(self, device: Tree) -> Iterator[tuple[str | None, Tree]]:
        """Return each network of a device with its band."""
        for radio in device.each("Radio.*"):
            for bss in radio.each("BSS.*"):
                yield self.band_of(radio), bss


def read_network(root: Tree, ssids: Iterable[Ssid]) -> Network:
    """Find the network, wherever the data model keeps it."""
    known = {ssid.bssid: ssid.band for ssid in ssids if ssid.bssid and ssid.band}
    for path in ROOTS:
        network = root.at(path)
        devices = tuple(network.each("Device.*"))
        if devices:
            return Network(devices, _controller(network, devices), known)
    return Network((), _EMPTY, known)


def _controller(network: Tree, devices: tuple[Tree, ...]) -> Tree:
    """Return the device that the network names, else the first, which it is by habit."""
    named = addresses.mac(network.leaf("ControllerID").value)
    return next((d for d in devices if named and mac_of(d) == named), devices[0])


def mac_of(device: Tree) -> str | None:
    """Return a device's identity in the mesh."""
    return addresses.mac(device.leaf("ID").value)


def _band_of_class(profile: Tree) -> str | None:
    number = parsing.count(profile.leaf("Class").value)
    found = (band for classes, band in BAND_OF_CLASS if number in classes)
    return next(found, bands.band_of_channel(profile.leaf("Channel").value))
