"""Where each family of devices keeps what, as data: one table per family, and all of them in order.

Paths carry the vendor's prefix, so every table is tried on every device: brand is no guide (ZTE
hardware with CMCC firmware speaks CMCC). Order is trust: a vendor's own object before the standard
one, which real units fill with placeholders.
"""

from typing import Final

from field_core.cpe.families import (
    china,
    dataelements,
    fiberhome,
    huawei,
    nokia,
    tplink,
    tr098,
    tr181,
    xpon,
    zte,
)
from field_core.cpe.families.table import Catalogue, Column, Family, Optics, UnitRule

FAMILIES: Final[tuple[Family, ...]] = (
    tplink.TABLE,
    huawei.TABLE,
    nokia.TABLE,
    zte.TABLE,
    fiberhome.TABLE,
    *china.TABLES,
    xpon.TABLE,
    dataelements.TABLE,
    tr181.TABLE,
    tr098.TABLE,
)
CATALOGUE: Final = Catalogue.of(FAMILIES)

__all__ = ["CATALOGUE", "FAMILIES", "Catalogue", "Column", "Family", "Optics", "UnitRule"]
