"""Huawei EchoLife and OptiXstar (EG8145V5, EG8145X6): TR-098 with `X_HW_`.

Attested by two real trees. The firmware spells the optical object `X_GponInterafceConfig`; levels
are whole dBm, voltage mV, bias mA, and the stations' rates Mbit/s.
"""

from typing import Final

from field_core.cpe.families.table import Column, Family, Optics
from field_core.cpe.units import PowerUnit

TABLE: Final = Family(
    name="Huawei",
    vendors={"HUAWEI": "Huawei"},
    optics=(
        Optics(
            at="WANDevice.*.X_GponInterafceConfig",
            power=PowerUnit.DBM,
            bias_scale=1e-3,
            evidence="real trees of an EG8145V5 and an EG8145X6",
        ),
    ),
    cpu_pct=("DeviceInfo.X_HW_CpuUsed",),
    memory_pct=("DeviceInfo.X_HW_MemUsed",),
    vlan=("X_HW_VLAN",),
    services=("X_HW_SERVICELIST",),
    band=("X_HW_RFBand", "RFBand"),
    signal=(Column("X_HW_RSSI", "dBm"),),
    down=(Column("X_HW_TxRate", "Mbps"), Column("TxRate", "Mbps")),
    up=(Column("X_HW_RxRate", "Mbps"), Column("RxRate", "Mbps")),
    station_name=("X_HW_AssociatedDevicedescriptions",),
)
