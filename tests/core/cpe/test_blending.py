"""Two readings of one device: blocks are taken whole from where they are fresher (DX-02)."""

from datetime import UTC, datetime
from typing import Any

from field_core.cpe import CpeSnapshot, Grade, normalise
from field_core.cpe.blending import BLOCKS, ages, blend, fresher

NOW = datetime(2026, 9, 21, 14, 0, tzinfo=UTC)
OLD, NEW = "2026-09-21T13:00:00Z", "2026-09-21T13:59:00Z"


def reading(values: dict[str, Any], at: str, **more: Any) -> CpeSnapshot:  # noqa: ANN401 - members of a document
    document: dict[str, Any] = dict(more)
    for path, value in values.items():
        here = document
        for part in path.split("."):
            here = here.setdefault(part, {})
        here.update({"_value": value, "_timestamp": at})
    return normalise(document, now=NOW)


RADIO = "Device.WiFi.Radio.1"
LEVEL = "Device.Optical.Interface.1.X_TP_GPON_Config.RXPower"


def wifi(channel: object) -> dict[str, Any]:
    return {f"{RADIO}.OperatingFrequencyBand": "2.4GHz", f"{RADIO}.Channel": channel}


def test_fresher_block_is_taken_whole_and_the_rest_stays() -> None:
    acs = reading({LEVEL: 120, **wifi(6)}, OLD, _lastInform=OLD)
    bridge = reading(wifi(11), NEW)

    blended = blend(acs, bridge)

    assert fresher(acs, bridge) == {"wifi"}
    assert [radio.channel for radio in blended.wifi.radios] == [11]
    assert blended.optical == acs.optical
    assert blended.last_inform == acs.last_inform
    assert ages(blended) == {"optical": 3600, "wifi": 60}


def test_block_that_says_nothing_never_replaces_one_that_does() -> None:
    acs = reading({LEVEL: 120}, OLD)
    bridge = reading({LEVEL: ""}, NEW)

    assert fresher(acs, bridge) == frozenset()


def test_block_of_unknown_age_counts_least() -> None:
    acs = reading(wifi(6), OLD)
    bridge = reading(wifi(11), "")

    assert blend(acs, bridge).wifi == acs.wifi


def test_grades_are_given_anew_and_warnings_follow_their_block() -> None:
    acs = reading({LEVEL: 120, **wifi("no number")}, OLD, _lastInform="2026-09-21T10:00:00Z")
    bridge = reading({LEVEL: 17, **wifi(11)}, NEW)

    blended = blend(acs, bridge)

    assert (acs.health.optical, blended.health.optical) == (Grade.OK, Grade.BAD)
    assert "implausible" in acs.warning_codes
    assert {w.code for w in blended.warnings} == {"missing", "stale"}


def test_every_block_of_a_snapshot_can_be_taken() -> None:
    assert set(BLOCKS) <= set(CpeSnapshot.model_fields)
