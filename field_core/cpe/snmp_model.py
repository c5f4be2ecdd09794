"""What a device says over SNMP, in one schema: `snmp-snapshot/1`."""

from typing import Literal

from pydantic import Field

from field_core.cpe.model import Part

InterfaceState = Literal["up", "down", "testing", "dormant", "unknown"]


class SnmpInterface(Part):
    """One interface; bytes are from the 64-bit counters where there are such."""

    name: str
    kind: str
    admin: InterfaceState = "unknown"
    oper: InterfaceState = "unknown"
    speed_mbps: int | float | None = None
    in_bytes: int | None = None
    out_bytes: int | None = None
    alias: str | None = None
    in_errors: int | None = None


class SnmpOptical(Part):
    """The transceiver's sensors; `pon_state` is a state of ITU-T G.9807.1 (`O5.1`)."""

    rx_dbm: float | None = None
    tx_dbm: float | None = None
    temperature_c: float | None = None
    voltage_v: float | None = None
    bias_ma: float | None = None
    pon_state: str | None = None


class ArpEntry(Part):
    """A host on the LAN and the port that it is behind."""

    ip: str
    mac: str
    port: str | None = None


class SnmpSnapshot(Part):
    """A device at the time of the walk."""

    schema_: Literal["snmp-snapshot/1"] = Field(default="snmp-snapshot/1", alias="schema")
    sys_name: str | None = None
    uptime_s: int | None = None
    interfaces: list[SnmpInterface] = Field(default_factory=list)
    optical: SnmpOptical | None = None
    arp: list[ArpEntry] = Field(default_factory=list)
    cpu_pct: int | None = None
    mem_used_pct: int | None = None
    serial: str | None = None
    model: str | None = None
