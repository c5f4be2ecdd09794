"""What is on the device: 1,800 documents of a technician, and a list of 2,000 open jobs."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from benchmarks.data import steps

TECHNICIAN: Final = "DT-00001"
TODAY_JOBS: Final = 20
CUSTOMERS: Final = 300
DEVICES: Final = 900


def write(folder: Path, today: date, *, jobs: int) -> Path:
    """Write a data set with so many jobs; the first are today's."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "base.jsonl").open("w", encoding="utf-8") as lines:
        for row in _rows(today, jobs):
            lines.write(json.dumps({**row, "scope": [TECHNICIAN]}) + "\n")
    return folder


def _rows(today: date, jobs: int) -> Iterator[dict[str, Any]]:
    for n in range(CUSTOMERS):
        yield {
            "doctype": "Customer",
            "name": f"CUST-{n:05d}",
            "customer_name": f"Client {n}",
            "mobile_no": f"450-555-{n:04d}",
        }
        yield {
            "doctype": "Service Location",
            "name": f"LOC-{n:05d}",
            "customer": f"CUST-{n:05d}",
            "civic_address": f"{100 + n}, rue des Lilas",
            "city": "Huntingdon",
            "access_notes": "Sonnette brisée, cogner fort.",
        }
    for n in range(DEVICES):
        yield {
            "doctype": "Service Equipment",
            "name": f"EQP-{n:05d}",
            "equipment_type": "ONT",
            "service_location": f"LOC-{n % CUSTOMERS:05d}",
            "status": "Installed",
            "model": "XX230v",
            "mac_address": f"A4:2B:B0:00:{n // 256:02X}:{n % 256:02X}",
            "serial_no": f"TPLG{n:08X}",
        }
    for n in range(jobs):
        yield _job(n, today)


def _job(n: int, today: date) -> dict[str, Any]:
    later = 0 if n < TODAY_JOBS else 1 + n % 14
    return {
        "doctype": "Dispatch Job",
        "name": f"DJ-{n:05d}",
        "subject": f"Installation fibre {n}",
        "status": "Dispatched",
        "scheduled_date": (today + timedelta(days=later)).isoformat(),
        "scheduled_time": f"{8 + n % 9:02d}:{15 * (n % 4):02d}:00",
        "duration_minutes": 60,
        "job_type": "Install",
        "assigned_technician": TECHNICIAN,
        "customer": f"CUST-{n % CUSTOMERS:05d}",
        "service_location": f"LOC-{n % CUSTOMERS:05d}",
        "description": "Poser l’ONT au sous-sol, passer la fibre par le vide sanitaire. " * 8,
        "checklist": steps(),
    }
