"""Findings: what is said, against which limit, what to do, and what comes first."""

import re
import string

import pytest

from field_core.canon import Json
from field_core.cpe import (
    CpeSnapshot,
    Grade,
    grades_of,
    judge,
    judge_level,
    normalise,
    read_thresholds,
)
from field_core.cpe.sentences import ACTIONS, SENTENCES
from tests.core.cpe.samples import NOW, igd, make, tr181

TP = "Optical.Interface.1.X_TP_GPON_Config"
HW = "WANDevice.1.X_GponInterafceConfig"
PPP = "WANDevice.1.WANConnectionDevice.1.WANPPPConnection.1"
WORKS: dict[str, Json] = {
    f"{HW}.RXPower": -20,
    f"{HW}.Status": "Up",
    f"{PPP}.ConnectionStatus": "Connected",
    f"{PPP}.ExternalIPAddress": "203.0.113.9",
}


def codes(snapshot: CpeSnapshot) -> list[str]:
    return [verdict.code for verdict in judge(snapshot)]


def test_t12_level_passes_fails_low_and_fails_high() -> None:
    found = [judge_level(rx_dbm) for rx_dbm in (-24.1, -27.6, -6.5)]

    assert [(v.grade, v.code, v.limit, v.action) for v in found] == [
        (Grade.OK, "optical-ok", -27, "close"),
        (Grade.BAD, "optical-low", -27, "clean-connector"),
        (Grade.BAD, "optical-high", -8, "add-attenuator"),
    ]


def test_verdict_says_all_of_it() -> None:
    (verdict, *_) = judge(igd({**WORKS, f"{HW}.RXPower": -29}))

    assert verdict.model_dump(mode="json") == {
        "code": "optical-low",
        "grade": "bad",
        "field": "optical.rx_dbm",
        "value": -29.0,
        "unit": "dBm",
        "limit": -27.0,
        "limit_source": "ITU-T G.984.2 Amd 1, class B+, ONU side",
        "source": f"InternetGatewayDevice.{HW}.RXPower",
        "age_s": 60,
        "quality": "measured",
        "action": "clean-connector",
        "fr": "Niveau reçu trop faible : -29 dBm, limite -27 dBm.",
        "en": "Receive level too low: -29 dBm, limit -27 dBm.",
        "action_fr": ACTIONS["clean-connector"].fr,
        "action_en": ACTIONS["clean-connector"].en,
    }


@pytest.mark.parametrize(("rx_dbm", "code"), [(-26.0, "optical-weak"), (-9.0, "optical-strong")])
def test_level_to_be_watched(rx_dbm: float, code: str) -> None:
    verdict = judge_level(rx_dbm)

    assert (verdict.grade, verdict.code) == (Grade.WATCH, code)


def test_level_by_olt_profile() -> None:
    thresholds = read_thresholds({"olt_profiles": {"rural": {"pon_class": "GPON C+"}}})
    verdict = judge_level(-27.6, thresholds=thresholds, olt_profile="rural")

    assert (verdict.grade, verdict.code) == (Grade.OK, "optical-ok")


@pytest.mark.parametrize(
    ("rx_dbm", "baseline", "code"),
    [
        (-21.0, -18.0, "optical-drop"),
        (-20.99, -18.0, "optical-ok"),
        (-18.0, -21.0, "optical-ok"),
        (-26.0, -18.0, "optical-drop"),
        (-28.0, -18.0, "optical-low"),
        (-21.0, None, "optical-ok"),
    ],
)
def test_fall_since_installation(rx_dbm: float, baseline: float | None, code: str) -> None:
    assert judge_level(rx_dbm, baseline_rx_dbm=baseline).code == code


def test_fall_is_told_in_both_languages() -> None:
    verdict = judge_level(-21.5, baseline_rx_dbm=-18.0)

    assert verdict.fr == "Le niveau reçu a baissé de 3,5 dB depuis l’installation (-18 dBm)."
    assert verdict.en == "The receive level fell by 3.5 dB since installation (-18 dBm)."
    assert (verdict.grade, verdict.limit, verdict.value) == (Grade.BAD, 3.0, -21.5)


def test_fall_stays_until_half_a_decibel_is_back() -> None:
    before = {"optical.drop_db": Grade.BAD}
    found = [
        judge_level(rx_dbm, baseline_rx_dbm=-18.0, before=before).code for rx_dbm in (-20.5, -20.4)
    ]

    assert found == ["optical-drop", "optical-ok"]


def test_grades_of_one_run_hold_the_next() -> None:
    first = judge(igd({**WORKS, f"{HW}.RXPower": -26}))
    held = judge(igd({**WORKS, f"{HW}.RXPower": "-24.7"}), before=grades_of(first))

    assert grades_of(first)["optical.rx_dbm"] is Grade.WATCH
    assert grades_of(held)["optical.rx_dbm"] is Grade.WATCH


@pytest.mark.parametrize(
    ("paths", "code"),
    [
        ({f"{TP}.Status": "1", f"{TP}.RXPower": 0}, "no-light"),
        ({"Optical.Interface.1.Status": "Down", f"{TP}.RXPower": 0}, "no-light"),
        ({"Optical.Interface.1.Status": "Down", f"{TP}.RXPower": 1}, "no-light"),
        ({f"{TP}.Status": "2", f"{TP}.RXPower": 120}, "onu-not-registered"),
        ({"Optical.Interface.1.Status": "Down", f"{TP}.RXPower": 120}, "onu-not-registered"),
        ({f"{TP}.Status": "5", f"{TP}.RXPower": ""}, "optical-unknown"),
    ],
)
def test_link(paths: dict[str, Json], code: str) -> None:
    assert code in codes(tr181(paths))


