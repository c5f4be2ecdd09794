"""The transceiver: levels, temperature, voltage, link and ONU state, in whatever tree and unit."""

import re
from collections.abc import Callable, Iterator
from typing import Final, Literal, NamedTuple

from field_core.canon import Json
from field_core.cpe import parsing, units
from field_core.cpe.families import CATALOGUE, Optics
from field_core.cpe.ledger import Ledger
from field_core.cpe.model import Device, Optical, Quality
from field_core.cpe.tree import Leaf, Tree
from field_core.cpe.units import Level, PowerUnit

_UP: Final = frozenset({"up", "online", "connected"})
_DOWN: Final = frozenset(
    {"down", "nolink", "lowerlayerdown", "disabled", "notpresent", "offline", "error"}
)
_STATE: Final = re.compile(r"O?([1-9](?:\.[1-9])?)", re.ASCII | re.IGNORECASE)
_PON_TYPES: Final = (
    ("XGS", "XGS-PON"),
    ("NGPON2", "NG-PON2"),
    ("XGPON", "XG-PON"),
    ("10GPON", "XG-PON"),
    ("EPON", "EPON"),
    ("GPON", "GPON"),
)
_ACCESS: Final = ("DeviceInfo.AccessType", "WANDevice.1.WANCommonInterfaceConfig.WANAccessType")
_NO_CELSIUS: Final[tuple[Json, ...]] = (-274, "-274")
"""TR-181's "no reading": one below absolute zero."""

Link = Literal["up", "down", "unknown"]


class _Source(NamedTuple):
    """A transceiver found in the tree, and its receive level if believable."""

    optics: Optics
    tree: Tree
    leaf: Leaf
    rx: Level | None


def read_optical(root: Tree, device: Device, ledger: Ledger) -> Optical:
    """Read the transceiver that tells a level, else the first that there is."""
    sources = list(_sources(root, device))
    if not sources:
        return Optical()
    source = next((s for s in sources if s.rx), None)
    source = source or next((s for s in sources if not s.leaf.is_empty), sources[0])
    rx = _noted_rx(source, ledger)
    tx = _transmit(source, device, ledger)
    is_assumed = any(level is not None and level.is_assumed for level in (rx, tx))
    if is_assumed:
        ledger.warn("unit_assumed", "optical.rx_dbm" if rx and rx.is_assumed else "optical.tx_dbm")
    return Optical(
        present=True,
        pon_type=_pon_type(source, root, ledger),
        link=link_of(source.tree.leaf(source.optics.link), "optical.link", ledger),
        onu_state=_onu_state(source, ledger),
        rx_dbm=round(rx.dbm, 2) if rx else None,
        tx_dbm=round(tx.dbm, 2) if tx else None,
        temperature_c=_quantity(source, (source.optics.temperature,), "temperature_c", ledger),
        voltage_v=_quantity(source, source.optics.voltage, "voltage_v", ledger),
        bias_ma=_bias(source, ledger),
        unit_assumed=is_assumed,
    )


def link_of(leaf: Leaf, field: str, ledger: Ledger) -> Link:
    """Return what an interface's Status says of its link."""
    return ledger.read(field, leaf, _link, absent=("Unknown", "Dormant", "Testing")) or "unknown"


def _link(value: Json) -> Link | None:
    word = str(value).strip().casefold()
    if word in _UP:
        return "up"
    return "down" if word in _DOWN else None


def _sources(root: Tree, device: Device) -> Iterator[_Source]:
    for optics in CATALOGUE.optics:
        for tree in root.each(optics.at):
            if tree.knows(optics.rx) or tree.knows(optics.tx):
                leaf = tree.leaf(optics.rx)
                yield _Source(optics, tree, leaf, _level(leaf, optics, device, units.received))


def _level(
    leaf: Leaf,
    optics: Optics,
    device: Device,
    convert: Callable[[float, PowerUnit], Level | None],
) -> Level | None:
    stated = parsing.stated_dbm(leaf.value)
    if stated is not None:
        return convert(stated, PowerUnit.DBM)
    raw = parsing.number(leaf.value)
    return None if raw is None else convert(raw, _unit(optics, device))


