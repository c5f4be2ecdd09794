"""ZTE (F660, F670L, F680, H199A): TR-098 with `X_ZTE-COM_`.

The same optical path is 0.1 µW on the F660, F680 and older F670L (public model list) and dBm in
text from V9.0.10P1N12A of the F670L on (notes of an ACS relay), so the value decides where the
firmware does not. Voltage there is 0.1 mV, temperature 1/256 °C; the bias unit is not known.
"""

from typing import Final

from field_core.cpe.families.table import Column, Family, Optics, UnitRule
from field_core.cpe.units import PowerUnit

TABLE: Final = Family(
    name="ZTE",
    vendors={"ZTE": "ZTE"},
    optics=(
        Optics(
            at="WANDevice.*.X_ZTE-COM_WANPONInterfaceConfig",
            power=PowerUnit.BY_VALUE,
            rules=(UnitRule("F670L", "V9.0.10P1N12", PowerUnit.DBM),),
            evidence="public model list and notes of an ACS relay",
        ),
    ),
    cpu_pct=("DeviceInfo.X_ZTE-COM_CpuUsed",),
    memory_pct=("DeviceInfo.X_ZTE-COM_MemUsed",),
    vlan=("X_ZTE-COM_VLANID",),
    services=("X_ZTE-COM_ServiceList",),
    signal=(Column("X_ZTE-COM_RSSI", "dBm"), Column("X_ZTE-COM_WLAN_RSSI", "dBm")),
    down=(Column("LastDataTransmitRate", "kbps"),),
)
