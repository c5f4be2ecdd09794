"""A visit to diagnose: an ONT at the address, runs as a test says they went, the office's word."""

import json
from pathlib import Path
from typing import Any, Final

from field_core.canon import Body
from field_core.cpe import judge, normalise
from field_core.cpe.report import CpeReport
from field_core.diagnosis import (
    Event,
    Judged,
    Measured,
    Probe,
    ProbeEnded,
    ProbeStarted,
    Result,
    Run,
    Target,
    judge_run,
)
from field_core.diagnosis.judging import graded
from tests.app.at_work import LocalAccount

DEVICES: Final = Path(__file__).parents[1] / "fixtures" / "cpe" / "devices"
START, END = "2026-04-27T13:00:00.000000Z", "2026-04-27T13:00:20.000000Z"
READING: Final = "step-reading"


def result(quantity: str, value: Any, unit: str | None = None, **more: Any) -> Result:  # noqa: ANN401 - any value
    probe = more.pop("probe", Probe.PING)
    target = more.pop("target", Target.SERVER)
    found = Result(
        probe=probe, quantity=quantity, target=target, value=value, unit=unit,
        method="icmp", measured_at=START, **more,
    )  # fmt: skip
    return graded(found)


GOOD: Final = (
    result("latency", 4.0, "ms", series=((0.0, 4.0), (1.0, 5.0), (2.0, 4.0))),
    result("loss", 0, details={"sent": 20}),
    result("throughput-down", 512.0, "Mbit/s", probe=Probe.THROUGHPUT),
    result("optical-rx", -18.2, "dBm", probe=Probe.SNMP, target=Target.GATEWAY),
)
SLOW: Final = (result("latency", 80.0, "ms"), result("loss", 5, details={"sent": 20}))


def run_of(*results: Result, number: str = "run-1", job: str | None = None) -> Run:
    return Run(
        id=number, profile="full", job=job, started_at=START, ended_at=END, took_s=20.0,
        results=[*results], verdicts=judge_run(results),
        raw={"hops": ["192.0.2.1"], "password": "DO-NOT-LEAK"},
    )  # fmt: skip


def told(*results: Result) -> tuple[Event, ...]:
    return (
        ProbeStarted(Probe.PING, 5.0),
        Measured(Probe.PING, 0.5, results[:1]),
        ProbeEnded(Probe.PING, results),
        Judged(tuple(judge_run(results))),
    )


def step(low: float = -27.0, high: float = -8.0, **more: Any) -> Body:  # noqa: ANN401 - members of a step
    """The reading of T-12."""
    return {
        "id": READING, "step": "s5", "kind": "reading", "label_fr": "Niveau optique reçu",
        "label_en": "Optical receive level", "required": True, "unit": "dBm",
        "min_value": low, "max_value": high, **more,
    }  # fmt: skip


def visit(folder: Path) -> tuple[LocalAccount, str, str]:
    """Return an account with a job whose address has an ONT, its key, and the ONT's."""
    account = LocalAccount(folder / "blobs")
    job = account.has_job(
        1, status="On Site", job_type="Repair", service_location="LOC-00001", checklist=[step()]
    )
    ont: Body = {
        "name": "EQP-00001", "equipment_type": "ONT", "model": "TP-Link XX230v",
        "status": "Installed", "mac_address": "1C:61:B4:10:20:30",
        "service_location": "LOC-00001", "installed_on": "2025-08-09",
    }  # fmt: skip
    return account, job, account.arrives(5, ont, "Service Equipment")


def report(equipment: str, name: str = "dev_tplink_xx230v_deco_ok", **more: Any) -> Body:  # noqa: ANN401 - members of a report
    """Return what the server says of a recorded device, as it crosses the wire."""
    document = json.loads((DEVICES / f"{name}.json").read_text("utf-8"))
    one = document[0] if isinstance(document, list) else document
    snapshot = normalise(one, now="2026-11-20T23:21:00Z")
    whole = CpeReport(
        equipment=equipment,
        read_at="2026-11-20T23:21:00Z",
        snapshot=snapshot,
        verdicts=judge(snapshot),
        **more,
    )
    body: Body = whole.model_dump(mode="json", exclude_defaults=True)
    return body


def act(number: str, state: str, **more: Any) -> Body:  # noqa: ANN401 - members of an act
    return {"id": number, "act": "refresh", "state": state, "asked_at": START, **more}
