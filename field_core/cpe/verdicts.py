"""All verdicts on a snapshot, the one that matters first.

The order of advice: light, registration, level, then the connection, then the Wi-Fi; within a grade
the earlier cause comes first, since it explains the later ones.
"""

from collections.abc import Iterator, Mapping
from typing import Final, assert_never

from field_core.cpe import addresses
from field_core.cpe.health import node_grade
from field_core.cpe.model import CpeSnapshot, Grade, Wan
from field_core.cpe.optical_verdicts import Grades, judge_level, judge_optical
from field_core.cpe.sentences import SENTENCES
from field_core.cpe.thresholds import DEFAULT, Limits, Thresholds
from field_core.cpe.verdict import Verdict, verdict

__all__ = ["Grades", "Verdict", "grades_of", "judge", "judge_level"]

_SEVERITY: Final = (Grade.BAD, Grade.WATCH, Grade.UNKNOWN, Grade.OK)
_ORDER: Final[Mapping[str, int]] = {code: place for place, code in enumerate(SENTENCES)}
_AUTH: Final = "ERROR_AUTHENTICATION_FAILURE"
_NO_ANSWER: Final = frozenset({"ERROR_ISP_TIME_OUT", "ERROR_NO_CARRIER"})
_S_PER_MIN: Final = 60


def judge(
    snapshot: CpeSnapshot,
    *,
    thresholds: Thresholds = DEFAULT,
    olt_profile: str | None = None,
    baseline_rx_dbm: float | None = None,
    before: Grades | None = None,
) -> list[Verdict]:
    """Judge a snapshot; the first verdict is the headline."""
    found = [
        *judge_optical(
            snapshot,
            thresholds=thresholds,
            olt_profile=olt_profile,
            baseline_rx_dbm=baseline_rx_dbm,
            before=before or {},
        ),
        *_wan(snapshot),
        *_wifi(snapshot, thresholds),
        *_mesh(snapshot, thresholds),
        *_age(snapshot),
    ]
    if all(one.grade is Grade.OK for one in found):
        return [verdict("all-good", Grade.OK, "health.overall"), *found]
    return sorted(found, key=_urgency)


def grades_of(verdicts: list[Verdict]) -> dict[str, Grade]:
    """Return the grade of each field, for the next run's `before`."""
    return {one.field: one.grade for one in verdicts}


def _urgency(one: Verdict) -> tuple[int, int]:
    return _SEVERITY.index(one.grade), _ORDER[one.code]


def _wan(snapshot: CpeSnapshot) -> Iterator[Verdict]:
    at, wan = next(((at, wan) for at, wan in enumerate(snapshot.wan) if wan.primary), (0, Wan()))
    field = f"wan.{at}.status"
    code, found = _line(wan)
    value = wan.last_error if found is Grade.BAD else wan.status
    yield verdict(code, found, field, value=value, provenance=snapshot.provenance.get(field))
    if addresses.is_cgnat(wan.ipv4):
        field = f"wan.{at}.ipv4"
        note = snapshot.provenance.get(field)
        yield verdict("wan-cgnat", Grade.WATCH, field, value=wan.ipv4, provenance=note)


def _line(wan: Wan) -> tuple[str, Grade]:
    match wan.status:
        case "connected":
            if wan.ipv4 or wan.type == "bridge":
                return "wan-ok", Grade.OK
            return "wan-no-address", Grade.WATCH
        case "connecting":
            return "wan-connecting", Grade.WATCH
        case "unknown":
            return "wan-unknown", Grade.UNKNOWN
        case "disconnected":
            if wan.last_error == _AUTH:
                return "wan-auth", Grade.BAD
            return "wan-no-answer" if wan.last_error in _NO_ANSWER else "wan-down", Grade.BAD
        case _:
            assert_never(wan.status)


def _wifi(snapshot: CpeSnapshot, thresholds: Thresholds) -> Iterator[Verdict]:
    """Judge the worst station and every busy channel."""
    heard = [c for c in snapshot.wifi.clients if c.rssi_dbm is not None]
    worst = min(heard, key=lambda client: client.rssi_dbm or 0.0, default=None)
    if worst is not None:
        yield from _limited(
            snapshot,
            "client-weak",
            f"wifi.clients.{worst.mac}.rssi_dbm",
            worst.rssi_dbm,
            thresholds.client_rssi_dbm,
            worst.hostname or worst.mac,
        )
    for radio in snapshot.wifi.radios:
        busy = None if radio.utilization_pct is None else float(radio.utilization_pct)
        field = f"wifi.radios.{radio.band}.utilization_pct"
        yield from _limited(
            snapshot, "channel-busy", field, busy, thresholds.channel_busy_pct, radio.band
        )


def _mesh(snapshot: CpeSnapshot, thresholds: Thresholds) -> Iterator[Verdict]:
    for node in snapshot.mesh.nodes:
        name = node.model or node.mac or node.serial or ""
        at = f"mesh.nodes.{node.mac or node.serial}"
        if node.role != "agent":
            continue
        if node_grade(node, thresholds.backhaul_rssi_dbm) is Grade.BAD and not node.online:
            note = snapshot.provenance.get(f"{at}.online")
            field = f"{at}.online"
            yield verdict("node-offline", Grade.BAD, field, provenance=note, more={"name": name})
        yield from _limited(
            snapshot,
            "backhaul-weak",
            f"{at}.backhaul_rssi_dbm",
            node.backhaul_rssi_dbm,
            thresholds.backhaul_rssi_dbm,
            name,
        )


def _age(snapshot: CpeSnapshot) -> Iterator[Verdict]:
    if "stale" in snapshot.warning_codes and snapshot.inform_age_s is not None:
        minutes = float(snapshot.inform_age_s // _S_PER_MIN)
        yield verdict("stale", Grade.WATCH, "last_inform", value=minutes)


def _limited(
    snapshot: CpeSnapshot,
    code: str,
    field: str,
    value: float | None,
    limits: Limits,
    name: str,
) -> Iterator[Verdict]:
    """Judge one quantity; what is ok needs no words."""
    found = Grade.OK if value is None else limits.grade(value)
    if found is not Grade.OK:
        note = snapshot.provenance.get(field)
        yield verdict(
            code, found, field, value=value, limits=limits, provenance=note, more={"name": name}
        )