def _unit(optics: Optics, device: Device) -> PowerUnit:
    model, firmware = device.model or "", device.firmware or ""
    rules = (r for r in optics.rules if r.model in model and firmware.startswith(r.firmware))
    return next((rule.unit for rule in rules), optics.power)


def _noted_rx(source: _Source, ledger: Ledger) -> Level | None:
    return _noted("optical.rx_dbm", source.leaf, source.rx, ledger)


def _noted(field: str, leaf: Leaf, level: Level | None, ledger: Ledger) -> Level | None:
    if level is not None:
        quality = Quality.ASSUMED if level.is_assumed else Quality.MEASURED
        ledger.note(field, leaf, quality, unit="dBm", raw_unit=level.unit)
    elif leaf.is_empty:
        ledger.note(field, leaf, Quality.MISSING, unit="dBm")
    else:
        ledger.disbelieve(field, leaf, unit="dBm")
    return level


def _transmit(source: _Source, device: Device, ledger: Ledger) -> Level | None:
    """Read the launch level in the unit that the receive level turned out to be in."""
    leaf = source.tree.leaf(source.optics.tx)
    optics = source.optics
    if source.rx and optics.power is PowerUnit.BY_VALUE:
        raw = parsing.number(leaf.value)
        level = units.sent(raw, source.rx.unit) if raw is not None else None
        if level:
            level = Level(level.dbm, level.unit, is_assumed=source.rx.is_assumed)
        return _noted("optical.tx_dbm", leaf, level, ledger)
    return _noted("optical.tx_dbm", leaf, _level(leaf, optics, device, units.sent), ledger)


def _pon_type(source: _Source, root: Tree, ledger: Ledger) -> str | None:
    stated = [source.tree.leaf(path) for path in source.optics.pon_type]
    for leaf in (*stated, *(root.leaf(path) for path in _ACCESS), Leaf(source.tree.path, "")):
        kind = pon_type(leaf.value)
        if kind:
            ledger.note("optical.pon_type", leaf, Quality.MEASURED)
            return kind
    return None


def pon_type(value: Json) -> str | None:
    """Return the kind of PON that a text names: `GPON`, `XGS-PON`, `XG-PON`, `NG-PON2`, `EPON`."""
    name = value.upper().replace("-", "") if isinstance(value, str) else ""
    return next((kind for mark, kind in _PON_TYPES if mark in name), None)


def _onu_state(source: _Source, ledger: Ledger) -> str | None:
    if source.optics.state is None:
        return None
    return ledger.read("optical.onu_state", source.tree.leaf(source.optics.state), onu_state)


def onu_state(value: Json) -> str | None:
    """Return an ONU's state as `O5` or `O5.1` (ITU-T G.984.3, G.9807.1), from `5` or `O5`."""
    match = _STATE.fullmatch(str(value).strip())
    return f"O{match[1]}" if match else None


def _quantity(source: _Source, paths: tuple[str, ...], field: str, ledger: Ledger) -> float | None:
    convert, unit, digits = _QUANTITIES[field]
    value = ledger.read(
        f"optical.{field}",
        source.tree.first(*paths),
        parsing.converted(convert),
        unit=unit,
        absent=_NO_CELSIUS,
    )
    return None if value is None else round(value, digits)


_QUANTITIES: Final[dict[str, tuple[Callable[[float], float | None], str, int]]] = {
    "temperature_c": (units.celsius, "°C", 1),
    "voltage_v": (units.volts, "V", 3),
}


def _bias(source: _Source, ledger: Ledger) -> float | None:
    """Read the bias current where its unit is certain; on TP-Link and ZTE it is not."""
    scale = source.optics.bias_scale
    if scale is None:
        return None
    value = ledger.read(
        "optical.bias_ma",
        source.tree.leaf(source.optics.bias),
        parsing.converted(lambda raw: units.milliamperes(raw * scale)),
        unit="mA",
    )
    return None if value is None else round(value, 3)
