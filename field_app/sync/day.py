"""Jobs as lists show them, and what a visit needs before going in; many jobs in few queries."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from field_app.ports import DayJob, ReadyCheck
from field_app.sync import queries
from field_app.sync.replica import Replica
from field_core.canon import Body
from field_core.offers import answer_of
from field_core.problems import CATALOGUE, Retry

DAY_ROWS_MAX: Final = 200
"""No technician has more visits in a day; a dispatcher pages."""
FREE_BYTES_MIN: Final = 500_000_000
"""Room for a day of photos: about 100 originals of 5 MB."""
_CLOSED: Final = "('Completed', 'Incomplete', 'Cancelled')"
_OPEN_JOBS: Final = f"""
FROM dispatch_job WHERE status NOT IN {_CLOSED} AND assigned_technician IS NOT NULL
"""
_IN_ORDER: Final = "ORDER BY scheduled_date IS NULL, scheduled_date, scheduled_time, name, key"


def day(replica: Replica, day: str) -> list[DayJob]:
    """Return the jobs of a day that are somebody's, in order of time."""
    return _read(
        replica,
        "FROM dispatch_job WHERE scheduled_date = ? AND assigned_technician IS NOT NULL "
        f"{_IN_ORDER} LIMIT {DAY_ROWS_MAX}",
        (day,),
    )


def open_jobs(replica: Replica, *, first: int, count: int) -> list[DayJob]:
    """Return a stretch of every open job, by date."""
    return _read(replica, f"{_OPEN_JOBS} {_IN_ORDER} LIMIT ? OFFSET ?", (count, first))


def open_jobs_total(replica: Replica) -> int:
    """Return how many open jobs there are."""
    row = replica.db.conn.execute(f"SELECT count(*) {_OPEN_JOBS}").fetchone()
    return int(row[0])


def offers(replica: Replica) -> list[DayJob]:
    """Return open jobs without a technician: whoever takes one first has it."""
    return _read(
        replica,
        f"FROM dispatch_job WHERE status NOT IN {_CLOSED} AND assigned_technician IS NULL "
        f"{_IN_ORDER} LIMIT {DAY_ROWS_MAX}",
        (),
    )


def _read(replica: Replica, where: str, values: Sequence[object]) -> list[DayJob]:
    rows = replica.db.conn.execute(f"SELECT key, body {where}", values).fetchall()
    bodies: dict[str, Body] = {key: json.loads(text) for key, text in rows}
    return _drawn(replica, bodies)


def _drawn(replica: Replica, bodies: Mapping[str, Body]) -> list[DayJob]:
    places = _named(replica, "Service Location", _links(bodies.values(), "service_location"))
    people = _named(replica, "Customer", _links(bodies.values(), "customer"))
    standing = _standing_of(replica, bodies)
    me = replica.get("technician")
    return [
        _row(key, body, places=places, people=people, standing=standing.get(key, (0, 0)), me=me)
        for key, body in bodies.items()
    ]


def _links(bodies: Iterable[Body], field: str) -> set[str]:
    return {value for body in bodies if isinstance(value := body.get(field), str)}


def _named(replica: Replica, doctype: str, names: set[str]) -> dict[str, Body]:
    rows = replica.db.conn.execute(
        "SELECT name, body FROM view WHERE doctype = ? "
        "AND name IN (SELECT value FROM json_each(?))",
        (doctype, json.dumps(sorted(names))),
    )
    return {name: json.loads(text) for name, text in rows}


def _standing_of(replica: Replica, keys: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Return how many operations of each job wait for the server, and how many for a person."""
    mine = [code for code, kind in CATALOGUE.items() if kind.retry is Retry.AFTER_USER_ACTS]
    rows = replica.db.conn.execute(
        "SELECT key, sum(verdict IS NULL), sum(verdict IS NOT NULL AND coalesce(office, '') NOT IN "
        "('closed', 'stored') AND problem IN (SELECT value FROM json_each(?))) FROM outbox "
        "WHERE key IN (SELECT value FROM json_each(?)) GROUP BY key",
        (json.dumps(mine), json.dumps([*keys])),
    )
    return {key: (int(unsent or 0), int(needs or 0)) for key, unsent, needs in rows}


def _row(
    key: str,
    body: Body,
    *,
    places: Mapping[str, Body],
    people: Mapping[str, Body],
    standing: tuple[int, int],
    me: str | None,
) -> DayJob:
    steps = [step for step in queries.steps_of(body) if step.is_applicable]
    place, person = places.get(_text(body, "service_location")), people.get(_text(body, "customer"))
    minutes = body.get("duration_minutes")
    return DayJob(
        key=key,
        label=queries.label_of(key, body.get("name")),
        subject=_text(body, "subject"),
        status=_text(body, "status"),
        day=_text(body, "scheduled_date") or None,
        time=_text(body, "scheduled_time")[:5] or None,
        minutes=minutes if isinstance(minutes, int) else None,
        priority=_text(body, "priority"),
        job_type=_text(body, "job_type"),
        customer=_text(person, "customer_name") or _text(body, "customer"),
        place=queries.place_of(place),
        steps_done=sum(1 for step in steps if step.is_settled),
        steps_total=len(steps),
        unsent=standing[0],
        needs_you=standing[1],
        is_ready=_has_bundle(body, place, person),
        offered_until=_text(body, "offered_until") or None,
        answer=answer_of(body, me),
    )


def _has_bundle(body: Body, place: Body | None, person: Body | None) -> bool:
    """Tell whether the documents that a visit leans on are here: a link without one is missing."""
    return (place is not None or not body.get("service_location")) and (
        person is not None or not body.get("customer")
    )


# --- the check before going in


def ready_checks(replica: Replica, key: str, *, free_bytes: int, now_ms: int) -> list[ReadyCheck]:
    """Return what a visit needs, and whether it is here (the basement check)."""
    held = replica.document(key)
    if held is None:
        return [ReadyCheck("bundle", is_met=False)]
    body = held.body
    place = _named(replica, "Service Location", _links([body], "service_location"))
    person = _named(replica, "Customer", _links([body], "customer"))
    has_bundle = _has_bundle(body, *(next(iter(found.values()), None) for found in (place, person)))
    return [
        ReadyCheck("bundle", is_met=has_bundle),
        _flow_check(body),
        ReadyCheck("storage", is_met=free_bytes >= FREE_BYTES_MIN, details={"free": free_bytes}),
        _oldest_check(replica, now_ms),
    ]


def _flow_check(body: Body) -> ReadyCheck:
    """A job brings its own steps, pinned to a version: the template is not needed on site."""
    has_steps = bool(body.get("checklist")) or not body.get("flow_template")
    return ReadyCheck("steps", is_met=has_steps, details={"version": body.get("flow_version")})


OLDEST_MS_MAX: Final = 8 * 3_600_000
"""Work that waits longer than a shift should be sent before the next visit without signal."""


def _oldest_check(replica: Replica, now_ms: int) -> ReadyCheck:
    row = replica.db.conn.execute(
        "SELECT min(made_ms), count(*) FROM outbox WHERE verdict IS NULL"
    ).fetchone()
    oldest_ms, count = row
    age_ms = max(0, now_ms - oldest_ms) if oldest_ms is not None else 0
    return ReadyCheck(
        "outbox", is_met=age_ms <= OLDEST_MS_MAX, details={"count": count, "age_ms": age_ms}
    )


def _text(body: Body | None, name: str) -> str:
    value = body.get(name) if body else None
    return str(value) if value is not None else ""
