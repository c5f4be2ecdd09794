"""The shape of a family's table, and what all tables say together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Literal

from field_core.cpe.units import PowerUnit


@dataclass(frozen=True, slots=True)
class UnitRule:
    """A unit that a model's firmware settles: both must begin so."""

    model: str
    firmware: str
    unit: PowerUnit


@dataclass(frozen=True, slots=True, kw_only=True)
class Optics:
    """A transceiver: where it stands, names of its leaves (`^` is one part up), units, evidence."""

    at: str
    power: PowerUnit
    evidence: str
    rx: str = "RXPower"
    tx: str = "TXPower"
    temperature: str = "TransceiverTemperature"
    voltage: tuple[str, ...] = ("SupplyVottage", "SupplyVoltage")
    bias: str = "BiasCurrent"
    bias_scale: float | None = None
    """Amperes per step, where the unit is certain."""
    link: str = "Status"
    state: str | None = None
    pon_type: tuple[str, ...] = ()
    rules: tuple[UnitRule, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A leaf and its unit."""

    leaf: str
    unit: Literal["dBm", "rcpi", "kbps", "Mbps"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """What one family adds; paths are relative to the object that the field's reader looks at."""

    name: str
    vendors: Mapping[str, str] | None = None
    """Beginnings of the manufacturer's name, in capitals, and the name to show."""
    optics: tuple[Optics, ...] = ()
    cpu_pct: tuple[str, ...] = ()
    memory_pct: tuple[str, ...] = ()
    vlan: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    connection_kind: tuple[str, ...] = ()
    connection_name: tuple[str, ...] = ()
    connection_status: tuple[str, ...] = ()
    band: tuple[str, ...] = ()
    guest: tuple[str, ...] = ()
    port_name: tuple[str, ...] = ()
    signal: tuple[Column, ...] = ()
    down: tuple[Column, ...] = ()
    up: tuple[Column, ...] = ()
    station_name: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue(Family):
    """Every table's entries, one after the other."""

    @classmethod
    def of(cls, families: Iterable[Family]) -> "Catalogue":
        """Join tables in their order."""
        tables = tuple(families)
        vendors = {key: name for table in tables for key, name in (table.vendors or {}).items()}
        joined = {
            field.name: tuple(entry for table in tables for entry in getattr(table, field.name))
            for field in fields(Family)
            if field.name not in {"name", "vendors"}
        }
        return cls(name="all", vendors=vendors, **joined)
