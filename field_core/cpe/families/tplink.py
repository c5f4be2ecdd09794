"""TP-Link GPON gateways and Deco mesh (XX230v, XC220, EX220, HX220): TR-181 with `X_TP_`.

Attested by real trees of an XX230v and an EX220. The XX230v's optics are in 0.1 µW (raw 5624 is
-2.5 dBm), its standard optical leaves hold 0, and its plain `AssociatedDevice` table holds zeros:
the stations are under `WiFi.MultiAP`, with RCPI.
"""

from typing import Final

from field_core.cpe.families.table import Family, Optics
from field_core.cpe.units import PowerUnit

TABLE: Final = Family(
    name="TP-Link",
    vendors={"TP-LINK": "TP-Link", "TPLINK": "TP-Link", "TP LINK": "TP-Link"},
    optics=(
        Optics(
            at="Optical.Interface.*.X_TP_GPON_Config",
            power=PowerUnit.TENTH_MICROWATT,
            link="^Status",
            state="Status",
            pon_type=("PonType",),
            evidence="real tree of an XX230v; public model list",
        ),
    ),
    cpu_pct=("WiFi.MultiAP.APDevice.1.X_TP_CPUUsage",),
    services=("X_TP_ServiceType",),
    connection_kind=("X_TP_ConnType",),
    connection_name=("X_TP_ConnName",),
    connection_status=("X_TP_ConnStatus",),
    band=("X_TP_Band",),
    port_name=("X_TP_IfNameAlias",),
    station_name=("X_TP_HostName",),
)
