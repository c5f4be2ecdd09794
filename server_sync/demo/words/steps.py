"""The flows: their steps in order, as a template keeps them."""

from typing import Final, NamedTuple


class Step(NamedTuple):
    """One step; `after` names the steps that come first, `needs` the visits it belongs to."""

    step: str
    kind: str
    fr: str
    en: str
    after: tuple[str, ...] = ()
    needs: str = ""
    required: bool = True
    unit: str | None = None
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()


class Flow(NamedTuple):
    """A flow template: name (also its French label), English label, version, steps."""

    name: str
    en: str
    version: int
    steps: tuple[Step, ...]


OPTICAL_LOW_DBM: Final = -27.0
OPTICAL_HIGH_DBM: Final = -8.0
"""What an ONU of class B+ takes (G.984.2 Amd 1)."""

TV: Final = "tv"
"""Steps that need it stay out of visits without a TV box."""

INSTALLATION: Final = Flow(
    "Installation fibre résidentielle",
    "Residential fibre installation",
    4,
    (
        Step("s1", "confirm", "Identité du client vérifiée", "Customer's identity checked"),
        Step("s2", "photo", "Photo avant les travaux", "Photo before the work", ("s1",)),
        Step("s3", "confirm", "ONT fixé et branché", "ONT mounted and powered", ("s2",)),
        Step("s4", "scan", "Balayer l'étiquette de l'ONT", "Scan the ONT's label", ("s3",)),
        Step(
            "s5",
            "reading",
            "Niveau optique reçu",
            "Optical receive level",
            ("s4",),
            unit="dBm",
            low=OPTICAL_LOW_DBM,
            high=OPTICAL_HIGH_DBM,
        ),
        Step("s6", "scan", "Retirer l'ancien décodeur", "Remove the old TV box", ("s5",), TV),
        Step("s7", "scan", "Installer le nouveau décodeur", "Install the new TV box", ("s6",), TV),
        Step(
            "s8",
            "number",
            "Débit Wi-Fi mesuré au salon",
            "Wi-Fi speed measured in the living room",
            ("s7",),
            unit="Mbit/s",
            low=50.0,
            high=2500.0,
        ),
        Step(
            "s9",
            "signature",
            "Tournée avec le client et signature",
            "Walkthrough with the customer and signature",
            ("s8",),
        ),
    ),
)

REPAIR: Final = Flow(
    "Réparation fibre",
    "Fibre repair",
    2,
    (
        Step("r1", "confirm", "Problème constaté avec le client", "Problem seen with the customer"),
        Step(
            "r2",
            "reading",
            "Niveau optique reçu",
            "Optical receive level",
            ("r1",),
            unit="dBm",
            low=OPTICAL_LOW_DBM,
            high=OPTICAL_HIGH_DBM,
        ),
        Step(
            "r3",
            "choice",
            "Cause trouvée",
            "Cause found",
            ("r2",),
            choices=("Connecteur", "Câble de descente", "ONT", "Wi-Fi", "Aucune panne"),
        ),
        Step(
            "r4", "photo", "Photo de la réparation", "Photo of the repair", ("r3",), required=False
        ),
        Step("r5", "text", "Travail effectué", "Work done", ("r3",)),
    ),
)

EXCHANGE: Final = Flow(
    "Échange d'équipement",
    "Equipment exchange",
    3,
    (
        Step("e1", "scan", "Balayer l'appareil retiré", "Scan the removed device"),
        Step("e2", "scan", "Balayer le nouvel appareil", "Scan the new device", ("e1",)),
        Step("e3", "confirm", "Service vérifié", "Service checked", ("e2",)),
        Step("e4", "signature", "Signature du client", "Customer's signature", ("e3",)),
    ),
)

REMOVAL: Final = Flow(
    "Récupération d'équipement",
    "Equipment pick-up",
    1,
    (
        Step("p1", "scan", "Balayer chaque appareil repris", "Scan each device taken back"),
        Step(
            "p2",
            "choice",
            "État des appareils",
            "State of the devices",
            ("p1",),
            choices=("Bon", "Usé", "Endommagé"),
        ),
        Step("p3", "signature", "Signature du client", "Customer's signature", ("p1", "p2")),
    ),
)

SURVEY: Final = Flow(
    "Visite préalable",
    "Site survey",
    1,
    (
        Step("v1", "photo", "Photo de la façade", "Photo of the front"),
        Step(
            "v2",
            "number",
            "Distance jusqu'au poteau",
            "Distance to the pole",
            ("v1",),
            unit="m",
            low=0.0,
            high=500.0,
        ),
        Step("v3", "text", "Chemin de câble proposé", "Proposed cable path", ("v1",)),
    ),
)

FLOWS: Final = (INSTALLATION, REPAIR, EXCHANGE, REMOVAL, SURVEY)
FLOW_OF_JOB_TYPE: Final = {
    "Install": INSTALLATION,
    "Repair": REPAIR,
    "Service Call": REPAIR,
    "Swap": EXCHANGE,
    "Removal": REMOVAL,
    "Survey": SURVEY,
}
"""Maintenance has none."""
