"""Wi-Fi Alliance DataElements, in TR-181 under `WiFi`, in TR-098 at the root (Nokia Beacon G6).

Signals are RCPI, utilisation 0 to 255, last rates kbit/s, estimated rates Mbit/s.
"""

from typing import Final

from field_core.cpe.families.table import Column, Family

ROOTS: Final = ("WiFi.DataElements.Network", "DataElements.Network")
STATION_SIGNAL: Final = Column("SignalStrength", "rcpi")
STATION_DOWN: Final = (
    Column("LastDataDownlinkRate", "kbps"),
    Column("EstMACDataRateDownlink", "Mbps"),
)
STATION_UP: Final = (Column("LastDataUplinkRate", "kbps"), Column("EstMACDataRateUplink", "Mbps"))

BAND_OF_CLASS: Final[tuple[tuple[range, str], ...]] = (
    (range(81, 85), "2.4GHz"),
    (range(115, 131), "5GHz"),
    (range(131, 138), "6GHz"),
)
"""Global operating classes (IEEE 802.11-2020, annex E, table E-4)."""

TABLE: Final = Family(name="DataElements")
