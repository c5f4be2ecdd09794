"""What the demo company sells and installs: plans, devices, materials, one-time charges.

MAC prefixes are the makers' own in the IEEE registry; GPON vendor codes are those of G.988.
"""

from typing import Final, NamedTuple


class Plan(NamedTuple):
    """A plan: price a month in dollars, speeds in Mbit/s, profile on the OLT."""

    code: str
    name: str
    price: str
    down: int
    up: int
    olt_profile: str


class Device(NamedTuple):
    """A device model: equipment type, price, MAC prefix, GPON vendor code (ONTs alone)."""

    code: str
    name: str
    kind: str
    price: str
    oui: str
    vendor: str = ""


class Charge(NamedTuple):
    """A material or a one-time charge: price each, unit, group."""

    code: str
    name: str
    price: str
    unit: str
    group: str


PLANS: Final = (
    Plan("FIBRE-100", "Internet Fibre 100", "59.95", 100, 100, "RES-100"),
    Plan("FIBRE-500", "Internet Fibre 500", "79.95", 500, 500, "RES-500"),
    Plan("FIBRE-1000", "Internet Fibre 1000", "99.95", 1000, 1000, "RES-1000"),
    Plan("FIBRE-AFF-1000", "Internet Fibre Affaires 1000", "149.95", 1000, 1000, "AFF-1000"),
)
TV: Final = (
    Plan("TV-BASE", "Télé de base", "24.95", 0, 0, ""),
    Plan("TV-PLUS", "Télé Plus", "44.95", 0, 0, ""),
)
PHONE: Final = (Plan("TEL-RES", "Téléphonie résidentielle", "14.95", 0, 0, ""),)

ONTS: Final = (
    Device("ONT-XX230V", "TP-Link XX230v", "ONT", "189.00", "A4:2B:B0", "TPLG"),
    Device("ONT-XC220", "TP-Link XC220-G3v", "ONT", "139.00", "50:C7:BF", "TPLG"),
    Device("ONT-G240W", "Nokia G-240W-A", "ONT", "149.00", "0C:54:B9", "ALCL"),
)
ROUTERS: Final = (
    Device("RTR-AX23", "TP-Link Archer AX23", "Router", "109.00", "98:DA:C4"),
    Device("RTR-AX55", "TP-Link Archer AX55", "Router", "149.00", "B0:A7:B9"),
)
TV_BOXES: Final = (Device("TVB-MAG540", "Infomir MAG540", "TV Box", "119.00", "00:1A:79"),)
MESH_NODES: Final = (Device("MSH-X50", "TP-Link Deco X50", "Mesh Node", "129.00", "14:EB:B6"),)
ADAPTERS: Final = (Device("ATA-HT801", "Grandstream HT801", "Phone Adapter", "59.00", "C0:74:AD"),)
DEVICES: Final = (*ONTS, *ROUTERS, *TV_BOXES, *MESH_NODES, *ADAPTERS)

MATERIALS: Final = (
    Charge("MAT-DROP", "Câble de descente à fibre, préconnectorisé", "0.62", "Mètre", "Matériel"),
    Charge("MAT-SCAPC", "Connecteur rapide SC/APC", "4.85", "Unité", "Matériel"),
    Charge("MAT-PTO", "Prise terminale optique murale", "7.40", "Unité", "Matériel"),
    Charge("MAT-CAT6", "Câble Ethernet Cat 6", "0.48", "Mètre", "Matériel"),
    Charge("MAT-GAINE", "Gaine flexible", "1.35", "Mètre", "Matériel"),
)
INSTALLATION: Final = Charge(
    "FRAIS-INSTALL", "Frais d'installation", "149.95", "Unité", "Frais uniques"
)
VISIT: Final = Charge("FRAIS-DEPL", "Déplacement", "75.00", "Unité", "Frais uniques")
REBATE: Final = Charge("RABAIS-FIDELITE", "Rabais fidélité", "-20.00", "Unité", "Rabais")
TERMINATION: Final = Charge(
    "FRAIS-RESIL", "Indemnité de résiliation", "43.49", "Unité", "Frais uniques"
)
"""43.49 before taxes is 50.00 with them."""
CHARGES: Final = (*MATERIALS, INSTALLATION, VISIT, REBATE, TERMINATION)

TAGS: Final = (
    ("Fibre", "Skill", "Fibre", "Fibre"),
    ("TV", "Skill", "Télé", "TV"),
    ("Téléphonie", "Skill", "Téléphonie", "Telephony"),
    ("Wi-Fi", "Skill", "Wi-Fi", "Wi-Fi"),
    ("Épissure", "Skill", "Épissure", "Splicing"),
    ("Affaires", "Service", "Clientèle d'affaires", "Business customers"),
    ("Haut-Saint-Laurent", "Region", "Haut-Saint-Laurent", "Haut-Saint-Laurent"),
    ("Beauharnois-Salaberry", "Region", "Beauharnois-Salaberry", "Beauharnois-Salaberry"),
)
"""Name, type, label in French, label in English."""
