"""`field-app diagnose`: the verdict first, the whole run as JSON, an exit code scripts can use."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from field_app.diagnostics import runner
from field_app.diagnostics.kit import Grant
from field_app.diagnostics.visit import Visit
from field_core.canon import Body
from field_core.diagnosis import Absence, Probe, Result, Run, Target
from tests.app.commands import Cli, commands
from tests.app.serving import MARC, PASSWORD, Office, key, serving, today

seen: list[Visit] = []


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with serving(tmp_path_factory.mktemp("server")) as made:
        made.add_people()
        made.put(key(2000), "Item", {"download_speed": 500, "olt_profile": "rural"}, "FTTH-500")
        made.put(
            key(3000),
            "Service Subscription",
            {"plan": "FTTH-500", "download_speed": 500, "upload_speed": 100},
            "SUB-00001",
        )
        made.job(1, job_type="Install", service_subscription="SUB-00001")
        noted: Body = {"kind": "reading", "unit": "dBm", "done": True, "value": "-19.5"}
        made.put(
            key(4000),
            "Dispatch Job",
            {
                "job_type": "Install",
                "status": "Completed",
                "service_location": "LOC-00001",
                "assigned_technician": "DT-00001",
                "scheduled_date": today(),
                "checklist": [noted],
            },
            "DJ-04000",
        )
        yield made


@pytest.fixture(autouse=True)
def _staged(monkeypatch: pytest.MonkeyPatch) -> None:
    """The probes themselves are tried elsewhere: here two of them tell something."""
    seen.clear()

    def ping(visit: Visit) -> list[Result]:
        seen.append(visit)
        return [visit.result("latency", 2.0, source="192.168.1.1", method="icmp")]

    def dns(visit: Visit) -> list[Result]:
        return [visit.result("dns-time", 9.0, target=Target.PUBLIC, method="dns-udp")]

    work: dict[Probe, runner.Work] = {Probe.PING: ping, Probe.DNS: dns}
    staged = {p: (work.get(p, lambda _: []), g, t) for p, (_, g, t) in runner._WORK.items()}  # noqa: SLF001 - what is staged
    monkeypatch.setattr(runner, "_WORK", staged)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, office: Office) -> Cli:
    return commands(tmp_path, monkeypatch, office.url)


@pytest.fixture
def signed_in(run: Cli) -> Cli:
    assert run("sign-in", MARC, "--password-stdin", stdin=PASSWORD + "\n") == 0
    assert run("sync") == 0
    return run


def test_dx08_run_needs_neither_account_nor_server(
    run: Cli, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("diagnose", "--profile", "quick") == 0

    lines = capsys.readouterr().out.splitlines()
    said = lines[lines.index("") + 1 :]
    assert said[0] == "Tout ce qui a été mesuré est bon."
    assert said[1] == "À faire : Garder la preuve et fermer l’étape."
    assert any("Latence (médiane)" in line and "écho ICMP" in line for line in said)


def test_run_is_said_in_english_too(run: Cli, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("diagnose", "--profile", "quick", "--lang", "en") == 0

    assert "Everything measured is good." in capsys.readouterr().out


def test_run_as_json_is_the_schema_that_screens_and_server_share(
    run: Cli, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("diagnose", "--json") == 0

    told = Run.model_validate(json.loads(capsys.readouterr().out))
    assert told.profile == "full"
    assert [result.quantity for result in told.results] == ["dns-time", "latency"]


def test_fault_ends_with_1(
    run: Cli, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def alone(visit: Visit) -> list[Result]:
        return [visit.absent("gateway-address", Absence(code="not-connected"))]

    staged = {p: (alone, g, t) for p, (_, g, t) in runner._WORK.items()}  # noqa: SLF001 - what is staged
    monkeypatch.setattr(runner, "_WORK", staged)

    assert run("diagnose") == 1
    assert "Cet appareil n’est relié à aucun réseau." in capsys.readouterr().out


def test_job_gives_the_profile_the_plan_and_the_olt_profile(
    signed_in: Cli, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert signed_in("diagnose", "--job", "dj-00001", "--json") == 0

    told = json.loads(capsys.readouterr().out)
    order = seen[0].order
    assert (told["profile"], told["job"]) == ("proof", "DJ-00001")
    assert (order.plan_down_mbps, order.plan_up_mbps, order.olt_profile) == (500.0, 100.0, "rural")
    assert order.baseline_rx_dbm == -19.5


def test_job_that_is_not_here_is_refused(signed_in: Cli) -> None:
    assert signed_in("diagnose", "--job", "DJ-99999") == 3


def test_account_that_is_signed_in_gets_leave_to_measure(signed_in: Cli, office: Office) -> None:
    granted: list[Grant | Absence] = []

    def asks(visit: Visit) -> list[Result]:
        granted.append(visit.kit.grant())
        return []

    runner._WORK[Probe.THROUGHPUT] = (asks, (), 10.0)  # noqa: SLF001 - staged, and put back after
    assert signed_in("diagnose") == 0

    (grant,) = granted
    assert isinstance(grant, Grant)
    assert (grant.url, grant.streams) == (f"{office.url}/v1/throughput", 4)
    assert seen[0].kit.places.server == office.url
