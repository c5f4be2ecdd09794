"""Issues: what customers reported; some led to a repair visit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from server_sync.demo.book import Book
from server_sync.demo.customers import Place
from server_sync.demo.visits import Visit

_EVERY_REPAIR: Final = 5
_SUBJECTS: Final = (
    "Plus d'Internet depuis ce matin",
    "Le Wi-Fi n'atteint pas l'étage",
    "Image figée sur deux chaînes",
    "Voyant LOS rouge sur l'ONT",
    "Coupures en soirée",
    "Ligne téléphonique muette",
)
_AT_THE_DESK: Final = (
    (5, "Question sur le détail de la facture", "Facturation", "Replied"),
    (14, "Changement d'adresse de facturation", "Facturation", "Open"),
    (21, "Demande de passer au forfait 1000", "Vente", "On Hold"),
    (31, "Câble de descente bas au-dessus de l'entrée", "Réseau", "Open"),
    (45, "Débit inférieur au forfait", "Technique", "Resolved"),
    (52, "Déménagement le mois prochain", "Vente", "Open"),
)


@dataclass(frozen=True, slots=True)
class _Report:
    """One issue before it is added."""

    subject: str
    kind: str
    status: str
    opened: date


def add_issues(
    book: Book, visits: Sequence[Visit], places: Sequence[Place], today: date
) -> dict[Visit, str]:
    """Add the issues; return, by visit, those that led to one."""
    repairs = [visit for visit in visits if visit.job_type == "Repair"][::_EVERY_REPAIR]
    led = {
        visit: _issue(book, places[visit.place - 1], _reported(visit, number, today))
        for number, visit in enumerate(repairs)
    }
    for number, (place, subject, kind, status) in enumerate(_AT_THE_DESK):
        report = _Report(subject, kind, status, today - timedelta(days=1 + number * 2))
        _issue(book, places[place - 1], report)
    return led


def _reported(visit: Visit, number: int, today: date) -> _Report:
    status = "Closed" if visit.day < today else "Open"
    opened = min(visit.day, today) - timedelta(days=1 + number % 3)
    return _Report(_SUBJECTS[number % len(_SUBJECTS)], "Technique", status, opened)


def _issue(book: Book, place: Place, report: _Report) -> str:
    customer = book.get("Customer", place.customer)
    return book.add(
        "Issue",
        {
            "subject": report.subject,
            "customer": place.customer,
            "service_location": place.name,
            "status": report.status,
            "priority": "High" if place.is_business else "Medium",
            "issue_type": report.kind,
            "description": f"{report.subject}. Signalé par téléphone.",
            "opening_date": report.opened.isoformat(),
            "raised_by": customer["email_id"],
            "assigned_staff": "Sophie D.",
            "is_important": int(place.is_business),
        },
    )
