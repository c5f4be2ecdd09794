"""Limits: one table of settings, per PON class, that an operator or an OLT profile may override.

Every limit names its source; "own" marks a proposal without outside authority. A range holds its
bounds: a value on a bound belongs to the better grade. The middle of a range is `ok`, the rest of
the outer range is `watch`, outside of it is `bad`.
"""

from collections.abc import Mapping
from typing import Final, Self

from pydantic import BaseModel, ConfigDict, model_validator

from field_core.canon import Json
from field_core.cpe.model import Grade

OWN: Final = "own"


class _Setting(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Range(_Setting):
    """From `low` to `high`, both included; an open end is None."""

    low: float | None = None
    high: float | None = None

    def holds(self, value: float) -> bool:
        """Tell whether a value lies within."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"a range from {self.low} to {self.high} holds nothing")
        return self


class Limits(_Setting):
    """What is ok, what is still tolerable, in which unit, and who says so."""

    ok: Range
    watch: Range
    unit: str
    source: str

    def grade(self, value: float) -> Grade:
        """Return a value's grade."""
        if self.ok.holds(value):
            return Grade.OK
        return Grade.WATCH if self.watch.holds(value) else Grade.BAD

    def is_low(self, value: float) -> bool:
        """Tell whether the lower bound is the one to speak of: crossed, or the nearer."""
        low, high = self.watch.low, self.watch.high
        return low is not None and (high is None or value - low < high - value)

    def bound(self, value: float, grade: Grade) -> float | None:
        """Return the bound that a grade speaks of: the inner one of `watch`, else the outer."""
        of = self.ok if grade is Grade.WATCH else self.watch
        return of.low if self.is_low(value) else of.high


class PonClass(_Setting):
    """Limits of one class of optics, on the ONU's side."""

    rx_dbm: Limits
    tx_dbm: Limits | None = None


class OltProfile(_Setting):
    """What one OLT profile changes: the class of its optics, or single limits (DX-06)."""

    pon_class: str | None = None
    rx_dbm: Limits | None = None
    tx_dbm: Limits | None = None


class Thresholds(_Setting):
    """All limits."""

    pon_classes: dict[str, PonClass]
    class_of_type: dict[str, str]
    default_class: str
    olt_profiles: dict[str, OltProfile] = {}
    module_temperature_c: Limits
    bias_ma: Limits
    client_rssi_dbm: Limits
    backhaul_rssi_dbm: Limits
    channel_busy_pct: Limits
    idle_latency_ms: Limits
    loss_of_20: Limits
    loaded_latency_ms: Limits
    throughput_pct_of_plan: Limits
    hysteresis_db: float
    baseline_drop_db: float

    @model_validator(mode="after")
    def _names_known_classes(self) -> Self:
        profiles = (p.pon_class for p in self.olt_profiles.values() if p.pon_class)
        named = {self.default_class, *self.class_of_type.values(), *profiles}
        unknown = named - self.pon_classes.keys()
        if unknown:
            raise ValueError(f"no such class: {', '.join(sorted(unknown))}")
        return self

    def pon_class(self, pon_type: str | None, olt_profile: str | None = None) -> PonClass:
        """Return the limits for a kind of PON on an OLT profile; unknown ones use the default."""
        profile = self.olt_profiles.get(olt_profile or "", OltProfile())
        name = profile.pon_class or self.class_of_type.get(pon_type or "", self.default_class)
        chosen = self.pon_classes[name]
        return PonClass(
            rx_dbm=profile.rx_dbm or chosen.rx_dbm, tx_dbm=profile.tx_dbm or chosen.tx_dbm
        )


def read_thresholds(overrides: Mapping[str, Json] | None = None) -> Thresholds:
    """Return the table below with an operator's entries over it.

    Raises ValidationError of pydantic when an entry is unknown, unordered or names no class.
    """
    return Thresholds.model_validate({**SETTINGS, **(overrides or {})})


def _limits(
    unit: str,
    ok: tuple[float | None, float | None],
    watch: tuple[float | None, float | None],
    source: str,
) -> Json:
    return {
        "ok": {"low": ok[0], "high": ok[1]},
        "watch": {"low": watch[0], "high": watch[1]},
        "unit": unit,
        "source": source,
    }


_B_PLUS: Final = "ITU-T G.984.2 Amd 1, class B+, ONU side"
_XGS: Final = "ITU-T G.9807.1, N1/N2"

SETTINGS: Final[Mapping[str, Json]] = {
    "pon_classes": {
        "GPON B+": {
            "rx_dbm": _limits("dBm", (-25, -10), (-27, -8), _B_PLUS),
            "tx_dbm": _limits("dBm", (0.5, 5), (-0.5, 6), f"{_B_PLUS}; outer band: Nokia's alarms"),
        },
        "GPON C+": {
            "rx_dbm": _limits("dBm", (-28, -10), (-30, -8), "G.984.2 Amd 2, class C+ with FEC"),
        },
        "XGS-PON N1/N2": {"rx_dbm": _limits("dBm", (-26, -11), (-28, -9), _XGS)},
    },
    "class_of_type": {
        "GPON": "GPON B+",
        "XGS-PON": "XGS-PON N1/N2",
        "XG-PON": "XGS-PON N1/N2",
        "NG-PON2": "XGS-PON N1/N2",
    },
    "default_class": "GPON B+",
    "olt_profiles": {},
    "module_temperature_c": _limits("°C", (None, 60), (None, 70), "public XGS-PON ONU guide"),
    "bias_ma": _limits("mA", (4, 15), (0, 20), "public XGS-PON ONU guide"),
    "client_rssi_dbm": _limits("dBm", (-67, None), (-75, None), "-67 dBm: design for voice"),
    "backhaul_rssi_dbm": _limits("dBm", (-65, None), (-75, None), OWN),
    "channel_busy_pct": _limits("%", (None, 50), (None, 75), OWN),
    "idle_latency_ms": _limits("ms", (None, 20), (None, 50), OWN),
    "loss_of_20": _limits("probes", (None, 0), (None, 2), OWN),
    "loaded_latency_ms": _limits("ms", (None, 30), (None, 100), OWN),
    "throughput_pct_of_plan": _limits("%", (90, None), (70, None), OWN),
    "hysteresis_db": 0.5,
    "baseline_drop_db": 3.0,
}
DEFAULT: Final = read_thresholds()
