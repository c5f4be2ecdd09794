"""The day of the acceptance rows: Marc R., DJ-10482 at Lucie T.'s, and two more visits.

Names, serials and times are those of features.md 4a; the dates are today's.
"""

# ruff: noqa: ANN401 - documents of any shape

from typing import Any, Final

from field_core.canon import Body
from server_sync.accounts import Tokens
from server_sync.clock import SystemClock
from tests.app.serving import Office, key, today

JOB: Final = key(10482)
SECOND: Final = key(10483)
THIRD: Final = key(10484)
OLD_BOX: Final = key(3310)
OTHER_ONT: Final = key(5120)


def step(row: str, kind: str, fr: str, en: str, **more: Any) -> dict[str, Any]:
    """Return one step."""
    facts = {"id": row, "step": row, "kind": kind, "label_fr": fr, "label_en": en, "required": True}
    return {**facts, **more}


STEPS: Final = [
    step("s1", "confirm", "Confirmer l’identité du client", "Confirm the customer’s identity"),
    step("s2", "photo", "Photo avant les travaux", "Photo before work", depends_on="s1"),
    step("s3", "confirm", "Poser l’ONT", "Mount the ONT", depends_on="s2"),
    step("s4", "scan", "Lire l’étiquette de l’ONT", "Scan the ONT", depends_on="s3"),
    step(
        "s5",
        "reading",
        "Niveau optique",
        "Optical level",
        unit="dBm",
        min_value=-27.0,
        max_value=-8.0,
        depends_on="s4",
    ),
    step("s9", "signature", "Visite et signature", "Walkthrough and signature", depends_on="s5"),
]


def prepare(office: Office) -> None:
    """Put the day on the server."""
    office.add_people()
    office.put(
        key(7), "Dispatch Technician", {"full_name": "Marc R.", "initials": "MR"}, "DT-00001"
    )
    office.put(key(11), "Dispatch Technician", {"full_name": "Nadia B."}, "DT-00002")
    office.put(
        key(42),
        "Customer",
        {"customer_name": "Lucie T.", "mobile_no": "450-555-0142", "language": "en"},
        "CUST-00042",
    )
    _place(office, 1342, "1962, rue des Lilas", "Huntingdon")
    _place(office, 871, "14, rang Double", "Saint-Chrysostome")
    _job(office, 10482, "Installation fibre", "09:00:00", 1342, checklist=STEPS)
    _job(office, 10483, "Réparation", "11:30:00", 871, checklist=[])
    _job(office, 10484, "Visite préalable", "14:00:00", 1342, checklist=[])
    _device(office, 3310, "TV Box", 1342, mac="00:1A:79:33:10:A1", model="MAG 540")
    _device(office, 5120, "ONT", 871, mac="A4:2B:B0:77:00:01", since="2025-11-03")


def _place(office: Office, n: int, street: str, city: str) -> None:
    body: Body = {
        "location_name": street,
        "civic_address": street,
        "city": city,
        "customer": "CUST-00042",
        "access_notes": "Sonnette brisée, cogner fort.",
        "latitude": 45.09,
        "longitude": -74.17,
    }
    office.put(key(n), "Service Location", body, f"LOC-{n:05}")


def _job(office: Office, n: int, subject: str, at: str, place: int, **more: Any) -> None:
    facts: dict[str, Any] = {
        "subject": subject,
        "status": "Dispatched",
        "scheduled_date": today(),
        "scheduled_time": at,
        "duration_minutes": 90,
        "job_type": "Install",
        "assigned_technician": "DT-00001",
        "customer": "CUST-00042",
        "service_location": f"LOC-{place:05}",
    }
    office.put(key(n), "Dispatch Job", {**facts, **more}, f"DJ-{n:05}")


def _device(
    office: Office, n: int, kind: str, place: int, *, mac: str, model: str = "", since: str = ""
) -> None:
    body: Body = {
        "equipment_type": kind,
        "service_location": f"LOC-{place:05}",
        "status": "Installed",
        "mac_address": mac,
        "model": model or "XX230v",
        "installed_on": since or "2024-05-06",
    }
    office.put(key(n), "Service Equipment", body, f"EQP-{n:05}")


def table(office: Office, key: str, name: str) -> list[dict[str, Any]]:
    """Return the rows of a table of a document, as the server has them."""
    rows: Any = office.body(key).get(name) or []
    return list(rows)


def end_sessions(office: Office) -> None:
    """Have every token that was given out count for nothing, as after days without renewal."""
    made = Tokens(b"another secret of more than 32 bytes", now_ms=now_ms)
    office.server.accounts._tokens = made  # noqa: SLF001 - what time does, done at once


def now_ms() -> int:
    """Return this machine's time."""
    return SystemClock().now_ms()
