"""The transceiver, in each family's tree and unit."""

import pytest

from field_core.canon import Json
from field_core.cpe import normalise
from field_core.cpe.model import Optical, Quality
from field_core.cpe.optical import onu_state, pon_type
from tests.core.cpe.samples import igd, tr181

TP = "Optical.Interface.1.X_TP_GPON_Config"
ZTE = "WANDevice.1.X_ZTE-COM_WANPONInterfaceConfig"


def under(at: str, **leaves: Json) -> dict[str, Json]:
    return {f"{at}.{name}": value for name, value in leaves.items()}


def test_tplink_without_light_says_so() -> None:
    found = tr181(
        under(TP, RXPower=0, TXPower=16_218, Status="1", PonType="GPON")
        | {"Optical.Interface.1.Status": "Down", "Optical.Interface.1.OpticalSignalLevel": 0}
    )

    assert found.optical == Optical(
        present=True, pon_type="GPON", link="down", onu_state="O1", tx_dbm=2.1
    )
    assert found.health.optical == "bad"
    assert found.provenance["optical.rx_dbm"].quality is Quality.IMPLAUSIBLE


def test_huawei_level_in_tenths_is_assumed() -> None:
    at = "WANDevice.1.X_GponInterafceConfig"
    found = igd(under(at, RXPower=-2310, TXPower=2, Status="Up", BiasCurrent=7))

    assert found.optical == Optical(
        present=True,
        pon_type="GPON",
        link="up",
        rx_dbm=-23.1,
        tx_dbm=2.0,
        bias_ma=7.0,
        unit_assumed=True,
    )


def test_zte_firmware_settles_the_unit() -> None:
    who: dict[str, Json] = {
        "DeviceInfo.ModelName": "F670L",
        "DeviceInfo.SoftwareVersion": "V9.0.10P1N12A",
    }
    found = igd(who | under(ZTE, RXPower="-21.30", TXPower="2.25", SupplyVoltage="3244"))

    assert (found.optical.rx_dbm, found.optical.tx_dbm) == (-21.3, 2.25)
    assert (found.optical.voltage_v, found.optical.unit_assumed) == (3.244, False)


def test_zte_of_unknown_firmware_uses_one_unit_for_both_levels() -> None:
    dbm = igd(under(ZTE, RXPower="-21.30", TXPower="2.25")).optical
    microwatt = igd(under(ZTE, RXPower=74, TXPower=15_849)).optical
    alone = igd(under(ZTE, RXPower="-", TXPower=15_849)).optical
    silent = igd(under(ZTE, RXPower="-21.30", TXPower="")).optical
    wrong = igd(under(ZTE, RXPower="-21.30", TXPower="99"))

    assert (dbm.rx_dbm, dbm.tx_dbm, dbm.unit_assumed) == (-21.3, 2.25, False)
    assert (microwatt.rx_dbm, microwatt.tx_dbm, microwatt.unit_assumed) == (-21.31, 2.0, True)
    assert (alone.rx_dbm, alone.tx_dbm, alone.unit_assumed) == (None, 2.0, True)
    assert (silent.rx_dbm, silent.tx_dbm) == (-21.3, None)
    assert (wrong.optical.tx_dbm, wrong.warning_codes) == (None, ["implausible", "missing"])


@pytest.mark.parametrize(
    ("at", "raw", "rx"),
    [
        ("WANDevice.1.X_FH_GponInterfaceConfig", "-19.58", -19.58),
        ("WANDevice.1.X_CMCC_GponInterfaceConfig", 100, -20.0),
        ("WANDevice.2.X_CT-COM_EponInterfaceConfig", 100, -20.0),
        ("WANDevice.1.X_CATV_GponInterfaceConfig", -18, -18.0),
        ("WANDevice.1.X_CU_WANEPONInterfaceConfig.OpticalTransceiver", 100, -20.0),
        ("WANDevice.1.WANGponInterfaceConfig", "-19.2 dBm", -19.2),
        ("X_ALU_OntOpticalParam", "-23.566845", -23.57),
    ],
)
def test_level_of_a_family(at: str, raw: Json, rx: float) -> None:
    assert igd(under(at, RXPower=raw)).optical.rx_dbm == rx


