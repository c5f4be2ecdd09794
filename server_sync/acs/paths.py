"""Which parts of a device's document are read: never the whole, which weighs 800 kB on an XX230v.

Objects, not parameters: the ACS projects by path, and instances are numbered as the device likes.
No path lies within another one (MongoDB refuses that).
"""

from typing import Final

from field_core.cpe.families import CATALOGUE

_INFO: Final = (
    "Manufacturer", "ModelName", "ProductClass", "SerialNumber", "HardwareVersion",
    "SoftwareVersion", "UpTime", "ProcessStatus", "MemoryStatus", "AccessType",
)  # fmt: skip
_OF_ACS: Final = ("_deviceId", "_lastInform", "_lastBoot")
_TR181: Final = (
    "Optical", "XPON", "WiFi.Radio", "WiFi.SSID", "WiFi.AccessPoint", "WiFi.MultiAP",
    "WiFi.DataElements", "Ethernet", "IP.Interface", "PPP.Interface", "DHCPv4.Client",
    "Bridging", "Hosts", "ManagementServer.PeriodicInformInterval", "IP.Diagnostics.IPPing",
)  # fmt: skip
_TR098: Final = (
    "WANDevice", "LANDevice.1.WLANConfiguration", "LANDevice.1.LANEthernetInterfaceConfig",
    "LANDevice.1.Hosts", "X_ALU_OntOpticalParam", "X_HW_APDevice", "DataElements",
    "ManagementServer.PeriodicInformInterval", "IPPingDiagnostics",
)  # fmt: skip


def _vendors(root: str) -> tuple[str, ...]:
    """Return where families keep processor and memory, where no object below brings it along."""
    paths = (*CATALOGUE.cpu_pct, *CATALOGUE.memory_pct)
    return tuple(f"{root}.{path}" for path in paths if path.startswith("DeviceInfo."))


def _of(root: str, objects: tuple[str, ...]) -> tuple[str, ...]:
    info = tuple(f"{root}.DeviceInfo.{name}" for name in _INFO)
    return (*info, *_vendors(root), *(f"{root}.{path}" for path in objects))


SNAPSHOT: Final = (
    *_OF_ACS,
    *dict.fromkeys((*_of("Device", _TR181), *_of("InternetGatewayDevice", _TR098))),
)
"""Everything that a snapshot is made of."""

STANDING: Final = _OF_ACS
"""Only when the device was last heard of, and when it last started."""

PINGS: Final = ("Device.IP.Diagnostics.IPPing", "InternetGatewayDevice.IPPingDiagnostics")
"""Where a device keeps the ping it does itself, in either data model."""

STATIONS: Final = (
    "Device.WiFi.MultiAP",
    "Device.WiFi.DataElements",
    "Device.WiFi.AccessPoint",
    "InternetGatewayDevice.LANDevice.1.WLANConfiguration",
)
"""Where stations are listed; the first one that a device has is read whole: they come and go."""
