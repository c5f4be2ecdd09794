"""Units of what transceivers and radios report, and what of it can be believed.

The same path means dBm on one firmware and 0.1 µW on the next. Where path, model and firmware
settle the unit, it is theirs; otherwise the value decides: a negative number can only be a level,
a positive one in a receive field only a power. A raw 0 is never 0 dBm.
"""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

RX_DBM_MIN: Final = -60.0
"""Below it, the value is in tenths or hundredths of a dBm."""
RX_DBM_MAX: Final = 5.0
"""Far above what any class lets in (-8 dBm, G.984.2); benches without attenuator reach -2.5."""
TX_DBM_MIN: Final = -10.0
TX_DBM_MAX: Final = 12.0
"""Lasers of ONUs send from 0.5 dBm (GPON B+) to 9 dBm (XGS-PON N2)."""
CELSIUS_MIN: Final = -40.0
CELSIUS_MAX: Final = 125.0
VOLT_MIN: Final = 2.5
VOLT_MAX: Final = 5.5
AMPERE_MAX: Final = 0.15
"""Fifteen times what a healthy laser draws."""
RCPI_MAX: Final = 220
"""221 to 254 are reserved and 255 means "not measured" (IEEE 802.11-2020, 9.4.2.37)."""
RSSI_DBM_MIN: Final = -120.0

_FIXED_POINT_FROM: Final = 1000
_MILLIVOLT_FROM: Final = 100
_TENTH_MILLIVOLT_FROM: Final = 10_000
_TENTHS_MAX: Final = 3
"""Tenths, hundredths, thousandths: finer steps have not been seen."""


class PowerUnit(StrEnum):
    """How a family writes an optical level."""

    DBM = "dBm"
    TENTH_DBM = "0.1 dBm"
    MILLI_DBM = "0.001 dBm"
    TENTH_MICROWATT = "0.1 µW"
    BY_VALUE = "by value"


_STATED: Final = frozenset({PowerUnit.DBM, PowerUnit.BY_VALUE})
"""Where a negative number is a level in dBm without any guessing: no power is negative."""


@dataclass(frozen=True, slots=True)
class Level:
    """An optical level, the unit chosen for it, and whether choosing was guessing."""

    dbm: float
    unit: PowerUnit
    is_assumed: bool = False


def received(raw: float, unit: PowerUnit) -> Level | None:
    """Return a receive level from -60 to +5 dBm, or None when the number can be none."""
    match unit:
        case PowerUnit.TENTH_MICROWATT if raw > 0:
            return _receivable(Level(_from_tenth_microwatt(raw), unit))
        case PowerUnit.TENTH_DBM if raw < 0:
            return _receivable(Level(raw / 10, unit))
        case PowerUnit.MILLI_DBM if raw < RX_DBM_MIN:
            return _receivable(Level(raw / 1000, unit))
        case PowerUnit.BY_VALUE if raw > 0:
            level = Level(_from_tenth_microwatt(raw), PowerUnit.TENTH_MICROWATT, is_assumed=True)
            return _receivable(level)
        case _ if raw < 0:
            return _negative(raw, is_assumed=unit not in _STATED)
    return None


def sent(raw: float, unit: PowerUnit) -> Level | None:
    """Return a launch level from -10 to +12 dBm, or None when the number can be none."""
    if not raw:
        return None
    if unit is not PowerUnit.BY_VALUE:
        return _launchable(Level(_scaled(raw, unit), unit)) if _scalable(raw, unit) else None
    guesses = (PowerUnit.TENTH_MICROWATT, PowerUnit.DBM)
    levels = (sent(raw, guess) for guess in guesses)
    return next((Level(level.dbm, level.unit, is_assumed=True) for level in levels if level), None)


def _negative(raw: float, *, is_assumed: bool) -> Level | None:
    """A level in dBm; below -60 in tenths, hundredths or thousandths of it."""
    if raw > RX_DBM_MIN:
        return Level(raw, PowerUnit.DBM, is_assumed=is_assumed)
    for power in range(1, _TENTHS_MAX + 1):
        if raw / 10**power > RX_DBM_MIN:
            return Level(raw / 10**power, PowerUnit.DBM, is_assumed=True)
    return None


def _scalable(raw: float, unit: PowerUnit) -> bool:
    return unit is not PowerUnit.TENTH_MICROWATT or raw > 0


def _scaled(raw: float, unit: PowerUnit) -> float:
    if unit is PowerUnit.TENTH_MICROWATT:
        return _from_tenth_microwatt(raw)
    return raw / {PowerUnit.TENTH_DBM: 10, PowerUnit.MILLI_DBM: 1000}.get(unit, 1)


def _from_tenth_microwatt(raw: float) -> float:
    return 10 * math.log10(raw) - 40


def _receivable(level: Level) -> Level | None:
    return level if RX_DBM_MIN < level.dbm <= RX_DBM_MAX else None


def _launchable(level: Level) -> Level | None:
    return level if TX_DBM_MIN <= level.dbm <= TX_DBM_MAX else None


def from_watts(watts: float) -> float | None:
    """Return a power in dBm; nothing has no level."""
    return 10 * math.log10(watts) + 30 if watts > 0 else None


def celsius(raw: float) -> float | None:
    """Return a temperature in °C; above 1000 it is in 1/256 °C; 0 means "not read"."""
    value = raw / 256 if abs(raw) > _FIXED_POINT_FROM else raw
    return value if raw and CELSIUS_MIN <= value <= CELSIUS_MAX else None


def volts(raw: float) -> float | None:
    """Return a supply voltage in V; above 100 it is in mV, above 10,000 in 0.1 mV."""
    if raw > _TENTH_MILLIVOLT_FROM:
        value = raw / 10_000
    else:
        value = raw / 1000 if raw > _MILLIVOLT_FROM else raw
    return value if VOLT_MIN <= value <= VOLT_MAX else None


def milliamperes(amperes: float) -> float | None:
    """Return a laser's bias current in mA; 0 means "not read"."""
    return amperes * 1000 if 0 < amperes <= AMPERE_MAX else None


def from_rcpi(raw: float) -> float | None:
    """Return a signal in dBm from an RCPI: v/2 - 110 for 1 to 220 (IEEE 802.11-2020, 9.4.2.37)."""
    return raw / 2 - 110 if 0 < raw <= RCPI_MAX else None


def signal_dbm(raw: float) -> float | None:
    """Return a signal written in dBm; 0 and positive numbers are bars or nothing."""
    return raw if RSSI_DBM_MIN <= raw < 0 else None


def signal(raw: float) -> float | None:
    """Return a signal from a field that is RCPI by standard and dBm on some firmware (Nokia)."""
    return signal_dbm(raw) if raw < 0 else from_rcpi(raw)
