"""Optical sensors: ENTITY-SENSOR-MIB (RFC 3433), else what NET-SNMP-EXTEND-MIB tells.

A reading is value · scale / 10^precision. The MIB has no level: watts become dBm.
"""

import re
from collections.abc import Callable
from typing import Final

from field_core.cpe import parsing, units
from field_core.cpe.optical import onu_state
from field_core.cpe.snmp_model import SnmpOptical
from field_core.cpe.snmp_walk import Walk

_DESCR: Final = "1.3.6.1.2.1.47.1.1.1.1.2"
_NAME: Final = "1.3.6.1.2.1.47.1.1.1.1.7"
_TYPE: Final = "1.3.6.1.2.1.99.1.1.1.1"
_SCALE: Final = "1.3.6.1.2.1.99.1.1.1.2"
_PRECISION: Final = "1.3.6.1.2.1.99.1.1.1.3"
_VALUE: Final = "1.3.6.1.2.1.99.1.1.1.4"
_OPER: Final = "1.3.6.1.2.1.99.1.1.1.5"
_EXTEND_LINE: Final = "1.3.6.1.4.1.8072.1.3.2.3.1.1"
_EXTEND_RESULT: Final = "1.3.6.1.4.1.8072.1.3.2.3.1.4"

_OPER_OK: Final = 1
_PRECISION_MAX: Final = 9
_READING_MAX: Final = 1_000_000_000
"""EntitySensorValue and -Precision are bounded so by RFC 3433."""
_EXPONENTS: Final = {
    **{code: 3 * (code - 9) for code in range(1, 14)},
    14: 18,
    15: 15,
    16: 21,
    17: 24,
}
"""EntitySensorDataScale: yocto(1) to tera(13) by thousands, then exa(14) before peta(15)."""
_VOLTS: Final = frozenset({3, 4})
_AMPERES: Final = frozenset({5})
_WATTS: Final = frozenset({6})
_CELSIUS: Final = frozenset({8})
_OPTIC: Final = re.compile(r"optic|transceiver|sfp|laser|(?<![a-z])pon")
_LIGHT: Final = re.compile(r"(?<![a-z])(?:rx|tx|receive|transmit|launch)")
"""Watts received or sent are light, whatever else the name says."""

Convert = Callable[[float], float | None]


def read_sensors(walk: Walk) -> SnmpOptical | None:
    """Read the transceiver, or None when the walk knows of none."""
    named = _names(walk)
    found = SnmpOptical(
        rx_dbm=_sensor(walk, named, _WATTS, ("rx", "receive"), _rx, 2),
        tx_dbm=_sensor(walk, named, _WATTS, ("tx", "transmit", "launch"), _tx, 2),
        temperature_c=_sensor(walk, named, _CELSIUS, ("temp",), units.celsius, 1),
        voltage_v=_sensor(walk, named, _VOLTS, ("volt", "supply", "vcc"), units.volts, 3),
        bias_ma=_sensor(walk, named, _AMPERES, ("bias", "current"), units.milliamperes, 3),
    )
    lines = _extended(walk)
    told = {
        "rx_dbm": found.rx_dbm if found.rx_dbm is not None else _stated(lines.get("rx-power-dbm")),
        "tx_dbm": found.tx_dbm if found.tx_dbm is not None else _stated(lines.get("tx-power-dbm")),
        "pon_state": _pon_state(lines.get("ploam-state")),
    }
    is_known = bool(named) or not _EXTENDS.isdisjoint(lines)
    return found.model_copy(update=told) if is_known else None


_EXTENDS: Final = frozenset({"rx-power-dbm", "tx-power-dbm", "ploam-state"})


def _names(walk: Walk) -> dict[str, str]:
    """Return the names of the sensors that belong to a transceiver."""
    texts, names = walk.texts(_DESCR), walk.texts(_NAME)
    spoken = {
        row: f"{texts.get(row, '')} {names.get(row, '')}".casefold() for row in walk.numbers(_TYPE)
    }
    kinds = walk.numbers(_TYPE)
    return {
        row: text
        for row, text in spoken.items()
        if _OPTIC.search(text) or (kinds[row] in _WATTS and _LIGHT.search(text))
    }


def _sensor(
    walk: Walk,
    named: dict[str, str],
    types: frozenset[int],
    words: tuple[str, ...],
    convert: Convert,
    digits: int,
) -> float | None:
    kinds = walk.numbers(_TYPE)
    rows = (r for r, name in named.items() if kinds[r] in types and any(w in name for w in words))
    readings = (_reading(walk, row) for row in rows)
    values = (convert(reading) for reading in readings if reading is not None)
    found = next((value for value in values if value is not None), None)
    return None if found is None else round(found, digits)


def _reading(walk: Walk, row: str) -> float | None:
    """Return a sensor's reading in its own unit; one that does not work has none."""
    value = walk.numbers(_VALUE).get(row)
    exponent = _EXPONENTS.get(walk.numbers(_SCALE).get(row, 0))
    precision = walk.numbers(_PRECISION).get(row, 0)
    works = walk.numbers(_OPER).get(row, _OPER_OK) == _OPER_OK
    if value is None or exponent is None or not works or abs(value) > _READING_MAX:
        return None
    return value * 10.0 ** (exponent - precision) if abs(precision) <= _PRECISION_MAX else None


def _rx(watts: float) -> float | None:
    level = units.from_watts(watts)
    return level if level is not None and units.RX_DBM_MIN < level <= units.RX_DBM_MAX else None


def _tx(watts: float) -> float | None:
    level = units.from_watts(watts)
    return level if level is not None and units.TX_DBM_MIN <= level <= units.TX_DBM_MAX else None


def _extended(walk: Walk) -> dict[str, str]:
    """Return what the agent's own commands wrote, of those that ended well."""
    results = walk.numbers(_EXTEND_RESULT)
    lines = walk.texts(_EXTEND_LINE)
    return {_spelled(row): text for row, text in lines.items() if not results.get(row)}


def _spelled(row: str) -> str:
    """Return the text that an index spells: its length, then one number a character."""
    codes = [int(code) for code in row.split(".")[1:]]
    return "".join(chr(code) for code in codes if 32 <= code < 127)  # noqa: PLR2004 - printable ASCII


def _stated(text: str | None) -> float | None:
    level = parsing.number(text)
    return level if level and units.RX_DBM_MIN < level <= units.TX_DBM_MAX else None


def _pon_state(text: str | None) -> str | None:
    """Return `O5.1` from `51`, as the firmware of the WAS-110 writes it; `50` is `O5`."""
    if text is None or len(text) != 2 or not text.isdigit():  # noqa: PLR2004 - state and sub-state
        return onu_state(text)
    return onu_state(text[0] if text[1] == "0" else f"{text[0]}.{text[1]}")
