"""Who the device is and how it fares: maker, model, serial, firmware, uptime, processor, memory."""

from typing import Final

from field_core.cpe import parsing
from field_core.cpe.families import CATALOGUE
from field_core.cpe.ledger import Ledger
from field_core.cpe.model import Device, Quality
from field_core.cpe.tree import Leaf, Tree

UPTIME_S_MAX: Final = 20 * 366 * 86_400
"""Nothing of ours has run for twenty years."""

_CPU: Final = "DeviceInfo.ProcessStatus.CPUUsage"
_TOTAL: Final = "DeviceInfo.MemoryStatus.Total"
_FREE: Final = "DeviceInfo.MemoryStatus.Free"
_USELESS_CLASSES: Final = frozenset({"device2", "device", "igd", "internetgatewaydevice", "cpe"})
"""What TP-Link and others write where the product's class belongs."""


def read_device(document: Tree, root: Tree, ledger: Ledger) -> Device:
    """Read the device's own block; `document` holds what the ACS knows from the first inform."""
    registered = document.at("_deviceId")
    return Device(
        vendor=_vendor(registered, root, ledger),
        model=_model(registered, root, ledger),
        serial=_text(ledger, "serial", root, "SerialNumber", registered, "_SerialNumber"),
        firmware=ledger.read(
            "device.firmware", root.leaf("DeviceInfo.SoftwareVersion"), parsing.text
        ),
        hardware_version=ledger.read(
            "device.hardware_version", root.leaf("DeviceInfo.HardwareVersion"), parsing.text
        ),
        uptime_s=ledger.read("device.uptime_s", root.leaf("DeviceInfo.UpTime"), uptime, unit="s"),
        cpu_pct=_cpu(root, ledger),
        mem_used_pct=_memory(root, ledger),
    )


def uptime(value: object) -> int | None:
    """Return a time in whole seconds that something of ours may have been up."""
    seconds = parsing.count(value if isinstance(value, (str, int, float)) else None)
    return seconds if seconds is not None and seconds <= UPTIME_S_MAX else None


def _text(
    ledger: Ledger, field: str, root: Tree, name: str, registered: Tree, fallback: str
) -> str | None:
    leaf = root.leaf(f"DeviceInfo.{name}")
    found = registered.member(fallback) if leaf.is_empty else leaf
    return ledger.read(f"device.{field}", found, parsing.text)


def _vendor(registered: Tree, root: Tree, ledger: Ledger) -> str | None:
    name = _text(ledger, "vendor", root, "Manufacturer", registered, "_Manufacturer")
    if name is None or not CATALOGUE.vendors:
        return name
    known = (shown for key, shown in CATALOGUE.vendors.items() if name.upper().startswith(key))
    return next(known, name)


def _model(registered: Tree, root: Tree, ledger: Ledger) -> str | None:
    """Return the model's name, else a product class that says one, else the hardware's first word.

    Gateways say `Device2` or `IGD` for their class, and `XX230v v1.0 00000000` for their hardware.
    """
    named = root.leaf("DeviceInfo.ModelName")
    if not named.is_empty:
        return ledger.read("device.model", named, parsing.text)
    for leaf in (registered.member("_ProductClass"), root.leaf("DeviceInfo.ProductClass")):
        if not leaf.is_empty and str(leaf.value).casefold() not in _USELESS_CLASSES:
            return ledger.read("device.model", leaf, parsing.text)
    return ledger.read("device.model", root.leaf("DeviceInfo.HardwareVersion"), _first_word)


def _first_word(value: object) -> str | None:
    words = value.split() if isinstance(value, str) else []
    return words[0] if words else None


def _cpu(root: Tree, ledger: Ledger) -> int | None:
    for path in (_CPU, *CATALOGUE.cpu_pct):
        leaf = root.leaf(path)
        if not leaf.is_empty:
            value = ledger.read("device.cpu_pct", leaf, parsing.percent, unit="%")
            if value is not None:
                return value
    return None


def _memory(root: Tree, ledger: Ledger) -> int | None:
    total, free = root.leaf(_TOTAL), root.leaf(_FREE)
    share = _share(total, free)
    if share is not None:
        ledger.note("device.mem_used_pct", total, Quality.DERIVED, unit="%", raw_unit="kB")
        return share
    if not total.is_empty and not free.is_empty:
        ledger.disbelieve("device.mem_used_pct", free, unit="%")
    leaf = root.first(*CATALOGUE.memory_pct)
    return None if leaf.is_empty else ledger.read("device.mem_used_pct", leaf, parsing.percent)


def _share(total: Leaf, free: Leaf) -> int | None:
    all_kb, free_kb = parsing.number(total.value), parsing.number(free.value)
    if all_kb is None or free_kb is None or not 0 <= free_kb <= all_kb or not all_kb:
        return None
    return round(100 * (all_kb - free_kb) / all_kb)
