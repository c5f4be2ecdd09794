"""The tables of questions, reports and runs: written before anybody is asked, read after a kill."""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Final

from field_app.ports import Check, KeptReport, KeptRun, Wanted
from field_app.sync.replica import Replica
from field_core.cpe.report import Act, CpeAct, CpeReport
from field_core.diagnosis import Run

CHECKS_SHOWN: Final = 20
RUNS_KEPT: Final = 10
"""Of one job: before, after, and the tries between."""
KEPT_MS: Final = 30 * 24 * 3_600_000
"""Reports and questions of a month: longer than any visit's documents stay here."""

_CHECK: Final = (
    "SELECT id, job, equipment, wanted, made_ms, told, problem, ended_ms FROM cpe_check "
)


def add_check(
    replica: Replica,
    equipment: str,
    wanted: Wanted,
    *,
    job: str | None,
    new_id: Callable[[], str],
    now_ms: int,
) -> Check:
    """Note a question; the same one that still waits stays the one."""
    text = json.dumps(asdict(wanted))
    with replica.db.atomic():
        waiting = _checks(
            replica, "WHERE equipment = ? AND wanted = ? AND ended_ms IS NULL", (equipment, text)
        )
        if waiting:
            return waiting[0]
        check = Check(new_id(), job, equipment, wanted, now_ms)
        replica.db.conn.execute(
            "INSERT INTO cpe_check (id, job, equipment, wanted, made_ms) VALUES (?, ?, ?, ?, ?)",
            (check.id, job, equipment, text, now_ms),
        )
    return check


def check_of(replica: Replica, check: str) -> Check | None:
    """Return one question."""
    return next(iter(_checks(replica, "WHERE id = ?", (check,))), None)


def checks_of(replica: Replica, equipment: str) -> list[Check]:
    """Return what was asked of a device, newest first."""
    where = f"WHERE equipment = ? ORDER BY made_ms DESC, id LIMIT {CHECKS_SHOWN}"
    return _checks(replica, where, (equipment,))


def waiting(replica: Replica) -> list[Check]:
    """Return what has no end yet, oldest first."""
    return _checks(replica, "WHERE ended_ms IS NULL ORDER BY made_ms, id", ())


def note_told(replica: Replica, check: str, told: CpeAct) -> None:
    """Keep what the office said of a question."""
    _write(replica, "UPDATE cpe_check SET told = ? WHERE id = ?", (told.model_dump_json(), check))


def end_check(replica: Replica, check: str, *, problem: str | None, now_ms: int) -> None:
    """Note that a question has its end."""
    _write(
        replica,
        "UPDATE cpe_check SET problem = ?, ended_ms = ? WHERE id = ? AND ended_ms IS NULL",
        (problem, now_ms, check),
    )


def is_unsent(replica: Replica, equipment: str) -> bool:
    """Tell whether something done to a device here is not at the server, which may not know it."""
    found = replica.db.conn.execute(
        "SELECT 1 FROM outbox WHERE key = ? AND verdict IS NULL LIMIT 1", (equipment,)
    )
    return found.fetchone() is not None


def keep_report(replica: Replica, report: CpeReport, *, now_ms: int) -> None:
    """Keep what the office said of a device."""
    _write(
        replica,
        "INSERT OR REPLACE INTO cpe_report (equipment, body, at_ms) VALUES (?, ?, ?)",
        (report.equipment, report.model_dump_json(), now_ms),
    )


def report_of(replica: Replica, equipment: str) -> KeptReport | None:
    """Return what the office last said of a device."""
    row = replica.db.conn.execute(
        "SELECT body, at_ms FROM cpe_report WHERE equipment = ?", (equipment,)
    ).fetchone()
    return KeptReport(CpeReport.model_validate_json(row[0]), row[1]) if row else None


def keep_run(replica: Replica, run: Run, *, now_ms: int) -> None:
    """Keep a run of a job, and only so many."""
    with replica.db.atomic():
        replica.db.conn.execute(
            "INSERT INTO run (id, job, body, at_ms) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET body = excluded.body",
            (run.id, run.job, run.model_dump_json(), now_ms),
        )
        replica.db.conn.execute(
            "DELETE FROM run WHERE job = ?1 AND attached_ms IS NULL AND id NOT IN "
            "(SELECT id FROM run WHERE job = ?1 ORDER BY at_ms DESC, id DESC LIMIT ?2)",
            (run.job, RUNS_KEPT),
        )


def runs_of(replica: Replica, job: str) -> list[KeptRun]:
    """Return the runs at a job, newest first."""
    rows = replica.db.conn.execute(
        "SELECT body, at_ms, attached_ms FROM run WHERE job = ? ORDER BY at_ms DESC, id DESC",
        (job,),
    )
    return [KeptRun(Run.model_validate_json(body), at, attached) for body, at, attached in rows]


def note_attached(replica: Replica, run: str, *, now_ms: int | None) -> None:
    """Note that a run has become evidence, or is none any more; in the transaction of the act."""
    replica.db.conn.execute("UPDATE run SET attached_ms = ? WHERE id = ?", (now_ms, run))


def clean(replica: Replica, *, now_ms: int) -> None:
    """Drop what a month has passed over, but nothing that waits."""
    before = (now_ms - KEPT_MS,)
    with replica.db.atomic():
        replica.db.conn.execute("DELETE FROM cpe_check WHERE ended_ms < ?", before)
        replica.db.conn.execute("DELETE FROM cpe_report WHERE at_ms < ?", before)
        replica.db.conn.execute("DELETE FROM run WHERE at_ms < ?", before)


def _checks(replica: Replica, where: str, values: tuple[Any, ...]) -> list[Check]:
    return [_check(row) for row in replica.db.conn.execute(_CHECK + where, values)]


def _check(row: tuple[Any, ...]) -> Check:
    check, job, equipment, wanted, made_ms, told, problem, ended_ms = row
    asked = json.loads(wanted)
    act = Act(asked["act"]) if asked["act"] else None
    return Check(
        check,
        job,
        equipment,
        Wanted(**{**asked, "act": act}),
        made_ms,
        CpeAct.model_validate_json(told) if told else None,
        problem,
        ended_ms,
    )


def _write(replica: Replica, statement: str, values: tuple[Any, ...]) -> None:
    with replica.db.atomic():
        replica.db.conn.execute(statement, values)
