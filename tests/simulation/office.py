"""What happens at the ERP's desk while phones are away."""

import random
from typing import TYPE_CHECKING, Any

from server_sync.embedded_erp import LateWrite, tampering
from tests.simulation.erp_link import Office

if TYPE_CHECKING:
    from tests.simulation.world import World

JOB = "/api/resource/Dispatch Job"


def fill(office: Office, rng: random.Random, technicians: int, today: str) -> None:
    """Put a small company into the ERP."""
    for t in range(technicians):
        office.ask("POST", "/api/resource/Dispatch Technician", {"full_name": f"Tech {t}"})
    office.ask("POST", "/api/resource/Item", {"item_code": "FIBRE-DROP", "item_name": "Drop"})
    for i in range(4):
        office.ask("POST", "/api/resource/Customer", {"customer_name": f"Customer {i}"})
        office.ask(
            "POST",
            "/api/resource/Service Location",
            {"customer": f"CUST-{i + 1:05d}", "location_name": f"Place {i}", "city": "Sutton"},
        )
        office.ask(
            "POST",
            "/api/resource/Service Equipment",
            {
                "service_location": f"LOC-{i + 1:05d}",
                "mac_address": f"A42BB01C9F{i:02X}",
                "status": "Installed",
            },
        )
    for _ in range(5):
        new_job(office, rng, technicians, today)


def new_job(office: Office, rng: random.Random, technicians: int, today: str) -> None:
    """A dispatcher plans a job."""
    technician = f"DT-{rng.randrange(technicians) + 1:05d}"
    _plan_job(office, rng, today, status="Dispatched", assigned_technician=technician)


def _plan_job(office: Office, rng: random.Random, today: str, **given: str) -> None:
    place = rng.randrange(4) + 1
    office.ask(
        "POST",
        JOB,
        {
            "subject": f"job {rng.randrange(10**6)}",
            "customer": f"CUST-{place:05d}",
            "service_location": f"LOC-{place:05d}",
            "scheduled_date": today,
            "checklist": [{"step": f"step {n}", "kind": "text"} for n in range(2)],
            **given,
        },
    )


def act(world: "World", rng: random.Random) -> None:
    """One thing that somebody in the office does."""
    jobs = world.office.names("Dispatch Job")
    if not jobs:
        new_job(world.office, rng, world.technicians, world.today())
        return
    job = rng.choice(jobs)
    deed = rng.choices(
        (
            _plan,
            _reassign,
            _cancel,
            _touch_same_field,
            _touch_step,
            _rename_place,
            _delete,
            _edit_by_sql,
            _begin_late,
            _more,
            _offer,
            _end_offer,
        ),
        (6, 6, 1, 3, 2, 1, 1, 2, 2, 2, 3, 1),
    )[0]
    deed(world, rng, job)


def _put(world: "World", job: str, values: dict[str, Any]) -> None:
    world.office.ask("PUT", f"{JOB}/{job}", values)


def _plan(world: "World", rng: random.Random, job: str) -> None:
    _put(
        world,
        job,
        {
            "priority": rng.choice(("Low", "Medium", "High", "Urgent")),
            "description": f"text {rng.randrange(10**6)}",
        },
    )


def _reassign(world: "World", rng: random.Random, job: str) -> None:
    _put(world, job, {"assigned_technician": f"DT-{rng.randrange(world.technicians) + 1:05d}"})


def _offer(world: "World", rng: random.Random, _job: str) -> None:
    """A job for whoever takes it first, for some hours."""
    until = world.site_time(rng.choice((600_000, 3_600_000, 20 * 3_600_000)))
    _plan_job(world.office, rng, world.today(), status="Open", offered_until=until)


def _end_offer(world: "World", rng: random.Random, job: str) -> None:
    """Nobody is to have it any more, or everybody may again."""
    until = world.site_time(3_600_000) if rng.random() < 0.5 else None
    _put(world, job, {"offered_until": until, "assigned_technician": None})


def _cancel(world: "World", _rng: random.Random, job: str) -> None:
    document = world.office.get("Dispatch Job", job)
    if document and document.get("status") not in ("Completed", "Incomplete", "Cancelled"):
        _put(world, job, {"status": "Cancelled", "cancelled_by": "Sophie"})


def _touch_same_field(world: "World", rng: random.Random, job: str) -> None:
    _put(world, job, {"work_notes": f"office {rng.randrange(10**6)}"})


def _touch_step(world: "World", rng: random.Random, job: str) -> None:
    document = world.office.get("Dispatch Job", job)
    rows = document.get("checklist") if document else None
    if rows:
        world.office.touched.add((job, "checklist"))
        world.office.ask(
            "POST",
            "/api/method/frappe.client.set_value",
            {
                "doctype": "Dispatch Job Checklist",
                "name": rng.choice(rows)["name"],
                "fieldname": {"value": str(rng.randrange(10**6))},
            },
        )


def _rename_place(world: "World", rng: random.Random, _job: str) -> None:
    places = world.office.names("Service Location")
    old = rng.choice(places)
    world.office.ask(
        "POST",
        "/api/method/frappe.client.rename_doc",
        {"doctype": "Service Location", "old_name": old, "new_name": f"{old[:9]}-R{world.step_no}"},
    )


def _delete(world: "World", _rng: random.Random, job: str) -> None:
    world.office.ask("DELETE", f"{JOB}/{job}")


def _edit_by_sql(world: "World", rng: random.Random, job: str) -> None:
    """A console edit that leaves `modified` alone: only a content check finds it."""
    tampering.edit_by_sql(
        world.erp.site, "Dispatch Job", job, description=f"sql {rng.randrange(10**6)}"
    )


def _begin_late(world: "World", rng: random.Random, job: str) -> None:
    """A save that is stamped now and commits later."""
    request = world.office.request(
        "PUT", f"{JOB}/{job}", {"description": f"late {rng.randrange(10**6)}"}
    )
    late: LateWrite = world.erp.begin(request)
    world.late_writes.append(late)


def _more(world: "World", rng: random.Random, _job: str) -> None:
    new_job(world.office, rng, world.technicians, world.today())
