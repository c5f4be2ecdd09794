"""Firmware to the books of Chinese operators (CT-COM, CMCC, CATV, CU), on hardware of any maker.

The public model list has 0.1 µW for all of them; field reports show dBm on some, so the value
decides. Tenda's HG9 writes a text with its unit, `-19.2 dBm`.
"""

from typing import Final

from field_core.cpe.families.table import Family, Optics
from field_core.cpe.units import PowerUnit

_LIST: Final = "public model list"


def _operator(prefix: str, *objects: str) -> Family:
    """Return the table of one operator: they differ by the prefix alone."""
    return Family(
        name=prefix,
        optics=tuple(
            Optics(at=f"WANDevice.*.X_{prefix}_{name}", power=PowerUnit.BY_VALUE, evidence=_LIST)
            for name in objects
        ),
        vlan=(f"X_{prefix}_VLANIDMark", f"^^X_{prefix}_WANGponLinkConfig.VLANIDMark"),
        services=(f"X_{prefix}_ServiceList",),
    )


_TENDA: Final = Family(
    name="Tenda",
    optics=(Optics(at="WANDevice.*.WANGponInterfaceConfig", power=PowerUnit.DBM, evidence=_LIST),),
)

TABLES: Final = (
    _operator("CT-COM", "GponInterfaceConfig", "EponInterfaceConfig"),
    _operator("CMCC", "GponInterfaceConfig", "EponInterfaceConfig"),
    _operator("CATV", "GponInterfaceConfig"),
    _operator(
        "CU",
        "WANGPONInterfaceConfig.OpticalTransceiver",
        "WANEPONInterfaceConfig.OpticalTransceiver",
    ),
    _TENDA,
)
