"""Verdicts on the light: none, not registered, too low, too high, fallen since installation."""

from collections.abc import Iterator, Mapping
from typing import Final

from field_core.cpe.grading import grade
from field_core.cpe.model import CpeSnapshot, Grade, Optical, Provenance
from field_core.cpe.thresholds import DEFAULT, Limits, Thresholds
from field_core.cpe.verdict import Verdict, verdict

Grades = Mapping[str, Grade]
"""The grades of an earlier run, by field, which hysteresis holds on to."""

RX: Final = "optical.rx_dbm"
DROP: Final = "optical.drop_db"
DARK_DBM: Final = -35.0
"""Below what any class hears (C+ reaches -30 with FEC): the floor of the receiver, not light."""

_NO_LIGHT: Final = ("O1", "O6")
"""Initial, and POPUP: light just lost (ITU-T G.984.3, 10.2)."""
_CODES: Final = {
    (Grade.BAD, True): "optical-low",
    (Grade.BAD, False): "optical-high",
    (Grade.WATCH, True): "optical-weak",
    (Grade.WATCH, False): "optical-strong",
}
_SHUT_OUT: Final = ("O2", "O3", "O4", "O7")
"""On the way to registration, and stopped by the OLT."""


def judge_level(
    rx_dbm: float,
    *,
    thresholds: Thresholds = DEFAULT,
    pon_type: str | None = None,
    olt_profile: str | None = None,
    baseline_rx_dbm: float | None = None,
    before: Grades | None = None,
    provenance: Provenance | None = None,
) -> Verdict:
    """Judge a receive level, wherever it was read; a fall since installation matters more."""
    limits = thresholds.pon_class(pon_type, olt_profile).rx_dbm
    level = _level(rx_dbm, limits, thresholds, before or {}, provenance)
    fall = _fall(rx_dbm, baseline_rx_dbm, thresholds, before or {}, provenance)
    return level if fall is None or level.grade is Grade.BAD else fall


def judge_optical(
    snapshot: CpeSnapshot,
    *,
    thresholds: Thresholds,
    olt_profile: str | None,
    baseline_rx_dbm: float | None,
    before: Grades,
) -> Iterator[Verdict]:
    """Judge a transceiver: whether there is light, then how much, then its laser."""
    optical, notes = snapshot.optical, snapshot.provenance
    code = _link(optical)
    if code is not None:
        field = "optical.onu_state" if optical.onu_state else "optical.link"
        state = optical.onu_state or optical.link
        yield verdict(code, Grade.BAD, field, value=state, provenance=notes.get(field))
    if optical.rx_dbm is not None:
        yield judge_level(
            optical.rx_dbm,
            thresholds=thresholds,
            pon_type=optical.pon_type,
            olt_profile=olt_profile,
            baseline_rx_dbm=baseline_rx_dbm,
            before=before,
            provenance=notes.get(RX),
        )
    elif code is None:
        yield verdict("optical-unknown", Grade.UNKNOWN, RX, provenance=notes.get(RX))
    yield from _laser(snapshot, thresholds, olt_profile)


def _link(optical: Optical) -> str | None:
    """Return what keeps the link down: darkness, or an OLT that does not let the ONU in."""
    state = (optical.onu_state or "")[:2]
    is_dark = optical.rx_dbm is None or optical.rx_dbm < DARK_DBM
    if state in _NO_LIGHT or (optical.link == "down" and is_dark):
        return "no-light"
    return "onu-not-registered" if state in _SHUT_OUT or optical.link == "down" else None


def _level(
    rx_dbm: float,
    limits: Limits,
    thresholds: Thresholds,
    before: Grades,
    provenance: Provenance | None,
) -> Verdict:
    found = grade(rx_dbm, limits, before=before.get(RX), margin=thresholds.hysteresis_db)
    return verdict(
        _CODES.get((found, limits.is_low(rx_dbm)), "optical-ok"),
        found,
        RX,
        value=rx_dbm,
        limits=limits,
        provenance=provenance,
    )


def _fall(
    rx_dbm: float,
    baseline_rx_dbm: float | None,
    thresholds: Thresholds,
    before: Grades,
    provenance: Provenance | None,
) -> Verdict | None:
    if baseline_rx_dbm is None:
        return None
    drop = round(baseline_rx_dbm - rx_dbm, 2)
    margin = thresholds.hysteresis_db if before.get(DROP) is Grade.BAD else 0.0
    if drop < thresholds.baseline_drop_db - margin:
        return None
    return verdict(
        "optical-drop",
        Grade.BAD,
        DROP,
        value=rx_dbm,
        limit=thresholds.baseline_drop_db,
        provenance=provenance,
        more={"drop": drop, "baseline": baseline_rx_dbm},
    )


def _laser(
    snapshot: CpeSnapshot, thresholds: Thresholds, olt_profile: str | None
) -> Iterator[Verdict]:
    optical = snapshot.optical
    tx_limits = thresholds.pon_class(optical.pon_type, olt_profile).tx_dbm
    checks = (
        ("tx-out-of-range", "optical.tx_dbm", optical.tx_dbm, tx_limits),
        (
            "module-hot",
            "optical.temperature_c",
            optical.temperature_c,
            thresholds.module_temperature_c,
        ),
        ("laser-ageing", "optical.bias_ma", optical.bias_ma, thresholds.bias_ma),
    )
    for code, field, value, limits in checks:
        if value is not None and limits is not None:
            found = limits.grade(value)
            is_told = code != "laser-ageing" or not limits.is_low(value)
            if found is not Grade.OK and is_told:
                yield verdict(
                    code,
                    found,
                    field,
                    value=value,
                    limits=limits,
                    provenance=snapshot.provenance.get(field),
                )
