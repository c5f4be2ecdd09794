"""FiberHome (HG6143D, HG6145F, HG6245D): TR-098 with `X_FH_`, levels in dBm (public model list)."""

from typing import Final

from field_core.cpe.families.table import Family, Optics
from field_core.cpe.units import PowerUnit

TABLE: Final = Family(
    name="FiberHome",
    vendors={"FIBERHOME": "FiberHome"},
    optics=(
        Optics(
            at="WANDevice.*.X_FH_GponInterfaceConfig",
            power=PowerUnit.DBM,
            evidence="public model list: HG6143D, HG6145F, HG6245D",
        ),
    ),
    vlan=("VLANID",),
)