def test_darkness_is_not_said_twice() -> None:
    found = codes(tr181({"Optical.Interface.1.Status": "Down", f"{TP}.RXPower": 0}))

    assert found == ["no-light", "wan-unknown"]


def test_laser_and_module_are_judged() -> None:
    tired = {f"{HW}.TXPower": 7, f"{HW}.TransceiverTemperature": 75, f"{HW}.BiasCurrent": 25}
    idle = {f"{HW}.TXPower": 2, f"{HW}.TransceiverTemperature": 45, f"{HW}.BiasCurrent": 2}

    assert codes(igd({**WORKS, **tired})) == [
        "tx-out-of-range",
        "module-hot",
        "laser-ageing",
        "optical-ok",
        "wan-ok",
    ]
    assert codes(igd({**WORKS, **idle})) == ["all-good", "optical-ok", "wan-ok"]


@pytest.mark.parametrize(
    ("leaves", "code"),
    [
        ({"ConnectionStatus": "Connected"}, "wan-no-address"),
        ({"ConnectionStatus": "Connecting"}, "wan-connecting"),
        ({"ConnectionStatus": ""}, "wan-unknown"),
        ({"ConnectionStatus": "Disconnected"}, "wan-down"),
        (
            {
                "ConnectionStatus": "Disconnected",
                "LastConnectionError": "ERROR_AUTHENTICATION_FAILURE",
            },
            "wan-auth",
        ),
        (
            {"ConnectionStatus": "Disconnected", "LastConnectionError": "ERROR_ISP_TIME_OUT"},
            "wan-no-answer",
        ),
    ],
)
def test_connection(leaves: dict[str, Json], code: str) -> None:
    paths = {**WORKS, f"{PPP}.ExternalIPAddress": ""}
    found = codes(igd(paths | {f"{PPP}.{name}": value for name, value in leaves.items()}))

    assert found == [code, "optical-ok"]


def test_shared_address_is_told() -> None:
    found = judge(igd({**WORKS, f"{PPP}.ExternalIPAddress": "100.64.9.9"}))

    assert [verdict.code for verdict in found] == ["wan-cgnat", "optical-ok", "wan-ok"]
    assert found[0].en == "The address 100.64.9.9 is shared (CGNAT)."


def test_worst_station_and_busy_channel_are_named() -> None:
    seat = "WiFi.AccessPoint.1.AssociatedDevice"
    found = judge(
        tr181(
            {
                f"{seat}.1.MACAddress": "02:00:00:00:00:01",
                f"{seat}.1.SignalStrength": -78,
                f"{seat}.1.HostName": "télé",
                f"{seat}.2.MACAddress": "02:00:00:00:00:02",
                f"{seat}.2.SignalStrength": -70,
                "WiFi.Radio.1.OperatingFrequencyBand": "2.4GHz",
                "WiFi.DataElements.Network.Device.1.Radio.1.X_TP_Band": "2.4GHz",
                "WiFi.DataElements.Network.Device.1.Radio.1.Utilization": 204,
            }
        )
    )

    assert [verdict.fr for verdict in found if verdict.grade is Grade.BAD] == [
        "Signal Wi-Fi faible : -78 dBm (télé), limite -75 dBm.",
        "Canal occupé à 80 % (2.4GHz), limite 75 %.",
    ]


def test_mesh_agents_are_judged() -> None:
    at = "WiFi.MultiAP.APDevice"
    found = judge(
        tr181(
            {
                f"{at}.1.MACAddress": "1C:61:B4:10:20:30",
                f"{at}.1.X_TP_IsController": True,
                f"{at}.2.X_TP_ModelName": "HX220",
                f"{at}.2.SerialNumber": "A",
                f"{at}.2.X_TP_Active": False,
                f"{at}.3.SerialNumber": "B",
                f"{at}.3.X_TP_Active": True,
                f"{at}.3.BackhaulLinkType": "Wi-Fi",
                f"{at}.3.BackhaulSignalStrength": 76,
            }
        )
    )

    assert [(v.code, v.en, v.age_s) for v in found if v.field.startswith("mesh")] == [
        ("node-offline", "Mesh node offline: HX220.", 60),
        ("backhaul-weak", "Weak mesh link: -72 dBm (B), limit -65 dBm.", 60),
    ]


def test_old_data_is_told() -> None:
    document = make({f"InternetGatewayDevice.{path}": value for path, value in WORKS.items()})
    found = judge(normalise({**document, "_lastInform": "2026-11-20T20:21:00Z"}, now=NOW))

    assert [verdict.code for verdict in found] == ["stale", "optical-ok", "wan-ok"]
    assert found[0].fr == "Ces données ont 180 min."


def test_cause_comes_before_its_consequences() -> None:
    found = codes(
        igd(
            {
                f"{HW}.RXPower": -31,
                f"{HW}.Status": "Up",
                f"{PPP}.ConnectionStatus": "Disconnected",
                f"{HW}.TXPower": 5.5,
            }
        )
    )

    assert found == ["optical-low", "wan-down", "tx-out-of-range"]


def test_every_sentence_has_both_languages_and_an_action() -> None:
    for code, sentence in SENTENCES.items():
        names = [
            sorted({name for _, name, _, _ in string.Formatter().parse(text) if name})
            for text in (sentence.fr, sentence.en)
        ]
        assert names[0] == names[1], code
        assert sentence.action in ACTIONS, code
    assert {sentence.action for sentence in SENTENCES.values()} == set(ACTIONS)
    assert all(re.match(r"[A-ZÉ]", text) for action in ACTIONS.values() for text in action)
