"""TR-181 (`Device.`) as the standard has it, for whatever no vendor's table knows better."""

from typing import Final

from field_core.cpe.families.table import Column, Family, Optics
from field_core.cpe.units import PowerUnit

TABLE: Final = Family(
    name="TR-181",
    optics=(
        Optics(
            at="Optical.Interface.*",
            power=PowerUnit.MILLI_DBM,
            rx="OpticalSignalLevel",
            tx="TransmitOpticalLevel",
            evidence="Broadband Forum TR-181 2.19: 0.001 dBm in steps of 0.002",
        ),
    ),
    connection_name=("Name", "Alias"),
    band=("OperatingFrequencyBand", "SupportedFrequencyBands"),
    port_name=("Name",),
    signal=(Column("SignalStrength", "dBm"), Column("RSSI", "dBm")),
    down=(Column("LastDataDownlinkRate", "kbps"),),
    up=(Column("LastDataUplinkRate", "kbps"),),
    station_name=("HostName", "Hostname"),
)
