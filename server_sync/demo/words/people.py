"""Who the demo company serves and employs: first names with an initial, invented firms."""

from typing import Final, NamedTuple

FIRST_NAMES: Final = (
    "Gilles", "Manon", "Réjean", "Ginette", "Yvan", "Line", "Normand", "Josée", "Fernand",
    "Chantal", "Serge", "Diane", "Mario", "Francine", "Luc", "Carole", "Denis", "Suzanne",
    "Alain", "Nathalie", "Guylaine", "Stéphane", "Mélanie", "Patrice", "Véronique", "Rachid",
    "Fatima", "Minh", "Aïcha", "Pedro", "Olga", "William", "Heather", "Douglas", "Shirley",
    "Bruce", "Annick", "Jocelyn", "Huguette", "Raymond", "Colette", "Armand", "Thérèse", "Omer",
    "Lise", "Clément", "Pauline", "Zoé", "Félix", "Rosalie", "Léonie",
)  # fmt: skip
INITIALS: Final = "ABCDEFGHJKLMNPRSTV"
ENGLISH_SPEAKERS: Final = frozenset({"William", "Heather", "Douglas", "Shirley", "Bruce"})

FIRMS: Final = (
    "Érablière du Renard Bleu inc.",
    "Garage Quatre Boulons enr.",
    "Boulangerie La Mie Follette inc.",
    "Ferme des Trois Nuages S.E.N.C.",
    "Clinique vétérinaire Patte Douce inc.",
    "Atelier Copeaux et Rabots inc.",
    "Auberge du Hibou Frileux inc.",
    "Pépinière Terre d'Aube inc.",
    "Quincaillerie du Clou Tordu ltée",
)


class TechnicianWords(NamedTuple):
    """One technician: name, colour (readable under white text), and level by tag."""

    full_name: str
    initials: str
    color: str
    levels: dict[str, int]


_WEST: Final = {"Haut-Saint-Laurent": 1}
_EAST: Final = {"Beauharnois-Salaberry": 1}
TECHNICIANS: Final = (
    TechnicianWords(
        "Marc R.", "MR", "#0b6e99", {"Fibre": 3, "TV": 2, "Wi-Fi": 2, **_WEST, **_EAST}
    ),
    TechnicianWords("Nadia B.", "NB", "#a23b72", {"Fibre": 2, "TV": 2, "Wi-Fi": 3, **_WEST}),
    TechnicianWords(
        "Étienne L.", "EL", "#2e7d32", {"Fibre": 3, "TV": 1, "Wi-Fi": 2, "Épissure": 3, **_WEST}
    ),
    TechnicianWords(
        "Sofia G.", "SG", "#b35900", {"Fibre": 2, "TV": 3, "Téléphonie": 3, "Wi-Fi": 2, **_EAST}
    ),
    TechnicianWords(
        "Jonathan P.", "JP", "#5e35b1", {"Fibre": 2, "Téléphonie": 2, "Wi-Fi": 1, **_WEST, **_EAST}
    ),
    TechnicianWords(
        "Maya K.", "MK", "#8d2f23", {"Fibre": 3, "TV": 2, "Wi-Fi": 3, "Épissure": 2, **_EAST}
    ),
)

ACCESS_NOTES: Final = (
    "Sonner deux fois, le carillon est faible.",
    "Chien attaché dans la cour arrière.",
    "Entrée du sous-sol par le côté du garage.",
    "Chemin privé, barrière à ouvrir à la main.",
    "Compteur et coffret de fibre derrière la remise.",
    "Téléphoner quinze minutes avant d'arriver.",
    "",
    "",
    "",
)
WORK_NOTES: Final = (
    "Fibre refaite au connecteur SC/APC, niveau stable.",
    "Routeur déplacé au centre de la maison, la chambre du fond capte bien.",
    "Client présent, tout vérifié avec lui.",
    "Câble de descente frotté par une branche, gaine posée.",
    "Décodeur remplacé, télécommande jumelée de nouveau.",
    "Rien à signaler.",
)
INCOMPLETE_REASONS: Final = (
    "Client absent",
    "Accès refusé au terrain",
    "Poteau à réparer d'abord",
    "Pièce manquante",
)
