"""The standard PON of TR-181 2.17 and later: `XPON.ONU.{i}.ANI.{i}` (Broadband Forum 2.19).

Levels are in 0.1 dBm, voltage in mV, bias in µA, temperature in °C with -274 for "no reading".
"""

from typing import Final

from field_core.cpe.families.table import Family, Optics
from field_core.cpe.units import PowerUnit

TABLE: Final = Family(
    name="TR-181 XPON",
    optics=(
        Optics(
            at="XPON.ONU.*.ANI.*.Transceiver.*",
            power=PowerUnit.TENTH_DBM,
            rx="RxPower",
            tx="TxPower",
            temperature="Temperature",
            voltage=("Voltage",),
            bias="Bias",
            bias_scale=1e-6,
            link="^^Status",
            state="^^TC.ONUActivation.ONUState",
            pon_type=("PONMode", "^^PONMode"),
            evidence="Broadband Forum TR-181 2.19",
        ),
    ),
)
