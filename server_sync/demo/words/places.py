"""Real towns of the Haut-Saint-Laurent and Beauharnois; streets and numbers are made up.

Positions are the towns' centres, in degrees (WGS 84), to about a hundred metres.
"""

from typing import Final, NamedTuple


class Town(NamedTuple):
    """A town: name, centre, first half of its postal codes, its OLT and its region tag."""

    name: str
    latitude: float
    longitude: float
    sortation_area: str
    olt: str
    region: str


_WEST: Final = "Haut-Saint-Laurent"
_EAST: Final = "Beauharnois-Salaberry"
TOWNS: Final = (
    Town("Huntingdon", 45.0850, -74.1750, "J0S", "HTD-OLT1", _WEST),
    Town("Ormstown", 45.1300, -73.9990, "J0S", "ORM-OLT1", _WEST),
    Town("Saint-Anicet", 45.1360, -74.3570, "J0S", "STA-OLT1", _WEST),
    Town("Sainte-Barbe", 45.1710, -74.2090, "J0S", "STA-OLT1", _WEST),
    Town("Howick", 45.1830, -73.8520, "J0S", "ORM-OLT1", _WEST),
    Town("Franklin", 45.0300, -73.9210, "J0S", "HTD-OLT1", _WEST),
    Town("Saint-Chrysostome", 45.1010, -73.7650, "J0S", "ORM-OLT1", _WEST),
    Town("Hemmingford", 45.0490, -73.5870, "J0L", "ORM-OLT1", _WEST),
    Town("Saint-Stanislas-de-Kostka", 45.1830, -74.1290, "J0S", "VAL-OLT1", _EAST),
    Town("Saint-Louis-de-Gonzague", 45.2080, -73.9870, "J0S", "VAL-OLT1", _EAST),
    Town("Salaberry-de-Valleyfield", 45.2530, -74.1320, "J6T", "VAL-OLT2", _EAST),
    Town("Beauharnois", 45.3130, -73.8780, "J6N", "VAL-OLT2", _EAST),
)

STREETS: Final = (
    "rue des Érables", "rue du Moulin", "chemin de la Rivière", "rang des Peupliers",
    "rue des Lilas", "montée du Verger", "rue de l'Église", "chemin du Lac", "rang du Cordon",
    "rue des Hirondelles", "chemin de la Pointe", "rue du Ruisseau", "avenue des Pins",
    "rang de la Côte", "rue des Saules", "chemin du Canal", "rue de la Fabrique",
    "rue des Cormiers",
)  # fmt: skip

POSTAL_LETTERS: Final = "ABCEGHJKLMNPRSTVWXYZ"
"""Canada Post uses no D, F, I, O, Q or U."""

AREA_CODES: Final = ("450", "579", "354", "514", "438")
