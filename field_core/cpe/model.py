"""What is known of a customer's device, in one schema whatever made it: `cpe-snapshot/1`.

Units are in the names: dBm, °C, V, seconds, kbit/s, Mbit/s, per cent. None means that the device
gave nothing believable. `provenance` says for each value where it comes from and how good it is,
by its place in the snapshot (`optical.rx_dbm`, `wifi.clients.02:11:22:33:44:01.rssi_dbm`).
"""

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, computed_field, model_validator


class Part(BaseModel):
    """A frozen piece of a snapshot, which writes its members under their schema's names."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True
    )


class Quality(StrEnum):
    """How far a value may be relied on."""

    MEASURED = "measured"
    """The device says so, in a unit that the path, model and firmware settle."""
    ASSUMED = "assumed"
    """The unit was chosen by the value, or the place by habit."""
    DERIVED = "derived"
    """Computed from several parameters."""
    IMPLAUSIBLE = "implausible"
    """The device wrote something that cannot be; the value is None."""
    MISSING = "missing"
    """The parameter is known and holds nothing; the value is None."""


class Provenance(Part):
    """Where a value comes from: path, raw value and its unit, age in seconds at `evaluate_at`."""

    source: str
    unit: str | None = None
    raw: str | int | float | bool | None = None
    raw_unit: str | None = None
    age_s: int | None = None
    quality: Quality


class SnapshotWarning(Part):
    """What a reader must know: `unit_assumed`, `implausible`, `missing`, `stale` or `cgnat`."""

    code: Literal["unit_assumed", "implausible", "missing", "stale", "cgnat"]
    field: str


class Grade(StrEnum):
    """How good a quantity or a part is."""

    OK = "ok"
    WATCH = "watch"
    BAD = "bad"
    UNKNOWN = "unknown"


class Device(Part):
    """The device itself; `cpu_pct` is the busiest core."""

    vendor: str | None = None
    model: str | None = None
    serial: str | None = None
    firmware: str | None = None
    hardware_version: str | None = None
    uptime_s: int | None = None
    cpu_pct: int | None = None
    mem_used_pct: int | None = None


class Optical(Part):
    """The PON transceiver; `onu_state` is a state of ITU-T G.984.3 (`O1` to `O7`)."""

    present: bool = False
    pon_type: str | None = None
    link: Literal["up", "down", "unknown"] = "unknown"
    onu_state: str | None = None
    rx_dbm: float | None = None
    tx_dbm: float | None = None
    temperature_c: float | None = None
    voltage_v: float | None = None
    bias_ma: float | None = None
    unit_assumed: bool = False


WanStatus = Literal["connected", "connecting", "disconnected", "unknown"]


class Wan(Part):
    """One connection towards the provider; addresses are IPv4, `services` a known few."""

    type: Literal["pppoe", "dhcp", "static", "bridge", "unknown"] = "unknown"
    status: WanStatus = "unknown"
    ipv4: str | None = None
    gateway: str | None = None
    dns: list[str] = Field(default_factory=list)
    vlan: int | None = None
    mtu: int | None = None
    services: list[str] = Field(default_factory=list)
    last_error: str | None = None
    primary: bool = False
    uptime_s: int | None = None


class Radio(Part):
    """One Wi-Fi band of the device."""

    band: str
    enabled: bool | None = None
    channel: int | None = None
    bandwidth_mhz: int | None = None
    utilization_pct: int | None = None
    noise_dbm: float | None = None


class Ssid(Part):
    """One network that people may join; the text is the customer's, untouched."""

    ssid: str
    bssid: str | None = None
    band: str | None = None
    role: Literal["main", "guest"] = "main"
    enabled: bool | None = None


class Client(Part):
    """One station on the Wi-Fi; rates are kbit/s, `node_mac` the mesh node that it is on."""

    mac: str
    band: str | None = None
    rssi_dbm: float | None = None
    down_kbps: int | None = None
    up_kbps: int | None = None
    node_mac: str | None = None
    ip: str | None = None
    hostname: str | None = None


class Wifi(Part):
    """All of the Wi-Fi."""

    radios: list[Radio] = Field(default_factory=list)
    ssids: list[Ssid] = Field(default_factory=list)
    clients: list[Client] = Field(default_factory=list)


class Port(Part):
    """One Ethernet socket."""

    name: str
    link: Literal["up", "down", "unknown"] = "unknown"
    speed_mbps: int | None = None


class Host(Part):
    """One thing on the customer's network."""

    mac: str
    ip: str | None = None
    hostname: str | None = None
    active: bool | None = None
    interface: Literal["wifi", "ethernet"] | None = None


class Lan(Part):
    """The customer's side."""

    ports: list[Port] = Field(default_factory=list)
    hosts: list[Host] = Field(default_factory=list)


class Node(Part):
    """One node of a mesh; the backhaul is its own link towards the controller."""

    mac: str | None = None
    model: str | None = None
    serial: str | None = None
    role: Literal["controller", "agent"] = "agent"
    online: bool | None = None
    backhaul: Literal["none", "wifi", "ethernet", "unknown"] = "unknown"
    backhaul_rssi_dbm: float | None = None
    backhaul_rate_mbps: int | None = None
    ip: str | None = None
    clients: int = 0


class Mesh(Part):
    """The nodes as the device lists them; enabled when at least one is an agent."""

    enabled: bool = False
    nodes: list[Node] = Field(default_factory=list)


class Health(Part):
    """One grade per part and one over all, by the default limits of its PON class."""

    optical: Grade = Grade.UNKNOWN
    wan: Grade = Grade.UNKNOWN
    wifi: Grade = Grade.UNKNOWN
    mesh: Grade = Grade.OK
    overall: Grade = Grade.UNKNOWN


class CpeSnapshot(Part):
    """A device at an instant."""

    schema_: Literal["cpe-snapshot/1"] = Field(default="cpe-snapshot/1", alias="schema")
    evaluate_at: str | None = None
    last_inform: str | None = None
    inform_age_s: int | None = None
    device_id: str | None = None
    data_model: Literal["TR-181", "TR-098"] | None = None
    device: Device
    optical: Optical
    wan: list[Wan]
    wifi: Wifi
    lan: Lan
    mesh: Mesh
    health: Health
    warnings: list[SnapshotWarning]
    provenance: dict[str, Provenance]

    @model_validator(mode="before")
    @classmethod
    def _without_codes(cls, data: object) -> object:
        """Take in what was written out: the codes are computed, and come back as text."""
        if isinstance(data, dict):
            return {name: value for name, value in data.items() if name != "warning_codes"}
        return data

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorated property
    @property
    def warning_codes(self) -> list[str]:
        """The codes of the warnings, each once, sorted."""
        return sorted({warning.code for warning in self.warnings})
