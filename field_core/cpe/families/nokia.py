"""Nokia, formerly Alcatel-Lucent (G-1425G-A, Beacon): TR-098 with `X_ALU`.

Attested by a real tree of a G-1425G-A: levels are dBm in text, bias µA, and a station's `RSSI` is a
number of bars while its `SignalStrength` is dBm.
"""

from typing import Final

from field_core.cpe.families.table import Family, Optics
from field_core.cpe.units import PowerUnit

TABLE: Final = Family(
    name="Nokia",
    vendors={"NOKIA": "Nokia", "ALCL": "Nokia", "ALCATEL": "Nokia"},
    optics=(
        Optics(
            at="X_ALU_OntOpticalParam",
            power=PowerUnit.DBM,
            bias_scale=1e-6,
            evidence="real tree of a G-1425G-A",
        ),
    ),
    services=("X_D0542D_ServiceList",),
    guest=("X_ALU_COM_IsGuestSSID",),
)
