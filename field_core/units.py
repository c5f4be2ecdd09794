"""What units of measure are called beside a quantity, in French and in English.

ERPNext names its units in the language of whoever set the site up, so both names lead here.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple


class _Unit(NamedTuple):
    fr: tuple[str, str]
    en: tuple[str, str]


_METRE: Final = _Unit(("mètre", "mètres"), ("metre", "metres"))
_PIECE: Final = _Unit(("unité", "unités"), ("unit", "units"))
_HOUR: Final = _Unit(("heure", "heures"), ("hour", "hours"))
_BOX: Final = _Unit(("boîte", "boîtes"), ("box", "boxes"))
_UNITS: Final[Mapping[str, _Unit]] = {
    "meter": _METRE,
    "mètre": _METRE,
    "nos": _PIECE,
    "unit": _PIECE,
    "unité": _PIECE,
    "hour": _HOUR,
    "heure": _HOUR,
    "box": _BOX,
    "boîte": _BOX,
}
_FRENCH_PLURAL_FROM: Final = 2


def unit_name(uom: str, value: float, language: str) -> str:
    """Return what a unit is called beside a quantity; one that is not known, as it is."""
    unit = _UNITS.get(uom.strip().lower())
    if unit is None:
        return uom
    if language == "fr":
        return unit.fr[abs(value) >= _FRENCH_PLURAL_FROM]
    return unit.en[abs(value) != 1]
