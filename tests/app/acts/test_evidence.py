"""A run as evidence on its job: readings, a redacted file, and the answer to a step (T-12)."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from field_app.compose.asking import MachineEntry
from field_app.ports import StepRow
from field_app.saying import Sentence
from field_app.state.diagnostics.evidence import answer_for, evidence_of
from field_app.sync.acts import done
from field_app.sync.checking import rows
from field_app.sync.sentences import sentence_of
from field_core import checklist, signing
from field_core.diagnosis import Probe, Run, Target
from field_core.operations import Operation, to_json
from field_core.problems import Problem
from field_core.status import JobStatus
from tests.app.at_work import LocalAccount
from tests.app.diagnosed import GOOD, READING, result, run_of, visit
from tests.app.entry.hands import machine, synced
from tests.app.serving import MARC, PASSWORD, serving

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


# --- taken off again


def verdicts(account: LocalAccount, job: str) -> set[object]:
    readings = account.body(job).get("readings") or []
    assert isinstance(readings, list)
    return {row.get("verdict") for row in readings if isinstance(row, dict)}


def attached_ms(account: LocalAccount, job: str) -> int | None:
    return rows.runs_of(account.replica, job)[0].attached_ms


def put_on(account: LocalAccount, job: str) -> tuple[Run, Sequence[Operation]]:
    run = level(-20.0).model_copy(update={"job": job})
    rows.keep_run(account.replica, run, now_ms=1)
    return run, done(account.acts.attach_run(job, run.id, evidence_of(run, step=ROW)))


def test_evidence_that_never_left_goes_without_a_trace(here: tuple[LocalAccount, str]) -> None:
    account, job = here
    before = account.body(job)
    run, made = put_on(account, job)

    assert done(account.acts.detach_run(run.id, made)) == []

    assert (account.body(job), attached_ms(account, job)) == (before, None)
    assert account.replica.outbox.entries() == []
    assert account.replica.db.conn.execute("SELECT * FROM blob").fetchall() == []


def test_evidence_that_left_is_struck_out_and_its_step_put_back(
    here: tuple[LocalAccount, str],
) -> None:
    account, job = here
    run, made = put_on(account, job)
    account.replica.offer(100)

    undone = done(account.acts.detach_run(run.id, made))

    (step,) = checklist.steps_of(account.body(job))
    assert (step.get("value"), bool(step.get("done"))) == (None, False)
    assert (verdicts(account, job), attached_ms(account, job)) == ({"withdrawn"}, None)
    assert len(undone) == 2
    facts = signing.facts_of(account.body(job), "fr")
    assert facts["readings"] == [], "nobody signs for what was taken off"


def test_evidence_taken_off_can_be_put_on_again(here: tuple[LocalAccount, str]) -> None:
    account, job = here
    run, made = put_on(account, job)
    account.replica.offer(100)
    done(account.acts.detach_run(run.id, made))

    attached(account, job, run)

    assert attached_ms(account, job) is not None
    assert "withdrawn" in verdicts(account, job)
    assert len(verdicts(account, job)) > 1


def test_evidence_whose_step_was_answered_anew_stays(here: tuple[LocalAccount, str]) -> None:
    account, job = here
    run, made = put_on(account, job)
    account.replica.offer(100)
    done(account.acts.do_step(job, READING, -19.0))

    assert account.acts.detach_run(run.id, made) == Problem("changed-since")
    assert "withdrawn" not in verdicts(account, job)
    assert attached_ms(account, job) is not None


def test_evidence_taken_off_is_told_in_words(here: tuple[LocalAccount, str]) -> None:
    account, job = here
    run, made = put_on(account, job)
    account.replica.offer(100)
    struck, _ = done(account.acts.detach_run(run.id, made))

    told = sentence_of(to_json(struck), "Dispatch Job", account.body(job))

    assert told == Sentence("said.readings.withdrawn")


async def test_evidence_taken_off_is_struck_out_at_the_server(tmp_path: Path) -> None:
    """Even online, where it leaves at once, ten seconds are ten seconds."""
    entry = MachineEntry(machine(tmp_path))
    with serving(tmp_path / "server") as office:
        office.add_people()
        job = office.job(1)
        account = await entry.sign_in(office.url, MARC, PASSWORD)
        await synced(account)
        run = level(-20.0)
        made = await account.edit(lambda a: a.attach_run(job, run.id, evidence_of(run)))
        await synced(account)

        await account.edit(lambda a: a.detach_run(run.id, made))
        await synced(account)
        await entry.close()

        readings = office.body(job)["readings"]
        assert isinstance(readings, list)
        assert {row["verdict"] for row in readings if isinstance(row, dict)} == {"withdrawn"}


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