def test_standard_xpon_is_read() -> None:
    ani = "XPON.ONU.1.ANI.1"
    found = tr181(
        under(
            f"{ani}.Transceiver.1",
            RxPower=-215,
            TxPower=61,
            Voltage=3300,
            Bias=13_120,
            Temperature=52,
            PONMode="XGS-PON",
        )
        | under(ani, Status="Up")
        | {f"{ani}.TC.ONUActivation.ONUState": "O5.1"}
    )

    assert found.optical == Optical(
        present=True,
        pon_type="XGS-PON",
        link="up",
        onu_state="O5.1",
        rx_dbm=-21.5,
        tx_dbm=6.1,
        temperature_c=52.0,
        voltage_v=3.3,
        bias_ma=13.12,
    )
    assert found.health.optical == "ok"


def test_standard_xpon_without_a_temperature_does_not_warn() -> None:
    at = "XPON.ONU.1.ANI.1.Transceiver.1"
    found = tr181(under(at, RxPower=-274, Temperature=-274))

    assert (found.optical.rx_dbm, found.optical.temperature_c) == (-27.4, None)
    assert "implausible" not in found.warning_codes


def test_standard_level_counts_when_it_is_no_placeholder() -> None:
    told = tr181(
        under("Optical.Interface.1", OpticalSignalLevel=-21_500, TransmitOpticalLevel=2300)
    )
    zero = tr181(under("Optical.Interface.1", OpticalSignalLevel=0, Status="Up"))

    assert (told.optical.rx_dbm, told.optical.tx_dbm) == (-21.5, 2.3)
    assert zero.optical == Optical(present=True, link="up")


def test_second_transceiver_counts_when_the_first_says_nothing() -> None:
    found = tr181(
        under(TP, RXPower="", TXPower="")
        | under("Optical.Interface.2", OpticalSignalLevel=-20_000, Status="Up")
    )

    assert (found.optical.rx_dbm, found.optical.link) == (-20.0, "up")


def test_transceiver_known_without_values_is_present() -> None:
    document = {
        "Device": {"Optical": {"Interface": {"1": {"OpticalSignalLevel": {"_object": False}}}}}
    }
    found = normalise(document, now="2026-11-20T23:21:00Z")

    assert found.optical == Optical(present=True)
    assert found.provenance == {}


@pytest.mark.parametrize("value", ["N/A", "9" * 30, True, [], -1e12, 1e12, "0", 0.0])
def test_level_unbelievable_is_none(value: Json) -> None:
    found = igd(under(ZTE, RXPower=value, TXPower=value, TransceiverTemperature=value))

    assert (found.optical.rx_dbm, found.optical.tx_dbm) == (None, None)
    assert found.health.optical == "unknown"


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("Gpon", "GPON"), ("X_ZTE-COM_GPON", "GPON"), ("G-PON", "GPON"), ("XGS-PON", "XGS-PON"),
        ("XG-PON", "XG-PON"), ("NG-PON2", "NG-PON2"), ("EPON", "EPON"),
        ("Ethernet", None), (5, None),
    ],
)  # fmt: skip
def test_kind_of_pon(written: Json, kind: str | None) -> None:
    assert pon_type(written) == kind


@pytest.mark.parametrize(
    ("written", "state"),
    [("5", "O5"), (5, "O5"), ("o2", "O2"), ("O5.1", "O5.1"), ("0", None), ("", None), ("55", None)],
)
def test_state_of_the_onu(written: Json, state: str | None) -> None:
    assert onu_state(written) == state


@pytest.mark.parametrize(
    ("written", "link", "codes"),
    [
        ("Up", "up", []), ("NoLink", "down", []), ("LowerLayerDown", "down", []),
        ("Unknown", "unknown", []), ("", "unknown", []), ("Blue", "unknown", ["implausible"]),
    ],
)  # fmt: skip
def test_link(written: str, link: str, codes: list[str]) -> None:
    found = igd(under(ZTE, RXPower=-20, Status=written))

    assert (found.optical.link, found.warning_codes) == (link, sorted([*codes, "missing"]))
