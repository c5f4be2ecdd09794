"""The one result schema, its words, and the profiles of job types."""

import pytest

from field_core.cpe.model import Grade
from field_core.diagnosis import (
    ABSENCES,
    PROFILES,
    QUANTITIES,
    Absence,
    Probe,
    Result,
    Run,
    Target,
    profile_of,
)
from field_core.diagnosis.quantities import METHODS, PROBES, TARGETS, said, value_said
from field_core.doctypes.job import JOB_TYPE_OPTIONS
from tests.core.diagnosis.making import got, lost


def test_dx01_result_holds_value_unit_grade_limit_source_method_and_time() -> None:
    made = got(
        "loss", 2, details={"sent": 20}, source="192.168.1.1", method="icmp",
        measured_at="2026-11-21T18:00:00.000000Z",
    )  # fmt: skip

    assert made.model_dump(mode="json") == {
        "probe": "ping",
        "quantity": "loss",
        "target": "gateway",
        "value": 2,
        "unit": None,
        "grade": "watch",
        "limit": 0,
        "limit_source": "own",
        "source": "192.168.1.1",
        "method": "icmp",
        "measured_at": "2026-11-21T18:00:00.000000Z",
        "absence": None,
        "details": {"sent": 20},
        "series": [],
    }


def test_run_is_the_same_after_a_trip_as_json() -> None:
    run = Run(
        id="r1",
        profile="full",
        started_at="2026-11-21T18:00:00.000000Z",
        results=[got("latency", 1.5, series=((0.0, 1.4), (0.2, 1.6))), lost("hops", "platform")],
        raw={"trace": [1, 2]},
    )

    assert Run.model_validate_json(run.model_dump_json()) == run
    assert run.model_dump(mode="json")["schema"] == "diagnostic-run/1"


def test_run_finds_results_by_probe_quantity_and_target() -> None:
    near, far = got("latency", 1.0), got("latency", 9.0, Target.SERVER)
    run = Run(id="r1", profile="full", started_at="", results=[near, far])

    assert run.find("latency") == near
    assert run.find("latency", Target.SERVER) == far
    assert run.find("jitter") is None
    assert run.of(Probe.PING) == [near, far]
    assert run.of(Probe.DNS) == []


@pytest.mark.parametrize(
    ("result", "fr", "en"),
    [
        (got("latency", 12.345), "12,35 ms", "12.35 ms"),
        (got("loss", 2, details={"sent": 20}), "2 sur 20", "2 of 20"),
        (got("wan-status", "connected"), "connected", "connected"),
        (got("hops", 4), "4", "4"),
        (
            Result(probe=Probe.TRACE, quantity="hops", target=Target.PUBLIC),
            "—",
            "—",
        ),
        (
            lost("hops", "not-connected"),
            "Impossible ici : cet appareil n’est relié à aucun réseau.",
            "Not possible here, because this device is on no network.",
        ),
        (
            lost("optical-rx", "offline"),
            "Sera fait de lui-même au retour de la connexion.",
            "Will run by itself when online.",
        ),
    ],
)
def test_value_or_the_reason_for_none_is_said(result: Result, fr: str, en: str) -> None:
    assert (value_said(result, "fr"), value_said(result, "en")) == (fr, en)


def test_t13_what_waits_for_the_network_is_no_failure() -> None:
    assert [code for code in ABSENCES if Absence(code=code).is_later] == ["offline", "queued"]


def test_reason_names_what_it_is_about() -> None:
    absence = Absence(code="platform", details={"system": "iOS"})

    assert absence.said("en") == "this system does not tell an application (iOS)"


def test_every_probe_target_and_quantity_has_words_in_both_languages() -> None:
    assert set(PROBES) == set(Probe)
    assert set(TARGETS) == set(Target)
    assert said(PROBES[Probe.DNS], "fr") == "Noms (DNS)"
    assert said(METHODS["icmp"], "en") == "ICMP echo"
    assert QUANTITIES["hops"].said("fr") == "Nombre de sauts"
    assert QUANTITIES["hops"].said("en") == "Hops"
    assert {quantity.probe for quantity in QUANTITIES.values()} >= set(Probe) - {Probe.ACS}


def test_value_without_limits_has_no_grade() -> None:
    assert got("hops", 30).grade is None
    assert got("wifi-signal", "?", Target.DEVICE).grade is None
    assert got("wifi-signal", -60, Target.DEVICE).grade is Grade.OK


@pytest.mark.parametrize("job_type", JOB_TYPE_OPTIONS.split("\n"))
def test_every_job_type_has_a_profile(job_type: str) -> None:
    assert profile_of(job_type).name in PROFILES


def test_run_without_a_job_makes_every_probe_of_the_device_once() -> None:
    probes = profile_of(None).probes

    assert set(probes) == set(Probe) - {Probe.ACS}
    assert len(probes) == len(set(probes))
