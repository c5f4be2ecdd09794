"""A run as evidence on its job: readings, a redacted file, and the answer to a step (T-12)."""

import json
from pathlib import Path

import pytest

from field_app.ports import StepRow
from field_app.state.diagnostics.evidence import answer_for, evidence_of
from field_app.sync.acts import done
from field_app.sync.checking import rows
from field_core import checklist
from field_core.diagnosis import Probe, Run, Target
from field_core.problems import Problem
from field_core.status import JobStatus
from tests.app.at_work import LocalAccount
from tests.app.diagnosed import GOOD, READING, result, run_of, visit

ROW = StepRow(1, READING, "s5", "reading", "Niveau", "Level", True, True, False, unit="dBm")  # noqa: FBT003 - flags of a row


def level(dbm: float) -> Run:
    return run_of(result("optical-rx", dbm, "dBm", probe=Probe.SNMP, target=Target.GATEWAY))


def attached(account: LocalAccount, job: str, run: Run) -> None:
    done(account.acts.attach_run(job, run.id, evidence_of(run, step=ROW)))


@pytest.fixture
def here(tmp_path: Path) -> tuple[LocalAccount, str]:
    account, job, _ = visit(tmp_path)
    return account, job


def test_run_becomes_readings_and_one_file_in_one_act(here: tuple[LocalAccount, str]) -> None:
    account, job = here
    run = run_of(*GOOD)

    made = done(account.acts.attach_run(job, run.id, evidence_of(run)))

    readings = account.body(job)["readings"]
    assert isinstance(readings, list)
    whole, *levels = [row for row in readings if isinstance(row, dict)]
    assert whole["quantity"] == "diagnostic-run"
    assert {row["quantity"] for row in levels} >= {"latency", "loss", "throughput-down"}
    assert {row["sha256"] for row in levels} == {whole["sha256"]}
    assert len(made) == len(readings)


def test_file_holds_the_run_without_its_secrets(here: tuple[LocalAccount, str]) -> None:
    account, job = here

    attached(account, job, run_of(*GOOD))

    ((sha256, role),) = account.replica.db.conn.execute("SELECT sha256, role FROM blob")
    content = account.blobs.path(sha256).read_bytes()
    assert role == "reading"
    assert json.loads(content)["raw"] == {"hops": ["192.0.2.1"]}
    assert b"DO-NOT-LEAK" not in content


@pytest.mark.parametrize(
    ("dbm", "outcome"),
    [(-24.1, "done"), (-27.6, "failed"), (-6.5, "failed")],
    ids=["T-12 pass", "T-12 below the limit", "T-12 overload"],
)
def test_level_fills_the_step_s_reading(
    here: tuple[LocalAccount, str], dbm: float, outcome: str
) -> None:
    account, job = here

    attached(account, job, level(dbm))

    body = account.body(job)
    (step,) = checklist.steps_of(body)
    assert (step["value"], bool(step["done"])) == (dbm, outcome == "done")
    assert checklist.is_failed(step) is (outcome == "failed")
    assert bool(checklist.missing(body)) is (outcome == "failed")


def test_failed_level_keeps_the_job_from_being_complete_and_lets_it_be_closed(
    here: tuple[LocalAccount, str],
) -> None:
    """T-12."""
    account, job = here
    attached(account, job, level(-27.6))

    refused = account.acts.move(job, JobStatus.COMPLETED)
    closed = account.acts.close_incomplete(job, "Niveau trop faible")

    assert isinstance(refused, Problem)
    assert refused.code == "steps-missing"
    assert not isinstance(closed, Problem)


def test_run_is_noted_as_attached(here: tuple[LocalAccount, str]) -> None:
    account, job = here
    run = level(-20.0).model_copy(update={"job": job})
    rows.keep_run(account.replica, run, now_ms=1)

    attached(account, job, run)

    assert rows.runs_of(account.replica, job)[0].attached_ms is not None


def test_station_that_is_well_is_no_reading_of_the_job() -> None:
    good = result("client-signal", -50.0, "dBm", probe=Probe.ACS, details={"name": "a"})
    weak = result("client-signal", -80.0, "dBm", probe=Probe.ACS, details={"name": "b"})

    levels = evidence_of(run_of(good, weak)).levels

    assert [(one.value, one.verdict) for one in levels] == [(-80.0, "bad")]
    assert "b" in levels[0].source


@pytest.mark.parametrize(
    ("unit", "kind", "value"),
    [("dBm", "reading", -18.2), ("Mbit/s", "number", 512.0), ("ms", "number", 4.0),
     ("m", "number", None), ("dBm", "text", None)],
)  # fmt: skip
def test_step_is_answered_by_its_unit(unit: str, kind: str, value: float | None) -> None:
    row = StepRow(1, "r", "s", kind, "", "", True, True, False, unit=unit)  # noqa: FBT003 - flags of a row

    found = answer_for(row, GOOD)

    assert (found.value if found else None) == value
