"""Who the device is and how it fares."""

from typing import Any

import pytest

from field_core.canon import Json
from field_core.cpe import normalise
from field_core.cpe.model import Device
from tests.core.cpe.samples import NOW, igd, make, snapshot, tr181


def registered(**own: str) -> dict[str, Json]:
    return {f"_{name}": value for name, value in own.items()}


def test_device_fresh_is_known_by_its_registration() -> None:
    found = normalise(
        make(
            {"Device.DeviceInfo.HardwareVersion": "XX230v v1.0 00000000"},
            _id="1C61B4-Device2-2230A1000009",
            _deviceId=registered(
                Manufacturer="TP-Link", ProductClass="Device2", SerialNumber="2230A1000009"
            ),
        ),
        now=NOW,
    )

    assert found.device_id == "1C61B4-Device2-2230A1000009"
    assert found.data_model == "TR-181"
    assert found.device == Device(
        vendor="TP-Link",
        model="XX230v",
        serial="2230A1000009",
        hardware_version="XX230v v1.0 00000000",
    )
    assert found.warning_codes == ["missing"]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("ALCL", "Nokia"), ("Nokia Shanghai Bell", "Nokia"),
        ("Huawei Technologies Co., Ltd", "Huawei"),
        ("ZTE Corporation", "ZTE"), ("TP-LINK", "TP-Link"), ("Calix", "Calix"), ("", None),
    ],
)  # fmt: skip
def test_vendor_is_shown_under_one_name(written: str, shown: str | None) -> None:
    assert igd({"DeviceInfo.Manufacturer": written}).device.vendor == shown


@pytest.mark.parametrize(
    ("paths", "own", "model"),
    [
        ({"ModelName": "EG8145V5", "ProductClass": "x"}, "y", "EG8145V5"),
        ({"HardwareVersion": "159D.A"}, "EG8145V5", "EG8145V5"),
        ({"ProductClass": "F670L", "HardwareVersion": "V9.0"}, "IGD", "F670L"),
        ({"HardwareVersion": "XX230v v1.0"}, "IGD", "XX230v"),
        ({}, "IGD", None),
    ],
)
def test_model(paths: dict[str, Json], own: str, model: str | None) -> None:
    named = {f"InternetGatewayDevice.DeviceInfo.{name}": value for name, value in paths.items()}
    named |= {"InternetGatewayDevice.DeviceInfo.UpTime": 5}

    assert snapshot(named, _deviceId=registered(ProductClass=own)).device.model == model


@pytest.mark.parametrize(
    ("paths", "cpu"),
    [
        ({"ProcessStatus.CPUUsage": 57, "X_HW_CpuUsed": 14}, 57),
        ({"ProcessStatus.CPUUsage": 130, "X_HW_CpuUsed": 14}, 14),
        ({"X_ZTE-COM_CpuUsed": "7%;9%"}, 9),
        ({"ProcessStatus.CPUUsage": 130}, None),
        ({}, None),
    ],
)
def test_processor(paths: dict[str, Json], cpu: int | None) -> None:
    found = igd({f"DeviceInfo.{name}": value for name, value in paths.items()})

    assert found.device.cpu_pct == cpu


@pytest.mark.parametrize(
    ("total", "free", "vendor", "used", "codes"),
    [
        (212_544, 73_940, None, 65, []),
        (100, 120, None, None, ["implausible"]),
        (100, 120, 41, 41, ["implausible"]),
        (0, 0, None, None, ["implausible"]),
        (None, None, "41%", 41, []),
        (None, None, "141%", None, ["implausible"]),
    ],
)
def test_memory(total: Json, free: Json, vendor: Json, used: int | None, codes: list[str]) -> None:
    found = igd(
        {
            "DeviceInfo.MemoryStatus.Total": total,
            "DeviceInfo.MemoryStatus.Free": free,
            "DeviceInfo.X_ZTE-COM_MemUsed": vendor,
        }
    )

    assert found.device.mem_used_pct == used
    assert [w.code for w in found.warnings if w.field == "device.mem_used_pct"] == codes


@pytest.mark.parametrize(
    ("written", "read"), [(864_123, 864_123), ("", None), (4_000_000_000, None), ("soon", None)]
)
def test_uptime(written: Json, read: int | None) -> None:
    assert tr181({"DeviceInfo.UpTime": written}).device.uptime_s == read


def test_root_that_says_who_the_device_is_counts() -> None:
    both: dict[str, Any] = make({"Device.Time.Status": "x"})
    both |= make({"InternetGatewayDevice.DeviceInfo.ModelName": "EG8145V5"})

    assert normalise(both, now=NOW).data_model == "TR-098"
    assert normalise(make({"Device.Time.Status": "x"}), now=NOW).data_model == "TR-181"


@pytest.mark.parametrize("nothing", [None, 5, "text", [], [1], {}, b"", object(), {"Device": 5}])
def test_nothing_gives_a_snapshot_of_nothing(nothing: object) -> None:
    found = normalise(nothing, now="no instant")

    assert (found.data_model, found.device, found.evaluate_at) == (None, Device(), None)
    assert found.health.overall == "unknown"
    assert found.warning_codes == ["missing"]


@pytest.mark.parametrize(
    ("informed", "interval", "codes"),
    [
        ("2026-11-20T23:06:00.000Z", 300, []),
        ("2026-11-20T23:05:59.000Z", 300, ["stale"]),
        ("2026-11-20T22:21:00.000Z", 1800, []),
        ("2026-11-20T22:20:59.000Z", 1800, ["stale"]),
        ("2026-11-20T23:05:59.000Z", "", ["stale"]),
        ("2025-11-20T23:05:59.000Z", 4_000_000_000, ["stale"]),
        ("not known", 300, []),
    ],
)
def test_device_silent_for_too_long_is_stale(
    informed: str, interval: Json, codes: list[str]
) -> None:
    document = make({"Device.ManagementServer.PeriodicInformInterval": interval})
    found = normalise({**document, "_lastInform": informed}, now=NOW)

    assert [w.code for w in found.warnings if w.field == "last_inform"] == codes
    assert found.last_inform == (None if informed == "not known" else informed)
